import { afterEach, beforeEach, expect, test } from 'vitest';
import { ofFirstContainer } from '#demo/change/services.ts';
import { type Changes, changesIn } from '#demo/change.ts';
import { seedWorld } from '#demo/seed/seed-world.ts';
import type { DemoAccount } from '#demo/server.ts';
import type { RegionState } from '#demo/world/world.ts';
import { allChecks, composeApp, openLedger } from '#shared/composition-root.ts';
import { loadConfig } from '#shared/config/load.ts';
import type { Ledger } from '#shared/domain/ledger.ts';
import type { SinkReport } from '#shared/domain/ports.ts';
import { COVERAGE_CHECK_ID } from '#shared/engine/coverage-findings.ts';
import { useDemoAccount } from '#test/support/scan-demo.ts';

const HOUR = 3_600_000;

let demo: DemoAccount;
let change: Changes;
let ledger: Ledger;
let clock: Date;

beforeEach(async () => {
  clock = new Date('2026-11-23T12:00:00Z');
  demo = await useDemoAccount(seedWorld(clock), () => clock);
  change = changesIn(demo);
  ledger = await openLedger(':memory:', () => clock);
});

afterEach(async () => {
  ledger?.close();
  await demo?.close();
});

interface Run {
  readonly regions?: readonly string[];
  readonly services?: readonly string[];
  readonly checkIds?: readonly string[];
  readonly config?: object;
}

/** One `scan --publish security-hub,sns --ledger` an hour after the last one. */
async function scan({
  regions = ['us-east-1'],
  services,
  checkIds,
  config = {},
}: Run = {}): Promise<readonly SinkReport[]> {
  clock = new Date(clock.getTime() + HOUR);
  const topic = home().topics[0]?.arn;
  const app = composeApp({
    ...loadConfig(
      JSON.stringify({
        version: 1,
        aws: { maxAttempts: 2 },
        publish: { sns: { topics: { machine: topic } } },
        ...config,
      }),
      'test',
      allChecks(),
    ),
    toolVersion: '0.0.0-test',
    hashKey: new Uint8Array(32),
    now: () => clock,
    unlimitedRate: true,
    ...(services === undefined ? {} : { services }),
    ...(checkIds === undefined ? {} : { checkIds }),
  });
  try {
    const result = app.evaluate(await app.collect([{}], regions));
    demo.recorder.clear();
    return await app.publish(result, ['security-hub', 'sns'], ledger);
  } finally {
    app.close();
  }
}

function home(): RegionState {
  return demo.world.accounts[0]?.regions.find(({ name }) => name === 'us-east-1') as RegionState;
}

function imports(): number {
  return demo.recorder.calls().filter(({ operation }) => operation === 'securityhub:BatchImportFindings').length;
}

/** The machine messages since the last call. */
function messages(): readonly Record<string, unknown>[] {
  return home()
    .topics.flatMap((topic) => topic.messages.splice(0))
    .map(({ message }) => JSON.parse(message));
}

function hub(): Map<string, string> {
  return new Map(
    [...home().security.findings.values()].map((finding) => [
      finding.Id ?? '',
      `${finding.Compliance?.Status} ${finding.RecordState}`,
    ]),
  );
}

/** Id and new state of what is different from before. */
function changedSince(before: ReadonlyMap<string, string>): [string, string][] {
  return [...hub()].filter(([id, state]) => before.get(id) !== state);
}

function failingRepository(): string {
  const id = [...hub().keys()].find((key) => key.includes('/ecr-repository-tags-immutable/'));
  return id?.split(':repository/')[1] ?? '';
}

test('SH-7, OC-1, OC-3: the first run is one baseline message; the same world again is no import and no message', async () => {
  await scan();
  expect(messages().map(({ kind }) => kind)).toEqual(['baseline']);
  expect(hub().size).toBeGreaterThan(50);

  const reports = await scan();

  expect(imports()).toBe(0);
  expect(messages()).toEqual([]);
  expect(reports.flatMap(({ rejected }) => rejected)).toEqual([]);
});

test('a service that becomes privileged is one alert and one import, and its fix one resolve with the same key', async () => {
  await scan();
  messages();
  const before = hub();

  change.services.rollOut('dock-ec2', 'unbounded-worker', ofFirstContainer({ privileged: true }));
  await scan();
  const [alert, digest, ...more] = messages();
  const opened = changedSince(before);

  expect(more).toEqual([]);
  expect(alert).toMatchObject({ kind: 'alert', eventAction: 'trigger', transition: 'opened', severity: 'CRITICAL' });
  expect(digest).toMatchObject({ kind: 'digest', comparedWith: expect.any(String), coverageEqual: true });
  expect(opened.map(([, state]) => state)).toContain('FAILED ACTIVE');
  expect(opened.map(([id]) => id)).toContain(alert?.findingId);

  change.services.rollOut('dock-ec2', 'unbounded-worker', ofFirstContainer({ privileged: false }));
  await scan();
  const resolves = messages().filter(({ eventAction, kind }) => kind === 'alert' && eventAction === 'resolve');

  expect(resolves).toHaveLength(1);
  expect(resolves[0]?.dedupKey).toBe(alert?.dedupKey);
  expect(hub().get(String(alert?.findingId))).toBe('PASSED ARCHIVED');

  await scan();
  expect([imports(), messages()]).toEqual([0, []]);
});

test('a rollout that changes no practice publishes nothing and alerts nobody', async () => {
  await scan();
  messages();

  change.services.rollOut('dock-ec2', 'unbounded-worker', () => ({}));
  await scan();

  expect([imports(), messages()]).toEqual([0, []]);
});

test('SH-2b: what was deleted is archived in the next complete run', async () => {
  await scan();
  const name = failingRepository();
  const open = [...hub()].filter(([id]) => id.endsWith(`:repository/${name}`)).map(([id]) => id);
  expect(open.length).toBeGreaterThan(0);

  change.repositories.delete(name);
  await scan();

  expect(open.map((id) => hub().get(id))).toEqual(open.map(() => 'FAILED ARCHIVED'));
});

test('SH-2c: nothing of a service is closed while it may not be listed; the missing permission is a finding of its own', async () => {
  await scan();
  const before = hub();
  change.repositories.delete(failingRepository());
  demo.faults.add('ecr:DescribeRepositories', { kind: 'deny', because: 'no-identity-policy' });

  await scan();
  const changes = changedSince(before);

  // The images of repositories that nobody can list are not looked into either.
  expect(changes.map(([, state]) => state)).toEqual(['NOT_AVAILABLE ACTIVE', 'NOT_AVAILABLE ACTIVE']);
  expect(changes[0]?.[0]).toContain(`/${COVERAGE_CHECK_ID}/ecr`);
  expect(changes[1]?.[0]).toContain(`/${COVERAGE_CHECK_ID}/images`);
  const [coverage] = [...home().security.findings.values()].filter(({ Id }) => Id === changes[0]?.[0]);
  expect(coverage?.Description).toContain('ecr:DescribeRepositories');

  messages();
  await scan();
  expect([imports(), messages()]).toEqual([0, []]);

  demo.faults.clear();
  await scan();
  expect(hub().get(changes[0]?.[0] ?? '')).toBe('PASSED ARCHIVED');
  expect([...hub()].some(([, state]) => state === 'FAILED ARCHIVED')).toBe(true);
});

test('SH-1: a run of one check, one service or one region closes nothing outside it', async () => {
  await scan({ regions: ['us-east-1', 'eu-west-1'] });
  const open = hub();
  for (const repository of home().ecr.repositories.splice(0)) expect(repository).toBeDefined();
  home().ecs.clusters.splice(0);

  await scan({ checkIds: ['inspector-ecr-enabled'] });
  await scan({ services: ['guardduty'] });
  await scan({ regions: ['eu-west-1'] });
  expect(changedSince(open)).toEqual([]);

  await scan({ checkIds: ['ecr-repository-tags-immutable'] });
  const closed = changedSince(open);
  expect(closed.length).toBeGreaterThan(0);
  expect(closed.every(([id, state]) => id.includes('/ecr-repository-tags-immutable/') && /ARCHIVED/.test(state))).toBe(
    true,
  );
});

test('SH-7: an open finding is published again before Security Hub forgets it, not all on one day', async () => {
  await scan();
  const all = hub().size;
  let published = 0;
  const perDay: number[] = [];
  for (let day = 0; day < 31; day += 1) {
    clock = new Date(clock.getTime() + 23 * HOUR);
    const [report] = await scan({ services: ['ecr'] });
    perDay.push(report?.published ?? 0);
    published += report?.published ?? 0;
  }

  const ofEcr = [...hub().keys()].filter((id) => id.includes('/ecr-')).length;
  expect(all).toBeGreaterThanOrEqual(ofEcr);
  expect(published).toBeGreaterThanOrEqual(ofEcr);
  expect(perDay.slice(0, 14)).toEqual(perDay.slice(0, 14).map(() => 0));
  expect(Math.max(...perDay)).toBeLessThan(ofEcr / 2);
});

test('SH-6: what Security Hub could not take stays pending and goes first in the next run', async () => {
  demo.faults.add('securityhub:BatchImportFindings', { kind: 'deny', because: 'no-identity-policy' });
  await scan({ services: ['inspector', 'ecr'] });
  expect(hub().size).toBe(0);
  messages();

  demo.faults.clear();
  await scan({ services: ['inspector', 'ecr'] });

  expect(hub().size).toBeGreaterThan(0);
  expect(messages()).toEqual([]);
});

test('OC-10: who wants a summary of every run gets one, also of a run that found nothing new', async () => {
  const config = { publish: { sns: { topics: { machine: home().topics[0]?.arn }, everyRun: true } } };
  await scan({ config });
  messages();

  await scan({ config });

  expect(messages()).toMatchObject([{ kind: 'digest' }]);
});
