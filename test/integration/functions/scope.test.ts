import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { COVERAGE_CHECK_ID } from '#shared/engine/coverage-findings.ts';
import { type Deployment, deploy } from '#test/support/deployment.ts';

const DAY = 86_400;
/** Enough of them to differ; a run of all writes some 2,000 rows. */
const SERVICES = ['ecr', 'ecs', 'eks'];

let deployment: Deployment;

beforeAll(async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  deployment = await deploy({
    setTime: (now) => vi.setSystemTime(now),
    config: { scope: { regions: ['us-east-1', 'eu-west-1'], services: SERVICES } },
  });
  await deployment.run();
});

afterAll(async () => {
  await deployment?.close();
  vi.useRealTimers();
});

const regions = () => deployment.demo.world.accounts[0]?.regions ?? [];

/** The state of every finding by its id, in all regions. */
function hub(): Map<string, string> {
  return new Map(
    regions().flatMap(({ security }) =>
      [...security.findings.values()].map(
        (one) => [one.Id ?? '', `${one.Compliance?.Status} ${one.RecordState}`] as const,
      ),
    ),
  );
}

function changedSince(before: ReadonlyMap<string, string>): [string, string][] {
  return [...hub()].filter(([id, state]) => before.get(id) !== state);
}

/** Everything that can go away is gone, in all regions; nobody tells of it. */
function emptyTheAccount(): void {
  for (const region of regions()) {
    region.ecr.repositories.splice(0);
    region.ecs.clusters.splice(0);
    region.ecs.taskDefinitions.splice(0);
    region.eks.clusters.splice(0);
  }
  deployment.demo.bus.take();
}

test('SH-1: a run of some checks in some regions, one service denied, closes nothing outside what it completed', async () => {
  const before = hub();
  const off = 'ecr-repository-tags-immutable';
  const openOf = (checkId: string) => [...before.keys()].filter((id) => id.includes(`/us-east-1/${checkId}/`));
  emptyTheAccount();
  await deployment.configure({
    scope: { regions: ['us-east-1'], services: SERVICES },
    checks: { only: ['ecr-repository-*', 'ecs-*'], except: [off] },
  });
  deployment.demo.faults.add('ecs:*', { kind: 'deny', because: 'no-identity-policy' });

  await deployment.run();
  const changes = changedSince(before);
  const closed = changes.filter(([, state]) => state.endsWith('ARCHIVED'));

  expect(closed.length).toBeGreaterThan(10);
  for (const [id] of closed) expect(id).toMatch(/^hullcheck\/aws\/111122223333\/us-east-1\/ecr-repository-/);
  expect(openOf(off)).not.toEqual([]);
  expect(closed.filter(([id]) => openOf(off).includes(id))).toEqual([]);
  const others = changes.filter(([, state]) => !state.endsWith('ARCHIVED'));
  expect(others.map(([id, state]) => `${id.split('/').slice(3, 6).join(' ')} ${state}`)).toEqual([
    `us-east-1 ${COVERAGE_CHECK_ID} ecs NOT_AVAILABLE ACTIVE`,
  ]);
});

test('what comes into scope and can be read again is closed then', async () => {
  const before = hub();
  deployment.demo.faults.clear();
  await deployment.configure({ scope: { regions: ['us-east-1'], services: SERVICES } });

  await deployment.run();
  const closed = changedSince(before);

  expect(closed.map(([id]) => id).some((id) => id.includes('/ecs-'))).toBe(true);
  expect(closed.map(([id]) => id).some((id) => id.includes(COVERAGE_CHECK_ID))).toBe(true);
  for (const [id, state] of closed) expect(`${id} ${state}`).toMatch(/\/us-east-1\/.* ARCHIVED$/);
});

test('a region that left the scope is closed after the configured days, and not before', async () => {
  const open = () => [...hub()].filter(([id, state]) => id.includes('/eu-west-1/') && state.endsWith('ACTIVE'));
  const before = open().length;

  deployment.advance(6 * DAY);
  await deployment.run();
  expect(open()).toHaveLength(before);

  deployment.advance(2 * DAY);
  await deployment.run();
  expect(before).toBeGreaterThan(10);
  expect(open()).toEqual([]);
  const reasons = regions().flatMap(({ name, security }) =>
    name === 'eu-west-1'
      ? [...security.findings.values()].map(({ ProductFields }) => ProductFields?.closedBecause)
      : [],
  );
  expect(reasons.filter((reason) => reason === 'out of scope').length).toBeGreaterThanOrEqual(before - 1);
});
