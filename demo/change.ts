import { Analyst } from './change/analyst.ts';
import type { ChangePlace } from './change/cloud-trail.ts';
import { DetectionChanges } from './change/detection.ts';
import { RepositoryChanges } from './change/repositories.ts';
import { ServiceChanges } from './change/services.ts';
import type { DemoAccount } from './server.ts';
import { type AccountState, regionOf } from './world/world.ts';

/** Everything that may happen in the demo account while it is watched. */
export interface Changes {
  services: ServiceChanges;
  repositories: RepositoryChanges;
  detection: DetectionChanges;
  analyst: Analyst;
}

/**
 * The hands of the customer in the demo's own account: each change of the world posts the events that AWS would send.
 *
 * @throws Error for a Region that the account has not enabled
 */
export function changesIn(
  { world, bus, now }: Pick<DemoAccount, 'world' | 'bus' | 'now'>,
  name = 'us-east-1',
): Changes {
  const account = world.accounts[0] as AccountState;
  const region = regionOf(account, name);
  if (!region) throw new Error(`The demo account has not enabled ${name}`);
  const place: ChangePlace = { account, region, bus, now };
  return {
    services: new ServiceChanges(place),
    repositories: new RepositoryChanges(place),
    detection: new DetectionChanges(place),
    analyst: new Analyst(place, 'mira'),
  };
}
