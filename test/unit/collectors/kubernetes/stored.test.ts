import { describe, expect, test } from 'vitest';
import { kubernetesCollector } from '#shared/collectors/kubernetes/collect.ts';
import { storedItems } from '#shared/collectors/kubernetes/stored.ts';
import type { Fact, FactKind } from '#shared/domain/fact.ts';
import type { Inventory } from '#shared/domain/inventory.ts';
import { known, type Observed, unknown } from '#shared/domain/observed.ts';
import type { Resource } from '#shared/domain/resource.ts';
import { CLUSTER, CLUSTER_ARN } from '#test/factories/kubernetes.ts';
import { ACCOUNT, REGION } from '#test/factories/resource.ts';
import { contextOf } from '#test/support/collect.ts';
import { NOW } from '#test/support/judge.ts';

const PLACE = 's3://insides/harbour.jsonl';
const KINDS = ['kubernetes-cluster', 'running-image', 'role-use'] as const;
const STRANGER = '999988887777';
const HOUR_MS = 3_600_000;

function resource(change: object = {}): Resource {
  return {
    type: 'KubernetesService',
    uid: `${CLUSTER_ARN}/shop/Service/api`,
    name: 'api',
    namespace: 'shop',
    accountId: ACCOUNT,
    region: REGION,
    partition: 'aws',
    cluster: CLUSTER,
    inUse: 'yes',
    ...change,
  } as unknown as Resource;
}

const cluster = resource({ type: 'KubernetesCluster', uid: CLUSTER_ARN, name: CLUSTER });

function fact(change: object = {}): Fact {
  return {
    kind: 'running-image',
    key: 'shop',
    accountId: ACCOUNT,
    region: REGION,
    observedAt: NOW.toISOString(),
    image: 'shop:1',
    usedBy: `${CLUSTER_ARN}/shop/Deployment/api`,
    ...change,
  } as unknown as Fact;
}

function inventory(change: Partial<Inventory> = {}): Inventory {
  return {
    startedAt: NOW.toISOString(),
    finishedAt: NOW.toISOString(),
    targets: [{ accountId: ACCOUNT, region: REGION, partition: 'aws' }],
    services: ['kubernetes'],
    resources: [cluster, resource()],
    facts: [fact()],
    factCompletions: KINDS.map((kind) => ({ kind, accountId: ACCOUNT, region: REGION, service: 'kubernetes' })),
    coverage: [{ accountId: ACCOUNT, region: REGION, service: 'kubernetes', status: 'scanned', gaps: [] }],
    ...change,
  };
}

async function admit(stored: Observed<Inventory> | Inventory, maxAgeHours = 24) {
  const context = contextOf(kubernetesCollector, {});
  const incomplete = new Set<FactKind>();
  const items = await storedItems(
    context,
    { arn: CLUSTER_ARN, name: CLUSTER },
    {
      cluster: { cluster: CLUSTER_ARN, inventory: PLACE, maxAgeHours },
      open: async () => ('known' in stored ? stored : known(stored)),
    },
    { types: kubernetesCollector.resourceTypes, kinds: KINDS, incomplete },
  );
  return { items, incomplete: [...incomplete], gaps: context.gaps.list() };
}

const refusedBecause = (text: string) => ({
  items: { known: false },
  gaps: [{ cluster: CLUSTER, resource: CLUSTER_ARN, operation: 's3:GetObject', reason: expect.stringContaining(text) }],
});

test('what was collected of the cluster is taken as it is', async () => {
  expect(await admit(inventory())).toEqual({
    items: known([{ resource: cluster }, { resource: resource() }, { fact: fact() }]),
    incomplete: [],
    gaps: [],
  });
});

describe('an inventory says nothing as a whole', () => {
  test('where it is of another account', async () => {
    const targets = [{ accountId: STRANGER, region: REGION, partition: 'aws' }];
    expect(await admit(inventory({ targets }))).toMatchObject(refusedBecause('of another account or region'));
  });

  test('where it is of another region', async () => {
    const targets = [{ accountId: ACCOUNT, region: 'ap-south-1', partition: 'aws' }];
    expect(await admit(inventory({ targets }))).toMatchObject(refusedBecause('of another account or region'));
  });

  test('where it is of another cluster', async () => {
    const other = resource({ type: 'KubernetesCluster', uid: `${CLUSTER_ARN}-2`, cluster: `${CLUSTER}-2` });
    expect(await admit(inventory({ resources: [other] }))).toMatchObject(refusedBecause('not the inventory of this'));
  });

  test('where it is empty: that nothing was seen proves nothing to be gone', async () => {
    const empty = inventory({ resources: [], facts: [] });
    expect(await admit(empty)).toMatchObject(refusedBecause('not the inventory of this'));
  });

  test('where it was collected too long ago', async () => {
    const startedAt = (hours: number) => new Date(NOW.getTime() - hours * HOUR_MS).toISOString();
    expect((await admit(inventory({ startedAt: startedAt(24) }))).gaps).toEqual([]);
    expect(await admit(inventory({ startedAt: startedAt(24.01) }))).toMatchObject(refusedBecause('too long ago'));
    expect((await admit(inventory({ startedAt: startedAt(24.01) }), 25)).gaps).toEqual([]);
  });

  test('where it claims to be of the future, and would never grow old', async () => {
    const startedAt = new Date(NOW.getTime() + HOUR_MS).toISOString();
    expect(await admit(inventory({ startedAt }))).toMatchObject(refusedBecause('of the future'));
  });

  test('where it cannot be opened, with the permission that is missing', async () => {
    const denied = unknown({
      kind: 'unreadable',
      cause: 'denied',
      operation: 's3:GetObject',
      message: 's3:GetObject was denied.',
      missingPermission: 's3:GetObject',
    });
    expect(await admit(denied)).toMatchObject({
      items: denied,
      gaps: [{ cause: 'denied', cluster: CLUSTER, missingPermission: 's3:GetObject' }],
    });
  });
});

describe('what an inventory tells of anything else is left out, which is a gap of the cluster', () => {
  test.for([
    ['a resource of another account', resource({ accountId: STRANGER })],
    ['a resource of another region', resource({ region: 'ap-south-1' })],
    ['a resource of another partition', resource({ partition: 'aws-cn' })],
    ['a resource of another cluster', resource({ uid: `${CLUSTER_ARN}-2/shop/Service/api` })],
    ['a resource that names another cluster', resource({ cluster: 'other' })],
  ] as const)('%s', async ([, stranger]) => {
    expect(await admit(inventory({ resources: [cluster, stranger] }))).toMatchObject({
      items: known([{ resource: cluster }, { fact: fact() }]),
      incomplete: KINDS,
      gaps: [{ cluster: CLUSTER, reason: expect.stringContaining('that was left out') }],
    });
  });

  test.for([
    ['an image that something else runs', fact({ usedBy: 'arn:aws:ecs:eu-west-1:111122223333:service/shop/api' })],
    ['a fact of another account', fact({ accountId: STRANGER })],
    ['another cluster as a whole', fact({ kind: 'kubernetes-cluster', key: `${CLUSTER_ARN}-2` })],
    [
      'a role that a service account of another cluster uses',
      fact({
        kind: 'role-use',
        use: 'service-account',
        clusterArn: CLUSTER_ARN,
        user: `${CLUSTER_ARN}-2/a/ServiceAccount/b`,
      }),
    ],
  ] as const)('%s', async ([, stranger]) => {
    expect(await admit(inventory({ facts: [stranger] }))).toMatchObject({
      items: known([{ resource: cluster }, { resource: resource() }]),
      gaps: [{ cluster: CLUSTER }],
    });
  });

  test('but for what AWS tells of a whole region, which is read where the inventory is judged', async () => {
    const node = fact({ kind: 'role-use', use: 'eks-node', clusterArn: CLUSTER_ARN, user: `${CLUSTER_ARN}/nodes` });
    const eks = resource({ type: 'AwsEksCluster', uid: CLUSTER_ARN });
    expect((await admit(inventory({ facts: [node], resources: [cluster, eks] }))).gaps).toEqual([]);
  });
});

describe('what collect could not see', () => {
  const gap = {
    accountId: ACCOUNT,
    region: REGION,
    service: 'kubernetes',
    operation: 'kubernetes:list pods',
    cause: 'denied' as const,
    reason: 'Denied.',
    count: 1,
  };
  const coverage = (cluster?: string) => [
    {
      ...{ accountId: ACCOUNT, region: REGION, service: 'kubernetes', status: 'partial' as const },
      gaps: [{ ...gap, ...(cluster === undefined ? {} : { cluster }) }],
    },
  ];

  test('is a gap here, too', async () => {
    expect((await admit(inventory({ coverage: coverage(CLUSTER) }))).gaps).toEqual([{ ...gap, cluster: CLUSTER }]);
    expect((await admit(inventory({ coverage: coverage() }))).gaps).toEqual([{ ...gap, cluster: CLUSTER }]);
  });

  test('in another cluster is not', async () => {
    expect((await admit(inventory({ coverage: coverage('other') }))).gaps).toEqual([]);
  });

  test('leaves its facts incomplete', async () => {
    expect((await admit(inventory({ factCompletions: [] }))).incomplete).toEqual(KINDS);
  });
});
