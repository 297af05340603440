import { beforeAll, describe, expect, test } from 'vitest';
import { openLedger } from '#shared/composition-root.ts';
import { configSchema } from '#shared/config/schema.ts';
import type { FinishedRun, Ledger } from '#shared/domain/ledger.ts';
import { accountsInScope } from '#shared/use-cases/accounts-in-scope.ts';
import { finishRun } from '#shared/use-cases/finish.ts';
import { scopeOfRun } from '#shared/use-cases/not-covered.ts';
import { openAccount } from '#shared/use-cases/open-account.ts';
import { type PlannedRun, planRun } from '#shared/use-cases/plan.ts';
import { scanMessageSchema, type UnitMessage } from '#shared/use-cases/run-messages.ts';
import { readRun } from '#shared/use-cases/run-progress.ts';
import { scanUnit } from '#shared/use-cases/scan-unit.ts';
import { watch } from '#shared/use-cases/watch.ts';
import { type TestRun, testRun } from '#test/support/unit-run.ts';

const ACCOUNTS = 1000;
const REGIONS = [
  ...['us-east-1', 'us-east-2', 'us-west-1', 'us-west-2', 'ca-central-1', 'sa-east-1', 'eu-west-1', 'eu-west-2'],
  ...['eu-west-3', 'eu-central-1', 'eu-north-1', 'ap-south-1', 'ap-northeast-1', 'ap-northeast-2', 'ap-northeast-3'],
  ...['ap-southeast-1', 'ap-southeast-2'],
];
const PHASES = 2;
/** Neither told nor lost: its message was never delivered. */
const LOST = { accountId: accountId(777), region: 'eu-west-3' };
/** Whose role is not there; and suspended ones. */
const CLOSED = accountId(13);
const SUSPENDED = [accountId(500), accountId(501)];
/** SQS takes as much in one call of ten messages. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html */
const MAX_BATCH_BYTES = 256 * 1024;
/** DynamoDB keeps as much in one item; a set of texts is as large as its texts and an overhead of each. */
const MAX_ITEM_BYTES = 400 * 1024;

function accountId(index: number): string {
  return String(100_000_000_000 + index);
}

/** How large the largest set is that the ledger holds in one item. */
class MeasuredLedger {
  largestSet = 0;

  on(ledger: Ledger): Ledger {
    return new Proxy(ledger, {
      get: (target, name: keyof Ledger) => {
        const value = target[name];
        if (typeof value !== 'function') return value;
        if (name !== 'expectUnits' && name !== 'completeUnit') return value.bind(target);
        return async (runId: string, units: never) => {
          const progress = await target[name](runId, units);
          const bytes = [...progress.expected].reduce((sum, member) => sum + member.length + 8, 0);
          this.largestSet = Math.max(this.largestSet, bytes);
          return progress;
        };
      },
    });
  }
}

interface Simulation {
  readonly planned: PlannedRun;
  readonly run: TestRun;
  readonly largestSet: number;
  readonly largestBatch: number;
  readonly units: number;
  /** How often the role of an account was asked for. */
  readonly asked: ReadonlyMap<string, number>;
  readonly last: FinishedRun;
}

/** A run of a whole organization, with the real use cases and a real ledger; what AWS would say is made up. */
async function simulate(): Promise<Simulation> {
  const measured = new MeasuredLedger();
  const base = await testRun({ ledger: measured.on(await openLedger(':memory:')), targets: [] });
  const { scope } = configSchema.parse({ version: 1, scope: { regions: REGIONS, organization: {} } });
  const own = { accountId: accountId(0), partition: 'aws' };
  const inScope = await accountsInScope(scope, {
    own,
    withUnits: false,
    listOrganization: async () =>
      Array.from({ length: ACCOUNTS }, (_, index) => ({
        accountId: accountId(index),
        state: SUSPENDED.includes(accountId(index)) ? 'SUSPENDED' : 'ACTIVE',
        organizationalUnits: [],
      })),
  });
  const planned = await planRun('run-1', inScope, { ...base, phases: PHASES, deadlineSeconds: 7200 });
  const asked = new Map<string, number>();
  let [largestBatch, units] = [0, 0];
  const sent = () => {
    const bodies = base.unitQueue.sent.splice(0).map(({ body }) => body);
    for (let start = 0; start < bodies.length; start += 10) {
      largestBatch = Math.max(largestBatch, JSON.stringify(bodies.slice(start, start + 10)).length);
    }
    return bodies.map((body) => scanMessageSchema.parse(body));
  };
  const planAccount = async (account: string) => {
    asked.set(account, (asked.get(account) ?? 0) + 1);
    const targets = REGIONS.map((region) => ({ accountId: account, region, partition: 'aws' }));
    if (account !== CLOSED) return { targets, excluded: [] };
    const reason = 'The role could not be assumed.';
    return { targets: [], excluded: targets.map((target) => ({ ...target, status: 'failed' as const, reason })) };
  };
  const isLost = ({ accountId: account, region }: UnitMessage) => account === LOST.accountId && region === LOST.region;
  for (const waiting = sent(); ; ) {
    const message = waiting.shift();
    if (message === undefined) break;
    if (!('region' in message)) await openAccount(message, { ...base, planAccount });
    else if (!isLost(message)) {
      await scanUnit(message, base);
      units += 1;
    }
    waiting.push(...sent());
  }
  // Fifteen minutes later the next phase begins without what was lost; later the deadline comes.
  const finish = { ...base, deadlineSeconds: 7200, outOfScopeDays: 7, messageId: 'm', regions: REGIONS };
  const startedAt = base.now().toISOString();
  base.advance(900);
  await finishRun({ version: 1, runId: 'run-1', startedAt, reason: 'deadline', round: 0 }, finish);
  for (const waiting = sent(); ; ) {
    const message = waiting.shift();
    if (message === undefined) break;
    if (!('region' in message)) await openAccount(message, { ...base, planAccount });
    else if (!isLost(message)) {
      await scanUnit(message, base);
      units += 1;
    }
    waiting.push(...sent());
  }
  base.advance(7200);
  await finishRun({ version: 1, runId: 'run-1', startedAt, reason: 'deadline', round: 1 }, finish);
  const last = await base.ledger.lastFinishedRun();
  if (last === undefined) throw new Error('the run did not end');
  return {
    planned,
    run: base,
    largestSet: measured.largestSet,
    largestBatch,
    units,
    asked,
    last,
  };
}

describe('a thousand accounts in seventeen regions', () => {
  let simulation: Simulation;
  beforeAll(async () => {
    simulation = await simulate();
  }, 600_000);

  test('PE-6: everything is expected, once', async () => {
    const { planned, run } = simulation;
    const { accounts, targets } = await readRun(run.ledger, 'run-1', REGIONS);

    expect(planned).toMatchObject({ accounts: ACCOUNTS - SUSPENDED.length, skipped: [], leftOut: SUSPENDED.length });
    expect(accounts).toHaveLength(ACCOUNTS - SUSPENDED.length);
    expect(new Set(targets.map(({ accountId: account, region }) => `${account} ${region}`)).size).toBe(
      (ACCOUNTS - SUSPENDED.length) * REGIONS.length,
    );
  });

  test('PE-2: messages and items stay far below what SQS and DynamoDB take', () => {
    expect(simulation.largestBatch).toBeLessThan(MAX_BATCH_BYTES / 10);
    expect(simulation.largestSet).toBeLessThan(MAX_ITEM_BYTES / 2);
  });

  test('every unit but the lost one was scanned once, and each account was asked for its regions once', () => {
    const scanned = (ACCOUNTS - SUSPENDED.length - 1) * REGIONS.length - 1;

    expect(simulation.units).toBe(scanned * PHASES);
    expect(new Set(simulation.asked.values())).toEqual(new Set([1]));
    for (const account of SUSPENDED) expect(simulation.asked.has(account)).toBe(false);
  });

  test('PE-6: the watch names the lost unit, the account that could not be read, and nothing else', async () => {
    const { run, last } = simulation;
    const { problems, scopesLost, overdueAccounts } = await watch({
      ...run,
      targets: scopeOfRun(last, 'aws'),
      deadLetterQueues: [],
      overdueSeconds: 86_400,
    });

    expect(scopesLost).toBe(1 + REGIONS.length);
    expect(overdueAccounts).toBe(2);
    expect(problems).toContain(
      `The last run did not cover ${LOST.accountId}/${LOST.region}: the scan of it did not come to its end.`,
    );
    expect(problems).toContain(`The last run did not cover ${CLOSED}/us-east-1: The role could not be assumed.`);
    expect(
      problems.filter((problem) => ![LOST.accountId, CLOSED].some((account) => problem.includes(account))),
    ).toEqual([]);
  });

  test('suspended accounts are named as excluded, the one without a role as failed', () => {
    const named = simulation.last.notCovered?.filter(({ regions }) => regions.length === REGIONS.length);

    expect(named).toMatchObject([
      { accountId: CLOSED, status: 'failed', reason: 'The role could not be assumed.' },
      ...SUSPENDED.map((account) => ({
        accountId: account,
        status: 'excluded',
        reason: 'The account is suspended in its organization.',
      })),
    ]);
  });
});
