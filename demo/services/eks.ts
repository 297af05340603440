import type { Service } from '../service.ts';
import { accessOperations } from './eks-access.ts';
import { eksClusterOperations } from './eks-clusters.ts';
import { eksNodeOperations } from './eks-nodes.ts';
import { eksWriteOperations } from './eks-writes.ts';

export const eks: Service = {
  signingName: 'eks',
  protocol: 'rest-json',
  invalidInputCode: 'InvalidParameterException',
  operations: [...eksClusterOperations, ...eksNodeOperations, ...accessOperations, ...eksWriteOperations],
};
