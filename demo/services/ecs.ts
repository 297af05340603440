import type { Service } from '../service.ts';
import { clusterOperations } from './ecs-clusters.ts';
import { daemonOperations } from './ecs-daemons.ts';
import { serviceOperations } from './ecs-services.ts';
import { taskDefinitionOperations } from './ecs-task-definitions.ts';
import { taskOperations } from './ecs-tasks.ts';

export const ecs: Service = {
  signingName: 'ecs',
  protocol: 'json',
  invalidInputCode: 'InvalidParameterException',
  operations: [
    ...clusterOperations,
    ...serviceOperations,
    ...taskOperations,
    ...taskDefinitionOperations,
    ...daemonOperations,
  ],
};
