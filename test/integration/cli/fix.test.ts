import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { fixes } from '#shared/fixes/index.generated.ts';
import { DETECTOR, type FixBench, findingIdOf, repositoryArn, startFixBench } from '#test/support/fix-bench.ts';

let bench: FixBench;

beforeEach(async () => {
  bench = await startFixBench();
});

afterEach(() => bench.demo.close());

const cluster = (name: string) => `arn:aws:eks:us-east-1:111122223333:cluster/${name}`;
const allLogTypes = ['api', 'audit', 'authenticator', 'controllerManager', 'scheduler'];
const runtimeFeature = () =>
  bench.region().security.detector?.detector.Features?.find((one) => one.Name === 'RUNTIME_MONITORING');

/** Every fix on something of the demo that fails, and what must be there afterwards. */
const CASES: readonly {
  readonly name: string;
  readonly id: string;
  readonly write: string;
  readonly prepare?: () => void;
  readonly see: () => unknown;
  readonly expected: unknown;
}[] = [
  {
    name: 'scan on push, in a registry without rules',
    id: findingIdOf('ecr-repository-scanning-enabled', repositoryArn('tidewater/eu-batch', 'eu-west-1'), 'eu-west-1'),
    write: 'ecr:PutImageScanningConfiguration',
    see: () => bench.repository('tidewater/eu-batch', 'eu-west-1').repository.imageScanningConfiguration,
    expected: { scanOnPush: true },
  },
  {
    name: 'scan on push, by one filter more in the rules of the registry',
    id: findingIdOf('ecr-repository-scanning-enabled', repositoryArn('legacy/billing')),
    write: 'ecr:PutRegistryScanningConfiguration',
    see: () => bench.region().ecr.scanning,
    expected: {
      scanType: 'ENHANCED',
      rules: [
        { scanFrequency: 'CONTINUOUS_SCAN', repositoryFilters: [{ filter: 'tidewater/*', filterType: 'WILDCARD' }] },
        {
          scanFrequency: 'SCAN_ON_PUSH',
          repositoryFilters: [
            { filter: 'partners/*', filterType: 'WILDCARD' },
            { filter: 'legacy/billing', filterType: 'WILDCARD' },
          ],
        },
      ],
    },
  },
  {
    name: 'immutable tags',
    id: findingIdOf('ecr-repository-tags-immutable', repositoryArn('tidewater/storefront')),
    write: 'ecr:PutImageTagMutability',
    see: () => bench.repository('tidewater/storefront').repository.imageTagMutability,
    expected: 'IMMUTABLE',
  },
  {
    name: 'untagged images, in a repository without a policy',
    id: findingIdOf('ecr-repository-untagged-expire', repositoryArn('tidewater/sandbox')),
    write: 'ecr:PutLifecyclePolicy',
    see: () => JSON.parse(bench.repository('tidewater/sandbox').lifecyclePolicy ?? '').rules,
    expected: [expect.objectContaining({ rulePriority: 1, action: { type: 'expire' } })],
  },
  {
    name: 'untagged images, beside the rules of a policy',
    id: findingIdOf('ecr-repository-untagged-expire', repositoryArn('tidewater/cold-archive')),
    write: 'ecr:PutLifecyclePolicy',
    prepare: () => {
      bench.repository('tidewater/cold-archive').lifecyclePolicy = JSON.stringify({ rules: [ownRule] });
    },
    see: () => JSON.parse(bench.repository('tidewater/cold-archive').lifecyclePolicy ?? '').rules,
    expected: [
      { rulePriority: 5, description: 'Ours: old betas', selection: expect.anything(), action: { type: 'expire' } },
      expect.objectContaining({ rulePriority: 6 }),
    ],
  },
  {
    name: 'control plane logs, where there are none',
    id: findingIdOf('eks-cluster-logging-enabled', cluster('tide-open')),
    write: 'eks:UpdateClusterConfig',
    see: () =>
      bench.region().eks.clusters.find((one) => one.cluster.name === 'tide-open')?.cluster.logging?.clusterLogging,
    expected: [{ types: allLogTypes, enabled: true }],
  },
  {
    name: 'control plane logs, beside those that are on',
    id: findingIdOf('eks-cluster-logging-enabled', cluster('tide-auto')),
    write: 'eks:UpdateClusterConfig',
    see: () =>
      bench.region().eks.clusters.find((one) => one.cluster.name === 'tide-auto')?.cluster.logging?.clusterLogging,
    expected: [{ types: allLogTypes, enabled: true }],
  },
  {
    name: 'the agent of GuardDuty on Fargate, beside that of EKS',
    id: findingIdOf('guardduty-ecs-runtime-enabled', DETECTOR),
    write: 'guardduty:UpdateDetector',
    see: () =>
      runtimeFeature()
        ?.AdditionalConfiguration?.map(({ Name, Status }) => `${Name} ${Status}`)
        .sort(),
    expected: ['EC2_AGENT_MANAGEMENT DISABLED', 'ECS_FARGATE_AGENT_MANAGEMENT ENABLED', 'EKS_ADDON_MANAGEMENT ENABLED'],
  },
];

const ownRule = {
  rulePriority: 5,
  description: 'Ours: old betas',
  selection: { tagStatus: 'tagged', tagPrefixList: ['beta'], countType: 'imageCountMoreThan', countNumber: 3 },
  action: { type: 'expire' },
};

describe.for(CASES)('fix $name', ({ id, write, prepare, see, expected }) => {
  test('dry: writes nothing; applied: the check passes, and nothing else was touched; again: no change', async () => {
    prepare?.();
    const dry = await bench.outcomeOf(id);
    expect(dry.record).toMatchObject({ outcome: 'planned', dryRun: true, verdictBefore: { status: 'FAILED' } });
    expect(dry).toMatchObject({ exitCode: 0, writes: [] });

    const applied = await bench.outcomeOf(id, '--apply');
    expect(applied).toMatchObject({ exitCode: 0, writes: [write] });
    expect(applied.record).toMatchObject({ outcome: 'fixed', dryRun: false, verdictAfter: { status: 'PASSED' } });
    expect(applied.record.after).toEqual(applied.record.wanted);
    expect(applied.record.before).toEqual(dry.record.before);
    expect(see()).toEqual(expected);
    const check = id.split('/')[4] ?? '';
    const declared = fixes.find(({ checks }) => checks.includes(check))?.permissions;
    expect(declared).toEqual(expect.arrayContaining([...applied.writes]));

    const again = await bench.outcomeOf(id, '--apply');
    expect(again).toMatchObject({ exitCode: 0, writes: [], record: { outcome: 'no-change' } });
  });
});

describe('fix of GuardDuty (T83)', () => {
  const features = () => bench.region().security.detector?.detector.Features ?? [];
  const set = (name: string, Status: 'ENABLED' | 'DISABLED', more: object = {}) => {
    const held = features().find(({ Name }) => Name === name);
    if (held !== undefined) Object.assign(held, { Status, AdditionalConfiguration: [], ...more });
  };
  const switches = (name: string) => {
    const held = features().find(({ Name }) => Name === name);
    return [held?.Status, ...(held?.AdditionalConfiguration ?? []).map(({ Name, Status }) => `${Name} ${Status}`)];
  };
  const eks = findingIdOf('guardduty-eks-runtime-enabled', DETECTOR);
  const agent = findingIdOf('guardduty-eks-agent-managed', DETECTOR);

  test('takes the current feature where neither is in use, with the add-on that GuardDuty manages', async () => {
    set('RUNTIME_MONITORING', 'DISABLED');

    const { record } = await bench.outcomeOf(eks, '--apply');

    expect(record.outcome).toBe('fixed');
    expect(switches('RUNTIME_MONITORING')).toEqual(['ENABLED', 'EKS_ADDON_MANAGEMENT ENABLED']);
    expect(switches('EKS_RUNTIME_MONITORING')).toEqual(['DISABLED']);
  });

  test('keeps the older feature where it is in use, and never switches both on', async () => {
    set('RUNTIME_MONITORING', 'DISABLED');
    set('EKS_RUNTIME_MONITORING', 'ENABLED', {
      AdditionalConfiguration: [{ Name: 'EKS_ADDON_MANAGEMENT', Status: 'DISABLED' }],
    });

    const { record } = await bench.outcomeOf(agent, '--apply');

    expect(record.outcome).toBe('fixed');
    expect(switches('EKS_RUNTIME_MONITORING')).toEqual(['ENABLED', 'EKS_ADDON_MANAGEMENT ENABLED']);
    expect(switches('RUNTIME_MONITORING')).toEqual(['DISABLED']);
    const ecs = await bench.outcomeOf(findingIdOf('guardduty-ecs-runtime-enabled', DETECTOR), '--apply');
    expect(ecs).toMatchObject({ exitCode: 1, writes: [], record: { outcome: 'refused' } });
    expect(ecs.record.says).toContain('migrate to RUNTIME_MONITORING first');
  });

  test('refuses what a policy of the organization manages', async () => {
    set('RUNTIME_MONITORING', 'DISABLED', { ManagedBy: 'GUARDDUTY_POLICY' });

    const run = await bench.outcomeOf(eks, '--apply');

    expect(run).toMatchObject({ exitCode: 1, writes: [], record: { outcome: 'refused' } });
    expect(run.record.says).toContain('GUARDDUTY_POLICY');
  });

  test('creates no detector, and says so', async () => {
    bench.region().security.detector = undefined;

    const run = await bench.outcomeOf(eks, '--apply');

    expect(run).toMatchObject({ exitCode: 1, writes: [], record: { outcome: 'refused' } });
    expect(run.record.says).toContain('has no detector');
  });
});
