import type { Service } from '../service.ts';
import { contentOperations } from './ecr-contents.ts';
import { imageOperations } from './ecr-images.ts';
import { registryOperations } from './ecr-registry.ts';
import { repositoryOperations } from './ecr-repositories.ts';
import { ecrWriteOperations } from './ecr-writes.ts';

export const ecr: Service = {
  signingName: 'ecr',
  protocol: 'json',
  invalidInputCode: 'InvalidParameterException',
  operations: [
    ...registryOperations,
    ...repositoryOperations,
    ...imageOperations,
    ...contentOperations,
    ...ecrWriteOperations,
  ],
};
