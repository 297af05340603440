import { type AccountState, emptyAccount, type RegionState, type World } from '../world/world.ts';
import { seedEcs } from './ecs-clusters.ts';
import { seedDaemons } from './ecs-daemons.ts';
import { seedEks } from './eks.ts';
import { seedMachineImages, seedNetwork } from './network.ts';
import { seedOperations } from './operations.ts';
import { seedOrganization } from './organization.ts';
import { seedRepositories } from './repositories.ts';
import { seedRoles } from './roles.ts';
import { seedSecurity } from './security.ts';
import { seedSupplier } from './supplier.ts';
import { externalId, homeAccount, publishRole, readRole, roleArn, scannerArn } from './tidewater.ts';

/**
 * The seeded world: Tidewater Foods, a small company with good containers and bad ones, and the account of its
 * suppliers. Every practice is broken once or twice, and one resource of each kind follows all of them.
 *
 * @param now the moment from which image pushes and releases count back; all other dates are fixed
 */
export function seedWorld(now: Date = new Date()): World {
  return { now, accounts: [seedHome(now), seedSupplier(now)], organization: seedOrganization() };
}

function seedHome(now: Date): AccountState {
  const account = emptyAccount(homeAccount, 'tidewater-foods', ['us-east-1', 'eu-west-1']);
  const [usEast1, euWest1] = account.regions as [RegionState, RegionState];
  account.roles.push({ name: readRole, externalId }, { name: publishRole, externalId });
  for (const region of account.regions) {
    seedNetwork(region, account.id);
    // What the scanner pulls to look into it counts as nobody's use.
    region.ecr.pullTimeExclusions.push(scannerArn, roleArn(readRole));
  }
  seedMachineImages(now, usEast1);
  seedRepositories(now, usEast1, euWest1);
  seedEcs(usEast1, euWest1);
  seedDaemons(usEast1);
  seedEks(now, account, usEast1, euWest1);
  seedSecurity(usEast1, euWest1);
  seedOperations(now, usEast1, euWest1);
  account.publicRepositories.push({
    repositoryArn: `arn:aws:ecr-public::${homeAccount}:repository/tidewater-samples`,
    registryId: homeAccount,
    repositoryName: 'tidewater-samples',
    repositoryUri: 'public.ecr.aws/t1dewater/tidewater-samples',
    createdAt: new Date('2025-01-15T09:00:00Z'),
  });
  seedRoles(account);
  return account;
}
