import { expect, test } from 'vitest';
import type { FactKind } from '#shared/domain/fact.ts';
import type { Collector } from '#shared/domain/ports.ts';
import { collectInventory, phasesOf } from '#shared/use-cases/collect-inventory.ts';
import { revision, taskDefinitionFamily } from '#test/factories/ecs.ts';
import { awsError } from '#test/support/collect.ts';
import { NOW } from '#test/support/judge.ts';

const HERE = { accountId: '111122223333', region: 'us-east-1', partition: 'aws' };
const THERE = { ...HERE, region: 'eu-west-1' };

function collector(
  service: string,
  collect: Collector['collect'],
  facts: { produces?: FactKind[]; needs?: FactKind[] } = {},
): Collector {
  return {
    service,
    resourceTypes: [],
    permissions: [],
    producesFacts: facts.produces ?? [],
    needsFacts: facts.needs ?? [],
    collect,
  };
}

function run(
  collectors: readonly Collector[],
  targets = [HERE],
  onFailure: (error: unknown) => void = () => undefined,
) {
  return collectInventory(
    {
      collectors,
      clientFor: () => {
        throw new Error('no clients in this test');
      },
      classify: async () => ({ detections: [], length: 0, keyedHash: '' }),
      now: () => NOW,
      concurrency: 2,
      onFailure,
    },
    targets,
  );
}

test('collectors that need facts run after those that state them, in every target', async () => {
  const order: string[] = [];
  const ecr = collector(
    'ecr',
    async function* ({ region }) {
      order.push(`ecr ${region}`);
    },
    { needs: ['running-image'] },
  );
  const ecs = collector(
    'ecs',
    async function* ({ region }) {
      await new Promise((resolve) => setImmediate(resolve));
      order.push(`ecs ${region}`);
    },
    { produces: ['running-image'] },
  );

  await run([ecr, ecs], [HERE, THERE]);

  expect(order.slice(0, 2).every((unit) => unit.startsWith('ecs'))).toBe(true);
  expect(order).toHaveLength(4);
});

test('collectors that wait for each other are refused by name', () => {
  const one = collector('one', async function* () {}, { produces: ['running-image'], needs: ['ecs-cluster'] });
  const other = collector('other', async function* () {}, { produces: ['ecs-cluster'], needs: ['running-image'] });

  expect(() => phasesOf([one, other])).toThrow("one, other wait for each other's facts");
});

test('a unit without gaps is scanned, one with gaps and resources partial, one that read nothing failed', async () => {
  const fine = collector('ecr', async function* () {});
  const torn = collector('ecs', async function* (context) {
    yield { resource: taskDefinitionFamily() };
    await context.read('ecs:ListTasks', () => Promise.reject(awsError('InternalError')));
  });
  const broken = collector('eks', async function* (context) {
    await context.read('eks:ListClusters', () => Promise.reject(awsError('InternalError')));
  });

  const { coverage } = await run([fine, torn, broken]);

  expect(coverage.map(({ service, status }) => `${service} ${status}`)).toEqual([
    'ecr scanned',
    'ecs partial',
    'eks failed',
  ]);
});

test('PE-4: a service that the organization forbids as a whole is excluded, not failed', async () => {
  const forbidden = collector('eks', async function* (context) {
    await context.read('eks:ListClusters', () =>
      Promise.reject(awsError('AccessDeniedException', 'with an explicit deny in a service control policy')),
    );
  });

  expect((await run([forbidden])).coverage).toMatchObject([{ status: 'excluded', gaps: [{ cause: 'denied-by-scp' }] }]);
});

test('a gap inside one cluster leaves the rest of the service scanned', async () => {
  const eks = collector('eks', async function* (context) {
    await context.read('eks:DescribeCluster', () => Promise.reject(awsError('ServerException')), { cluster: 'blue' });
  });

  expect((await run([eks])).coverage).toMatchObject([
    { service: 'eks', status: 'scanned', gaps: [] },
    { service: 'eks', cluster: 'blue', status: 'partial' },
  ]);
});

test('a collector that throws costs its own unit, which keeps what it had read, and no other', async () => {
  const broken = collector('ecs', async function* ({ region }) {
    yield { resource: taskDefinitionFamily() };
    if (region === HERE.region) throw new TypeError('cannot read "password=hunter2"');
  });
  const told: unknown[] = [];

  const { coverage, resources } = await run([broken, collector('ecr', async function* () {})], [HERE, THERE], (error) =>
    told.push(error),
  );

  expect(coverage.map(({ region, service, status }) => `${region} ${service} ${status}`)).toEqual([
    'eu-west-1 ecr scanned',
    'eu-west-1 ecs scanned',
    'us-east-1 ecr scanned',
    'us-east-1 ecs partial',
  ]);
  expect(coverage[3]?.gaps[0]?.reason).toMatch(/^The collector of ecs failed \(TypeError\)/);
  expect(JSON.stringify(coverage)).not.toContain('hunter2');
  expect(resources).toHaveLength(2);
  expect(told).toEqual([expect.any(TypeError)]);
});

test('the inventory is in the same order whatever answered first', async () => {
  const family = (name: string) => ({ resource: taskDefinitionFamily(revision({ family: name })) });
  const forwards = collector('ecs', async function* () {
    yield family('a');
    yield family('b');
  });
  const backwards = collector('ecs', async function* () {
    yield family('b');
    yield family('a');
  });

  expect((await run([backwards])).resources).toEqual((await run([forwards])).resources);
});
