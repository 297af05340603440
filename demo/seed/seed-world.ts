import { emptyAccount, type World } from '../world/world.ts';

/** The seeded world: Tidewater Foods, a small company with good and bad containers. */
export function seedWorld(now: Date = new Date()): World {
  return { now, accounts: [emptyAccount('111122223333', 'tidewater-foods', ['us-east-1', 'eu-west-1'])] };
}
