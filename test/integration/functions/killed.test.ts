import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { allOf } from '#test/support/all-of.ts';
import { type Deployment, deploy } from '#test/support/deployment.ts';
import { MortalWorker } from '#test/support/mortal-worker.ts';

const ACCOUNT = '111122223333';
const REGION = 'us-east-1';
const REPOSITORY = 'tidewater/secure-app';
const PUBLIC = `hullcheck/aws/${ACCOUNT}/${REGION}/ecr-repository-not-public/arn:aws:ecr:${REGION}:${ACCOUNT}:repository/${REPOSITORY}`;

let deployment: Deployment;

beforeAll(async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  deployment = await deploy({
    setTime: (now) => vi.setSystemTime(now),
    // A client that tries again by itself would not be dead.
    config: {
      scope: { regions: [REGION], services: ['ecr', 'ecs'] },
      aws: { maxAttempts: 1 },
      // An hour goes by with each death, and no scan comes in between.
      deployment: { factMaxAgeHours: 168 },
    },
    maxAttempts: 1,
  });
  await deployment.run();
});

afterAll(async () => {
  await deployment?.close();
  vi.useRealTimers();
});

const home = () => deployment.demo.world.accounts[0]?.regions[0];
const messages = () =>
  home()?.topics.flatMap((topic) => topic.messages.map(({ message }) => JSON.parse(message))) ?? [];

/** What is remembered of the account and what Security Hub shows, without times and counts of writes. */
async function state() {
  const rows: string[] = [];
  for (const service of ['ecr', 'ecs', 'inspector']) {
    for await (const row of deployment.ledger.rowsOfScope({ accountId: ACCOUNT, region: REGION, service })) {
      rows.push([row.finding.id, row.status, row.publish.state, row.publishedAs, row.alert].join(' '));
    }
  }
  const findings = [...(home()?.security.findings.values() ?? [])].map(({ Id, RecordState, Compliance }) =>
    [Id, RecordState, Compliance?.Status].join(' '),
  );
  let pending = 0;
  for await (const _ of deployment.ledger.pendingRows(ACCOUNT, REGION)) pending += 1;
  return { rows: rows.sort(), findings: findings.sort(), pending };
}

/** What waits for the next digest, taken away. */
async function takeNews(): Promise<number> {
  const news = await allOf(deployment.ledger.news(ACCOUNT));
  await deployment.ledger.removeNews(news);
  return news.length;
}

/** Pumps all queues; after the death of a worker another one gets the message. */
async function pump(worker: MortalWorker): Promise<void> {
  const { pumps } = deployment.deployed;
  for (let isMoving = true; isMoving; ) {
    isMoving = false;
    for (const name of ['recheck', 'unit', 'finish'] as const) {
      const batch = await pumps[name].once();
      if (batch === undefined) continue;
      isMoving = true;
      if (worker.isDead) {
        expect(batch.returned.length, 'a message that was not dealt with comes back').toBeGreaterThan(0);
        worker.revive();
      } else {
        expect(batch.returned).toEqual([]);
      }
    }
  }
}

interface Outcome {
  readonly effects: readonly string[];
  readonly state: Awaited<ReturnType<typeof state>>;
  readonly told: readonly string[];
  readonly news: number;
}

/** Lets something happen, with a worker that dies after one of its effects. */
async function during(act: (worker: MortalWorker) => Promise<void>, deadly?: number): Promise<Outcome> {
  // Security Hub's own events of what came before.
  deployment.demo.bus.take();
  deployment.advance(3600);
  const before = messages().length;
  const worker = new MortalWorker(deployment.demo, deadly);
  await act(worker);
  await pump(worker);
  const { effects } = worker;
  worker.revive();
  const told = messages()
    .slice(before)
    .map(({ kind, eventAction, dedupKey }) => [kind, eventAction, dedupKey].join(' '));
  return { effects, state: await state(), told, news: await takeNews() };
}

/**
 * From a message that is out until the note that it is, and only there, it may be sent again or told again by the next
 * digest, under the same key. The note is the last write of a row in a recheck, and the news that is taken away in a run.
 */
function expectSameButForRepeats(killed: Outcome, undisturbed: Outcome, label: string): void {
  expect(killed.state, label).toEqual(undisturbed.state);
  expect([...new Set(killed.told)].sort(), label).toEqual([...undisturbed.told].sort());
  const repeats = killed.told.length - undisturbed.told.length + killed.news - undisturbed.news;
  const out = undisturbed.effects.indexOf('sns:Publish');
  const removed = undisturbed.effects.indexOf('dynamodb:DeleteItem', out);
  const noted = removed === -1 ? undisturbed.effects.lastIndexOf('dynamodb:PutItem') : removed;
  const last = killed.effects.length - 1;
  const isInWindow = out !== -1 && last >= out && last < noted;
  expect(repeats, label).toBeGreaterThanOrEqual(0);
  expect(repeats, label).toBeLessThanOrEqual(isInWindow ? 1 : 0);
}

const open = async () => {
  deployment.change.repositories.makePublic(REPOSITORY);
  await deployment.demo.bus.deliver();
};
const fix = async () => {
  deployment.change.repositories.deletePolicy(REPOSITORY);
  await deployment.demo.bus.deliver();
};

describe('a recheck whose worker is killed after any of its effects', () => {
  test('ends as if nothing had happened: opened once, alerted once, fixed once', async () => {
    const opened = await during(open);
    const fixed = await during(fix);
    expect(opened.told).toEqual([`alert trigger ${PUBLIC}`]);
    expect(fixed.told).toEqual([`alert resolve ${PUBLIC}`]);
    expect(opened.effects).toContain('securityhub:BatchImportFindings');
    expect(opened.effects.length).toBeGreaterThan(8);

    const most = Math.max(opened.effects.length, fixed.effects.length);
    for (let deadly = 1; deadly <= most; deadly += 1) {
      const label = `killed after effect ${deadly} of ${most}`;
      expectSameButForRepeats(await during(open, deadly), opened, `opening, ${label}: ${opened.effects[deadly - 1]}`);
      expectSameButForRepeats(await during(fix, deadly), fixed, `fixing, ${label}: ${fixed.effects[deadly - 1]}`);
    }
    expect(await deployment.deployed.deadLetters()).toBe(0);
    // Dozens of whole runs: a busy machine needs its time.
  }, 240_000);
});

describe('a scheduled run whose worker is killed after any of its effects', () => {
  /** Somebody switches scanning off or on; the schedule comes round, and comes again where the plan was killed. */
  const switchTo = (status: 'ENABLED' | 'DISABLED') => async (worker: MortalWorker) => {
    const inspector = home()?.security.inspector;
    if (inspector === undefined) throw new Error('the demo has no Inspector');
    inspector.ecr = { errorCode: undefined, errorMessage: undefined, status };
    try {
      await deployment.plan();
    } catch (error) {
      if (!worker.isDead) throw error;
      worker.revive();
      await deployment.plan();
    }
  };

  test('ends as if nothing had happened, from the plan to the digest', async () => {
    await deployment.configure({ scope: { regions: [REGION], services: ['inspector'] }, aws: { maxAttempts: 1 } });
    await during(switchTo('ENABLED'));
    const failing = await during(switchTo('DISABLED'));
    const fixed = await during(switchTo('ENABLED'));
    expect(failing.told).toHaveLength(1);
    expect(failing.effects.length).toBeGreaterThan(10);

    for (let deadly = 1; deadly <= failing.effects.length; deadly += 1) {
      const label = `killed after effect ${deadly} of ${failing.effects.length}`;
      const killed = await during(switchTo('DISABLED'), deadly);
      expectSameButForRepeats(killed, failing, `failing, ${label}: ${failing.effects[deadly - 1]}`);
      expectSameButForRepeats(
        await during(switchTo('ENABLED'), deadly),
        fixed,
        `fixed, ${label}: ${fixed.effects[deadly - 1]}`,
      );
    }
    expect(await deployment.deployed.deadLetters()).toBe(0);
    // Dozens of whole runs: a busy machine needs its time.
  }, 240_000);
});
