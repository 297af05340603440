import { openLedger } from '#shared/composition-root.ts';
import type { CollectedItem, Collector } from '#shared/domain/ports.ts';
import type { OutgoingMessage } from '#shared/domain/queue.ts';
import { createRegistry } from '#shared/engine/registry.ts';
import type { AccountsInScope } from '#shared/use-cases/accounts-in-scope.ts';
import { openAccount } from '#shared/use-cases/open-account.ts';
import { accountMessageSchema, type UnitMessage, unitMessageSchema } from '#shared/use-cases/run-messages.ts';
import type { ScanUnitDependencies } from '#shared/use-cases/scan-unit.ts';
import { ACCOUNT } from '../factories/resource.ts';

export const TARGETS = ['us-east-1', 'eu-west-1'].map((region) => ({ accountId: ACCOUNT, region, partition: 'aws' }));

/** The one account of the tests, as a plan finds it. */
export const IN_SCOPE: AccountsInScope = {
  accounts: [{ accountId: ACCOUNT, partition: 'aws', source: {} }],
  leftOut: [],
};

/** A queue that remembers what was sent. */
export class RecordedQueue {
  readonly sent: OutgoingMessage[] = [];

  async send(messages: readonly OutgoingMessage[]): Promise<void> {
    this.sent.push(...messages);
  }

  get bodies(): readonly unknown[] {
    return this.sent.map(({ body }) => body);
  }
}

/** A collector that finds nothing, completely, and calls nothing. */
export function emptyCollector(
  service: string,
  facts: Partial<Pick<Collector, 'producesFacts' | 'needsFacts'>> = {},
  collect: Collector['collect'] = nothing,
): Collector {
  return { service, resourceTypes: [], permissions: [], producesFacts: [], needsFacts: [], ...facts, collect };
}

async function* nothing(): AsyncGenerator<CollectedItem> {}

export type TestRun = ScanUnitDependencies & {
  readonly unitQueue: RecordedQueue;
  readonly finishQueue: RecordedQueue;
  /** Moves the clock. */
  advance(seconds: number): void;
};

/** What a use case needs, with a ledger in memory, recorded queues, and collectors that find nothing. */
export async function testRun(overrides: Partial<ScanUnitDependencies> = {}): Promise<TestRun> {
  let now = new Date('2026-11-23T12:00:00.000Z');
  const clock = () => now;
  return {
    ledger: await openLedger(':memory:', clock),
    registry: createRegistry([]),
    collectors: [
      emptyCollector('first', { producesFacts: ['ecs-cluster'] }),
      emptyCollector('second', { needsFacts: ['ecs-cluster'] }),
    ],
    parameters: {},
    toolVersion: '0.0.0-test',
    serviceOf: () => undefined,
    sinks: [],
    keepAliveDays: 30,
    factMaxAgeSeconds: 3600,
    targets: TARGETS,
    clientFor: () => {
      throw new Error('nothing is asked of AWS here');
    },
    classify: async () => ({ detections: [], length: 0, keyedHash: '' }),
    now: clock,
    remainingMs: () => 900_000,
    ...overrides,
    unitQueue: new RecordedQueue(),
    finishQueue: new RecordedQueue(),
    advance(seconds) {
      now = new Date(now.getTime() + seconds * 1000);
    },
  };
}

/** The messages that wait for `scan`: those that begin an account are handled at once, in the regions of the tests. */
export async function unitsOf(run: TestRun, targets = TARGETS): Promise<UnitMessage[]> {
  const units: UnitMessage[] = [];
  for (let sent = run.unitQueue.sent.splice(0); sent.length > 0; sent = run.unitQueue.sent.splice(0)) {
    for (const { body } of sent) {
      const account = accountMessageSchema.safeParse(body);
      if (!account.success) units.push(unitMessageSchema.parse(body));
      else {
        const planAccount = async (accountId: string) => ({
          targets: targets.filter((target) => target.accountId === accountId),
          excluded: [],
        });
        await openAccount(account.data, { ...run, planAccount });
      }
    }
  }
  return units;
}
