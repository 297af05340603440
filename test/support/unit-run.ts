import { openLedger } from '#shared/composition-root.ts';
import type { CollectedItem, Collector } from '#shared/domain/ports.ts';
import type { OutgoingMessage } from '#shared/domain/queue.ts';
import { createRegistry } from '#shared/engine/registry.ts';
import type { ScanUnitDependencies } from '#shared/use-cases/scan-unit.ts';
import { ACCOUNT } from '../factories/resource.ts';

export const TARGETS = ['us-east-1', 'eu-west-1'].map((region) => ({ accountId: ACCOUNT, region, partition: 'aws' }));

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
