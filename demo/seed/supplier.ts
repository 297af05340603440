import { type AccountState, emptyAccount, type RegionState } from '../world/world.ts';
import { ecsCluster } from './ecs-clusters.ts';
import { revisionsOf } from './ecs-revisions.ts';
import { privateNetwork, service } from './ecs-services.ts';
import { tasksOf } from './ecs-tasks.ts';
import { eksCluster, seedEksVersions } from './eks-clusters.ts';
import { release } from './images.ts';
import { seedNetwork } from './network.ts';
import { repository } from './repositories.ts';
import { hubOf } from './security.ts';
import { goodContainer, taskDefinition } from './task-definition.ts';
import { externalId, imageUri, publishRole, readRole, roleArn, supplierAccount } from './tidewater.ts';

/** The supplier's account: small, reachable only by role and external id, with no GuardDuty at all. */
export function seedSupplier(now: Date): AccountState {
  const account = emptyAccount(supplierAccount, 'tidewater-suppliers', ['us-east-1', 'eu-west-1']);
  account.roles.push({ name: readRole, externalId }, { name: publishRole, externalId });
  for (const region of account.regions) {
    region.security.hub = hubOf(account.id, region.name);
    seedNetwork(region, account.id);
    region.ecr.pullTimeExclusions.push(roleArn(readRole, account.id));
    seedEksVersions(now, region);
  }
  const usEast1 = account.regions[0] as RegionState;
  const name = 'suppliers/edi-bridge';
  const place = { account: account.id, region: 'us-east-1' };
  usEast1.ecr.repositories.push(
    repository(account.id, 'us-east-1', name, {
      images: [release(now, name, 'v2.0.0', 18, { registryId: account.id })],
    }),
  );
  const image = imageUri(name, 'v2.0.0', 'us-east-1', account.id);
  const containerDefinitions = [goodContainer('edi-bridge', { image, user: 'root' })];
  const definitions = [taskDefinition('edi-bridge', 1, { containerDefinitions }, place)];
  const services = [
    service('suppliers', 'edi-bridge', 'edi-bridge:1', { networkConfiguration: privateNetwork }, place),
  ];
  usEast1.ecs.taskDefinitions.push(...definitions);
  usEast1.ecs.serviceRevisions.push(...revisionsOf(services, definitions));
  usEast1.eks.clusters.push(eksCluster('supplier-edge', { version: '1.34' }, {}, account.id));
  usEast1.ecs.clusters.push(
    ecsCluster('suppliers', { services, tasks: services.flatMap((one) => tasksOf(one, definitions)) }, {}, place),
  );
  return account;
}
