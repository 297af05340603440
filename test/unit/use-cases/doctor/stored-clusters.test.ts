import { expect, test } from 'vitest';
import type { CoverageEntry } from '#shared/domain/coverage.ts';
import type { Inventory } from '#shared/domain/inventory.ts';
import { known, type Observed } from '#shared/domain/observed.ts';
import type { Resource } from '#shared/domain/resource.ts';
import { lookAtStoredCluster } from '#shared/use-cases/doctor/stored-clusters.ts';
import { CLUSTER, CLUSTER_ARN } from '#test/factories/kubernetes.ts';
import { ACCOUNT, REGION } from '#test/factories/resource.ts';
import { denied, NOW } from '#test/support/judge.ts';

const PLACE = 's3://insides/harbour.jsonl';
const WHERE = { accountId: ACCOUNT, region: REGION };

function inventory(change: Partial<Inventory> = {}): Inventory {
  return {
    startedAt: NOW.toISOString(),
    finishedAt: NOW.toISOString(),
    targets: [{ ...WHERE, partition: 'aws' }],
    services: ['kubernetes'],
    resources: [{ type: 'KubernetesCluster', uid: CLUSTER_ARN } as unknown as Resource],
    facts: [],
    factCompletions: [],
    coverage: [{ ...WHERE, service: 'kubernetes', status: 'scanned', gaps: [] }],
    ...change,
  };
}

function look(stored: Observed<Inventory>, hoursLater = 0) {
  const place = {
    ...WHERE,
    partition: 'aws',
    clientFor: () => {
      throw new Error('nothing is asked of AWS here');
    },
  };
  const setting = { cluster: CLUSTER_ARN, inventory: PLACE, maxAgeHours: 24 };
  return lookAtStoredCluster(
    setting,
    CLUSTER,
    place,
    async () => stored,
    new Date(NOW.getTime() + hoursLater * 3_600_000),
  );
}

test('in order is a whole inventory of this cluster that is young enough', async () => {
  expect(await look(known(inventory()), 24)).toEqual({
    group: 'clusters',
    status: 'ok',
    subject: CLUSTER,
    ...WHERE,
    message: `${CLUSTER} (${REGION}) is judged by ${PLACE}, collected at ${NOW.toISOString()}, for 24 hours from then. Nothing connects to it.`,
  });
});

test('an old one is a problem, with its date and how old it may be', async () => {
  expect(await look(known(inventory()), 25)).toMatchObject({
    status: 'problem',
    message: expect.stringContaining(`collected at ${NOW.toISOString()}, cannot be used (at most 24 hours old)`),
    fix: { text: expect.stringContaining('CronJob'), command: `aws s3 ls ${PLACE}` },
  });
});

test('one that may not be read is a problem that names the permission', async () => {
  expect(await look(denied('s3:GetObject'))).toMatchObject({
    status: 'problem',
    message: expect.stringContaining('s3:GetObject'),
  });
});

test('one of another cluster says nothing of this one', async () => {
  expect(await look(known(inventory({ resources: [] })))).toMatchObject({
    status: 'problem',
    message: expect.stringContaining('is not the inventory of this cluster'),
  });
});

test('one whose collector was not let in everywhere is a warning with the first thing that lacks', async () => {
  const gap = {
    ...WHERE,
    service: 'kubernetes',
    operation: 'kubernetes:list pods',
    cause: 'denied' as const,
    reason: 'pods may not be listed.',
    count: 1,
  };
  const coverage: CoverageEntry[] = [
    { ...WHERE, service: 'kubernetes', status: 'partial', gaps: [{ ...gap, cluster: CLUSTER }] },
  ];

  expect(await look(known(inventory({ coverage })))).toMatchObject({
    status: 'warning',
    message: expect.stringContaining('It is not whole: pods may not be listed.'),
  });
});
