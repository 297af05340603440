import { setTimeout } from 'node:timers/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Ledger, LedgerScope } from '#shared/domain/ledger.ts';
import type { DigestingSink } from '#shared/use-cases/digest-facts.ts';
import { finishRun } from '#shared/use-cases/finish.ts';
import { planRun } from '#shared/use-cases/plan.ts';
import { finishMessageSchema } from '#shared/use-cases/run-messages.ts';
import { scanUnit } from '#shared/use-cases/scan-unit.ts';
import { IN_SCOPE, type TestRun, testRun, unitsOf } from '#test/support/unit-run.ts';

const SCOPES = 500;

/** Counts what is read of a ledger, each answer of which takes a while. */
class WatchedLedger {
  readonly walked = new Map<string, number>();
  most = 0;
  #running = 0;

  on(ledger: Ledger): Ledger {
    const rowsOfScope = (scope: LedgerScope) => this.#rowsOfScope(ledger, scope);
    return new Proxy(ledger, {
      get(target, name: keyof Ledger) {
        const value = name === 'rowsOfScope' ? rowsOfScope : target[name];
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
  }

  async *#rowsOfScope(ledger: Ledger, scope: LedgerScope) {
    const name = [scope.accountId, scope.region, scope.service].join(' ');
    this.walked.set(name, (this.walked.get(name) ?? 0) + 1);
    this.#running += 1;
    this.most = Math.max(this.most, this.#running);
    await setTimeout(1);
    this.#running -= 1;
    yield* ledger.rowsOfScope(scope);
  }
}

/** A digest of every run: it says what is open everywhere. */
const digest: DigestingSink = {
  name: 'digest',
  permissions: [],
  routes: ['default'],
  tellsEveryRun: true,
  routeOf: () => 'default',
  mayTakeFrom: () => true,
  publish: async () => ({ sink: 'digest', published: 0, rejected: [], notPublished: [] }),
  publishDigest: async () => ({ sink: 'digest', published: 1, rejected: [], notPublished: [] }),
};

describe('the end of a run', () => {
  const watched = new WatchedLedger();
  let run: TestRun;

  beforeAll(async () => {
    run = await testRun({ sinks: [digest] });
    await planRun('run-1', IN_SCOPE, { ...run, phases: 2, deadlineSeconds: 7200 });
    run.finishQueue.sent.splice(0);
    for (let units = await unitsOf(run); units.length > 0; units = await unitsOf(run)) {
      for (const unit of units) await scanUnit(unit, run);
    }
    const at = run.now().toISOString();
    for (let index = 0; index < SCOPES; index += 1) {
      const service = `service-${index}`;
      await run.ledger.recordScope({ accountId: '111122223333', region: 'us-east-1', service, lookedAt: at });
    }
    run.advance(60);
    const [message] = run.finishQueue.bodies.map((body) => finishMessageSchema.parse(body));
    if (message === undefined) throw new Error('the run did not end');
    const { outcome } = await finishRun(message, {
      ...run,
      ledger: watched.on(run.ledger),
      deadlineSeconds: 7200,
      outOfScopeDays: 7,
      messageId: 'message-1',
      regions: ['us-east-1', 'eu-west-1'],
    });
    expect(outcome).toBe('finished');
  });

  test('PE-2: reads each scope once, for waivers, retired checks and the digest together', () => {
    expect(watched.walked.size).toBeGreaterThanOrEqual(SCOPES);
    expect(new Set(watched.walked.values())).toEqual(new Set([1]));
  });

  test('PE-2: reads many scopes at once, and not all', () => {
    expect(watched.most).toBe(32);
  });
});
