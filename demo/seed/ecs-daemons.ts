import type { RegionState } from '../world/world.ts';
import { homeAccount, idOf, network, roleArn } from './tidewater.ts';

const arn = `arn:aws:ecs:us-east-1:${homeAccount}`;

/**
 * A fleet of managed instances with a privileged agent on each: neither a service nor a task definition, so a scanner
 * that reads only those never sees it.
 */
export function seedDaemons({ ecs }: RegionState): void {
  const at = new Date('2026-09-01T08:00:00Z');
  const clusterArn = `${arn}:cluster/harbor-fargate`;
  const daemonArn = `${arn}:daemon/harbor-fargate/node-watch`;
  const capacityProviderArn = `${arn}:capacity-provider/managed-fleet`;
  const daemonTaskDefinitionArn = `${arn}:daemon-task-definition/node-watch:2`;
  const daemonRevisionArn = `${arn}:daemon-revision/harbor-fargate/node-watch/${Number.parseInt(idOf(daemonArn, 12), 16)}`;
  ecs.capacityProviders.push({
    name: 'managed-fleet',
    capacityProviderArn,
    cluster: 'harbor-fargate',
    status: 'ACTIVE',
    type: 'MANAGED_INSTANCES',
    managedInstancesProvider: {
      infrastructureRoleArn: roleArn('ecsInfrastructureRole'),
      instanceLaunchTemplate: {
        ec2InstanceProfileArn: `arn:aws:iam::${homeAccount}:instance-profile/ecsManagedInstance`,
        networkConfiguration: { subnets: network.privateSubnets, securityGroups: [network.nodeGroup] },
      },
    },
  });
  ecs.daemons.push({
    daemonArn,
    clusterArn,
    status: 'ACTIVE',
    createdAt: at,
    updatedAt: at,
    currentRevisions: [
      {
        arn: daemonRevisionArn,
        capacityProviders: [{ arn: capacityProviderArn, runningCount: 2, withoutDaemonCount: 0 }],
        totalRunningCount: 2,
        totalWithoutDaemonCount: 0,
      },
    ],
  });
  const image = 'quay.io/tidewater/node-watch:1.4';
  ecs.daemonRevisions.push({
    daemonRevisionArn,
    daemonArn,
    clusterArn,
    daemonTaskDefinitionArn,
    createdAt: at,
    containerImages: [{ containerName: 'watch', image }],
    enableExecuteCommand: false,
  });
  ecs.daemonTaskDefinitions.push({
    daemonTaskDefinitionArn,
    family: 'node-watch',
    revision: 2,
    status: 'ACTIVE',
    registeredAt: at,
    registeredBy: roleArn('deployer'),
    cpu: '128',
    memory: '256',
    executionRoleArn: roleArn('ecsTaskExecutionRole'),
    containerDefinitions: [{ name: 'watch', image, privileged: true, user: 'root', essential: true }],
    volumes: [{ name: 'proc', host: { sourcePath: '/proc' } }],
  });
}
