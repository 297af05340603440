import { seedWorld } from '#demo/seed/seed-world.ts';
import { type DemoAccount, startDemoAccount } from '#demo/server.ts';
import { accountOf, type RegionState, regionOf } from '#demo/world/world.ts';

/** What every SDK client needs to talk to a demo account, without retries so that one call is one request. */
export interface ClientConfig {
  endpoint: string;
  region: string;
  maxAttempts: number;
  credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
}

/** Settings for SDK clients of the demo's own account. */
export function configOf(demo: DemoAccount, region = 'us-east-1'): ClientConfig {
  return {
    endpoint: demo.endpoint,
    region,
    maxAttempts: 1,
    credentials: {
      accessKeyId: demo.env.AWS_ACCESS_KEY_ID ?? '',
      secretAccessKey: demo.env.AWS_SECRET_ACCESS_KEY ?? '',
    },
  };
}

/** A demo account with the seeded world as of a fixed moment. */
export async function startSeeded(): Promise<DemoAccount> {
  return startDemoAccount({ world: seedWorld(new Date('2026-11-23T12:00:00Z')) });
}

/** A Region of the demo's own account, to look into or to change. */
export function homeRegion(demo: DemoAccount, name = 'us-east-1'): RegionState {
  const region = regionOf(accountOf(demo.world, '111122223333'), name);
  if (!region) throw new Error(`The demo account has not enabled ${name}`);
  return region;
}

/** The error a call is refused with. Fails when it is not refused. */
export async function refusal(call: Promise<unknown>): Promise<Error & { $metadata?: { httpStatusCode?: number } }> {
  try {
    await call;
  } catch (error) {
    return error as Error;
  }
  throw new Error('The call was not refused');
}
