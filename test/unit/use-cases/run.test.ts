import { describe, expect, test } from 'vitest';
import type { Sink } from '#shared/domain/ports.ts';
import { applyLook } from '#shared/engine/transitions.ts';
import { finishRun } from '#shared/use-cases/finish.ts';
import { openAccount } from '#shared/use-cases/open-account.ts';
import { planRun } from '#shared/use-cases/plan.ts';
import { accountMessageSchema, finishMessageSchema, type UnitMessage } from '#shared/use-cases/run-messages.ts';
import { accountProgress } from '#shared/use-cases/run-progress.ts';
import { scanUnit } from '#shared/use-cases/scan-unit.ts';
import { watch } from '#shared/use-cases/watch.ts';
import { finding } from '#test/factories/finding.ts';
import { ACCOUNT } from '#test/factories/resource.ts';
import { emptyCollector, IN_SCOPE, TARGETS, type TestRun, testRun, unitsOf } from '#test/support/unit-run.ts';

const PLAN = { phases: 2, deadlineSeconds: 7200 };
const REGIONS = TARGETS.map(({ region }) => region);
const FINISH = { deadlineSeconds: 7200, outOfScopeDays: 7, messageId: 'message-1', regions: REGIONS };

const finishes = (run: TestRun) => run.finishQueue.sent.splice(0).map(({ body }) => finishMessageSchema.parse(body));

async function planned(run: TestRun, runId = 'run-1'): Promise<UnitMessage[]> {
  await planRun(runId, IN_SCOPE, { ...run, ...PLAN });
  finishes(run);
  return unitsOf(run);
}

/** Scans all that waits, in the order it was sent, until nothing waits. */
async function scanAll(run: TestRun, waiting: UnitMessage[]): Promise<void> {
  for (let message = waiting.shift(); message !== undefined; message = waiting.shift()) {
    await scanUnit(message, run);
    waiting.push(...(await unitsOf(run)));
  }
}

describe('planning a run', () => {
  test('PE-6: every account that is expected is written down before the first message is sent', async () => {
    const run = await testRun();
    const queue = {
      async send() {
        expect((await run.ledger.readProgress('run-1')).expected).toEqual([`${ACCOUNT} * aws 0`, `${ACCOUNT} * aws 1`]);
      },
    };

    await planRun('run-1', IN_SCOPE, { ...run, ...PLAN, unitQueue: queue, finishQueue: queue });
    expect.assertions(2);
  });

  test('PE-6: every region of an account is written down before the first message of it is sent', async () => {
    const run = await testRun();
    await planRun('run-1', IN_SCOPE, { ...run, ...PLAN });
    const [message] = run.unitQueue.sent.splice(0).map(({ body }) => accountMessageSchema.parse(body));
    if (message === undefined) throw new Error('nothing was sent');
    const unitQueue = {
      async send() {
        expect((await accountProgress(run.ledger, 'run-1', ACCOUNT)).expected).toHaveLength(4);
      },
    };

    await openAccount(message, { ...run, unitQueue, planAccount: async () => ({ targets: TARGETS, excluded: [] }) });
    expect.assertions(1);
  });

  test('one small message for each account, then for each region of the first phase, and a deadline', async () => {
    const run = await testRun();
    await planRun('run-1', IN_SCOPE, { ...run, ...PLAN });
    expect(run.unitQueue.bodies).toMatchObject([{ accountId: ACCOUNT, phase: 0 }]);

    const messages = await unitsOf(run);
    expect(messages.map(({ region, phase }) => [region, phase])).toEqual([
      ['us-east-1', 0],
      ['eu-west-1', 0],
    ]);
    expect(JSON.stringify(messages[0]).length).toBeLessThan(300);
    expect(finishes(run)).toMatchObject([{ reason: 'deadline', round: 0 }]);
  });

  test('PE-13: while a run scans an account another one leaves it out, until it ends or its lease does', async () => {
    const run = await testRun();
    await planned(run);

    expect(await planRun('run-2', IN_SCOPE, { ...run, ...PLAN })).toMatchObject({ accounts: 0, skipped: [ACCOUNT] });
    expect(await unitsOf(run)).toEqual([]);
    run.advance(7201);
    expect(await planRun('run-3', IN_SCOPE, { ...run, ...PLAN })).toMatchObject({ skipped: [] });
  });

  test('the same event again plans the same run', async () => {
    const run = await testRun();
    await planned(run);

    expect((await planRun('run-1', IN_SCOPE, { ...run, ...PLAN })).accounts).toBe(1);
    await unitsOf(run);
    expect((await accountProgress(run.ledger, 'run-1', ACCOUNT)).expected).toHaveLength(4);
  });
});

describe('scanning units', () => {
  test('the second phase begins when the first has ended everywhere, and the last unit ends the run', async () => {
    const run = await testRun();
    const [first, second] = (await planned(run)) as [UnitMessage, UnitMessage];

    await scanUnit(first, run);
    expect(await unitsOf(run)).toEqual([]);
    await scanUnit(second, run);
    const next = await unitsOf(run);
    expect(next.map(({ phase }) => phase)).toEqual([1, 1]);
    await scanAll(run, next);
    expect(finishes(run)).toMatchObject([{ runId: 'run-1', reason: 'complete' }]);
  });

  test('PE-1: with little time left the rest is done by a new message', async () => {
    const collectors = ['one', 'two', 'three'].map((service) => emptyCollector(service));
    const run = await testRun({ collectors, remainingMs: () => 59_000 });
    const [message] = (await planned(run)) as [UnitMessage];

    expect(await scanUnit(message, run)).toMatchObject({ outcome: 'continued', services: [{ service: 'one' }] });
    const [rest] = (await unitsOf(run)) as [UnitMessage];
    expect(rest.done).toEqual(['one']);
    expect(await scanUnit(rest, run)).toMatchObject({ outcome: 'continued', services: [{ service: 'two' }] });
    const [last] = (await unitsOf(run)) as [UnitMessage];
    expect(await scanUnit(last, run)).toMatchObject({ outcome: 'done', services: [{ service: 'three' }] });
  });

  test('a unit that another run scans is left to it; a crashed one is free again soon', async () => {
    const run = await testRun();
    const [message] = (await planned(run)) as [UnitMessage];
    await run.ledger.acquireLease(`unit ${ACCOUNT} us-east-1`, 'run-0 0', run.now(), 960);

    expect(await scanUnit(message, run)).toMatchObject({ outcome: 'postponed', services: [] });
    expect(run.unitQueue.sent.splice(0)).toEqual([{ body: message, delaySeconds: 60 }]);
    run.advance(961);
    expect(await scanUnit(message, run)).toMatchObject({ outcome: 'done' });
  });

  test('a message that comes twice is done once', async () => {
    const run = await testRun();
    const [message] = (await planned(run)) as [UnitMessage];
    await scanUnit(message, run);

    expect(await scanUnit(message, run)).toMatchObject({ outcome: 'done before', services: [] });
  });

  test('a crash between completing and starting the next phase loses nothing', async () => {
    const run = await testRun();
    const messages = await planned(run);
    await scanAll(run, [...messages.slice(0, 1)]);
    const broken = { send: async () => Promise.reject(new Error('killed')) };
    await expect(scanUnit(messages[1] as UnitMessage, { ...run, unitQueue: broken })).rejects.toThrow('killed');

    await scanUnit(messages[1] as UnitMessage, run);
    expect((await unitsOf(run)).map(({ phase }) => phase)).toEqual([1, 1]);
  });
});

describe('finishing a run', () => {
  async function finished(run: TestRun) {
    await scanAll(run, await planned(run));
    const [message] = finishes(run).filter(({ reason }) => reason === 'complete');
    if (message === undefined) throw new Error('the run did not end');
    return { message, outcome: await finishRun(message, { ...run, ...FINISH }) };
  }

  test('a run whose units have all reported is complete, and the accounts are free again', async () => {
    const run = await testRun();
    const { outcome } = await finished(run);

    expect(outcome).toMatchObject({ outcome: 'finished', missing: [], complete: true });
    expect(await run.ledger.readAccount(ACCOUNT)).toMatchObject({ lastCompleteAt: '2026-11-23T12:00:00.000Z' });
    expect(await planRun('run-2', IN_SCOPE, { ...run, ...PLAN })).toMatchObject({ skipped: [] });
  });

  test('told twice, it ends once', async () => {
    const run = await testRun();
    const { message } = await finished(run);

    expect(await finishRun(message, { ...run, ...FINISH })).toMatchObject({ outcome: 'finished before' });
  });

  test('told by two units at the same moment, it ends once', async () => {
    const run = await testRun();
    await scanAll(run, await planned(run));
    const [message] = finishes(run).filter(({ reason }) => reason === 'complete');
    if (message === undefined) throw new Error('the run did not end');
    const outcomes = await Promise.all(
      ['message-1', 'message-2'].map((messageId) => finishRun(message, { ...run, ...FINISH, messageId })),
    );

    expect(outcomes.map(({ outcome }) => outcome).sort()).toEqual(['finished', 'waiting']);
    expect(run.finishQueue.sent).toEqual([{ body: message, delaySeconds: 900 }]);
    expect(await finishRun(message, { ...run, ...FINISH, messageId: 'message-3' })).toMatchObject({
      outcome: 'finished before',
    });
  });

  test('what a destination refused of an account that left the scope is sent again', async () => {
    const told: string[] = [];
    const hub: Sink = {
      name: 'hub',
      permissions: [],
      holdsFindings: true,
      async publish(transitions) {
        let published = 0;
        for await (const { kind, finding } of transitions) {
          told.push(`${kind} ${finding.id}`);
          published += 1;
        }
        return { sink: 'hub', published, rejected: [], notPublished: [] };
      },
    };
    const run = await testRun({ sinks: [hub] });
    const scope = { accountId: '999988887777', region: 'us-east-1', service: 'first' };
    const seen = applyLook({ scope, finding: finding({ id: 'left' }), observedAt: run.now().toISOString() }, undefined);
    if (seen === undefined) throw new Error('nothing was seen');
    await run.ledger.putRow(seen, undefined);
    await run.ledger.recordScope({ ...scope, lookedAt: run.now().toISOString() });
    await finished(run);

    expect(told).toEqual(['opened left']);
  });

  test('before the deadline a run that has not ended is waited for; the next phase begins without what died', async () => {
    const run = await testRun();
    const [alive] = (await planned(run)) as [UnitMessage];
    await scanUnit(alive, run);
    run.advance(900);
    const { runId, startedAt } = alive;
    const message = { version: 1, runId, startedAt, reason: 'deadline', round: 0 } as const;

    expect(await finishRun(message, { ...run, ...FINISH })).toMatchObject({ outcome: 'waiting' });
    expect((await unitsOf(run)).map(({ phase }) => phase)).toEqual([1, 1]);
    expect(run.finishQueue.sent).toMatchObject([{ body: { reason: 'deadline', round: 1 }, delaySeconds: 900 }]);
  });

  test('OC-11: at the deadline what has not reported is coverage lost, with a finding that says so', async () => {
    const run = await testRun();
    const [alive] = (await planned(run)) as [UnitMessage];
    await scanUnit(alive, run);
    run.advance(7201);
    const { runId, startedAt } = alive;
    const outcome = await finishRun({ version: 1, runId, startedAt, reason: 'deadline' }, { ...run, ...FINISH });

    expect(outcome).toMatchObject({ outcome: 'finished', complete: false });
    expect(outcome.missing).toHaveLength(3);
    const rows = [];
    for await (const row of run.ledger.rowsOfScope({ accountId: ACCOUNT, region: 'eu-west-1', service: 'first' }))
      rows.push(row);
    expect(rows).toMatchObject([{ status: 'FAILED', finding: { checkId: 'coverage-scope-readable' } }]);
    expect((await run.ledger.readAccount(ACCOUNT))?.lastCompleteAt).toBeUndefined();
  });
});

describe('watching over runs', () => {
  const watched = (run: TestRun, messages = 0) =>
    watch({
      ...run,
      deadLetterQueues: [async () => ({ name: 'unit-dead-letters', messages })],
      overdueSeconds: 86_400,
    });

  test('OC-11: an account that was never read completely is overdue', async () => {
    expect(await watched(await testRun())).toMatchObject({ overdueAccounts: 1, scopesLost: 2 });
  });

  test('OC-11: nothing complete within twice the schedule is overdue', async () => {
    const run = await testRun();
    await run.ledger.updateAccount(ACCOUNT, { lastCompleteAt: run.now().toISOString() });
    const scopes = TARGETS.map(({ accountId, region }) => `${accountId} ${region} first`);
    const at = run.now().toISOString();
    await run.ledger.recordFinishedRun({ runId: 'r', startedAt: at, finishedAt: at, complete: true, scopes });

    expect(await watched(run)).toMatchObject({ problems: [], overdueAccounts: 0, scopesLost: 0 });
    run.advance(86_401);
    expect(await watched(run)).toMatchObject({ overdueAccounts: 1 });
  });

  test('messages that nobody could handle are named with their queue', async () => {
    const { problems, deadLetters } = await watched(await testRun(), 3);

    expect(deadLetters).toBe(3);
    expect(problems.at(-1)).toBe('3 messages lie in unit-dead-letters: nobody could handle them.');
  });
});
