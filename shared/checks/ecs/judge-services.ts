import type { ResourceByType } from '../../domain/resource.ts';

export type Service = ResourceByType['AwsEcsService'];

/**
 * True when the service's tasks have network interfaces of their own, which is what public addresses and security
 * groups of a service apply to. A network configuration is accepted with the awsvpc mode only.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_NetworkConfiguration.html
 */
export function hasOwnInterface(service: Service): boolean {
  if (service.networkMode !== undefined) return service.networkMode === 'awsvpc';
  return service.subnetIds.length > 0 || service.assignPublicIp !== undefined;
}

/** True for the rolling and built-in blue/green deployments: the others keep revisions and networks in task sets. */
export function isDeployedByEcs(service: Service): boolean {
  return service.deploymentController === 'ECS';
}

/** True when a deployment of the service still has tasks besides the primary one's. */
export function isRollingOut(service: Service): boolean {
  return service.deployments.some((deployment) => deployment.status !== 'PRIMARY' && deployment.runningCount > 0);
}
