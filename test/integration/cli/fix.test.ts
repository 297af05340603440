import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type DemoAccount, startDemoAccount } from '#demo/server.ts';
import type { RegionState } from '#demo/world/world.ts';
import type { ResponseRecord } from '#shared/domain/response.ts';
import { fixes } from '#shared/fixes/index.generated.ts';
import { runCli, SOURCE } from '#test/support/cli.ts';

let demo: DemoAccount;

beforeEach(async () => {
  demo = await startDemoAccount();
});

afterEach(() => demo.close());

const region = (name = 'us-east-1'): RegionState => {
  const found = demo.world.accounts[0]?.regions.find((one) => one.name === name);
  if (found === undefined) throw new Error(`the demo has no ${name}`);
  return found;
};
const idOf = (check: string, uid: string, place = 'us-east-1') => `hullcheck/aws/111122223333/${place}/${check}/${uid}`;
const repository = (name: string, place = 'us-east-1') => `arn:aws:ecr:${place}:111122223333:repository/${name}`;
const cluster = (name: string) => `arn:aws:eks:us-east-1:111122223333:cluster/${name}`;
const detector = 'arn:aws:guardduty:us-east-1:111122223333:detector';
const repositoryState = (name: string, place = 'us-east-1') => {
  const found = region(place).ecr.repositories.find((one) => one.repository.repositoryName === name);
  if (found === undefined) throw new Error(`the demo has no repository ${name}`);
  return found;
};

async function fix(...args: readonly string[]) {
  const before = demo.recorder.calls().length;
  const run = await runCli(['fix', ...args], demo.env, { bin: SOURCE });
  const calls = demo.recorder.calls().slice(before);
  return { ...run, calls, writes: calls.map(({ operation }) => operation).filter(isWrite) };
}

/** The outcome as JSON, with what was written. */
async function outcomeOf(...args: readonly string[]) {
  const run = await fix(...args, '--format', 'json');
  return { ...run, record: JSON.parse(run.stdout) as ResponseRecord };
}

const isWrite = (operation: string) => !/:(?:Assume|BatchGet|Describe|Get|List)[A-Z]/.test(operation);

const allLogTypes = ['api', 'audit', 'authenticator', 'controllerManager', 'scheduler'];
const runtimeFeature = () =>
  region().security.detector?.detector.Features?.find((one) => one.Name === 'RUNTIME_MONITORING');

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
    id: idOf('ecr-repository-scanning-enabled', repository('tidewater/eu-batch', 'eu-west-1'), 'eu-west-1'),
    write: 'ecr:PutImageScanningConfiguration',
    see: () => repositoryState('tidewater/eu-batch', 'eu-west-1').repository.imageScanningConfiguration,
    expected: { scanOnPush: true },
  },
  {
    name: 'scan on push, by one filter more in the rules of the registry',
    id: idOf('ecr-repository-scanning-enabled', repository('legacy/billing')),
    write: 'ecr:PutRegistryScanningConfiguration',
    see: () => region().ecr.scanning,
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
    id: idOf('ecr-repository-tags-immutable', repository('tidewater/storefront')),
    write: 'ecr:PutImageTagMutability',
    see: () => repositoryState('tidewater/storefront').repository.imageTagMutability,
    expected: 'IMMUTABLE',
  },
  {
    name: 'untagged images, in a repository without a policy',
    id: idOf('ecr-repository-untagged-expire', repository('tidewater/sandbox')),
    write: 'ecr:PutLifecyclePolicy',
    see: () => JSON.parse(repositoryState('tidewater/sandbox').lifecyclePolicy ?? '').rules,
    expected: [expect.objectContaining({ rulePriority: 1, action: { type: 'expire' } })],
  },
  {
    name: 'untagged images, beside the rules of a policy',
    id: idOf('ecr-repository-untagged-expire', repository('tidewater/cold-archive')),
    write: 'ecr:PutLifecyclePolicy',
    prepare: () => {
      repositoryState('tidewater/cold-archive').lifecyclePolicy = JSON.stringify({ rules: [ownRule] });
    },
    see: () => JSON.parse(repositoryState('tidewater/cold-archive').lifecyclePolicy ?? '').rules,
    expected: [
      { rulePriority: 5, description: 'Ours: old betas', selection: expect.anything(), action: { type: 'expire' } },
      expect.objectContaining({ rulePriority: 6 }),
    ],
  },
  {
    name: 'control plane logs, where there are none',
    id: idOf('eks-cluster-logging-enabled', cluster('tide-open')),
    write: 'eks:UpdateClusterConfig',
    see: () => region().eks.clusters.find((one) => one.cluster.name === 'tide-open')?.cluster.logging?.clusterLogging,
    expected: [{ types: allLogTypes, enabled: true }],
  },
  {
    name: 'control plane logs, beside those that are on',
    id: idOf('eks-cluster-logging-enabled', cluster('tide-auto')),
    write: 'eks:UpdateClusterConfig',
    see: () => region().eks.clusters.find((one) => one.cluster.name === 'tide-auto')?.cluster.logging?.clusterLogging,
    expected: [{ types: allLogTypes, enabled: true }],
  },
  {
    name: 'the agent of GuardDuty on Fargate, beside that of EKS',
    id: idOf('guardduty-ecs-runtime-enabled', detector),
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
    const dry = await outcomeOf(id);
    expect(dry.record).toMatchObject({ outcome: 'planned', dryRun: true, verdictBefore: { status: 'FAILED' } });
    expect(dry).toMatchObject({ exitCode: 0, writes: [] });

    const applied = await outcomeOf(id, '--apply');
    expect(applied).toMatchObject({ exitCode: 0, writes: [write] });
    expect(applied.record).toMatchObject({ outcome: 'fixed', dryRun: false, verdictAfter: { status: 'PASSED' } });
    expect(applied.record.after).toEqual(applied.record.wanted);
    expect(applied.record.before).toEqual(dry.record.before);
    expect(see()).toEqual(expected);
    const check = id.split('/')[4] ?? '';
    const declared = fixes.find(({ checks }) => checks.includes(check))?.permissions;
    expect(declared).toEqual(expect.arrayContaining(applied.writes));

    const again = await outcomeOf(id, '--apply');
    expect(again).toMatchObject({ exitCode: 0, writes: [], record: { outcome: 'no-change' } });
  });
});

describe('fix of GuardDuty (T83)', () => {
  const features = () => region().security.detector?.detector.Features ?? [];
  const set = (name: string, Status: 'ENABLED' | 'DISABLED', more: object = {}) => {
    const held = features().find(({ Name }) => Name === name);
    if (held !== undefined) Object.assign(held, { Status, AdditionalConfiguration: [], ...more });
  };
  const switches = (name: string) => {
    const held = features().find(({ Name }) => Name === name);
    return [held?.Status, ...(held?.AdditionalConfiguration ?? []).map(({ Name, Status }) => `${Name} ${Status}`)];
  };
  const eks = idOf('guardduty-eks-runtime-enabled', detector);
  const agent = idOf('guardduty-eks-agent-managed', detector);

  test('takes the current feature where neither is in use, with the add-on that GuardDuty manages', async () => {
    set('RUNTIME_MONITORING', 'DISABLED');

    const { record } = await outcomeOf(eks, '--apply');

    expect(record.outcome).toBe('fixed');
    expect(switches('RUNTIME_MONITORING')).toEqual(['ENABLED', 'EKS_ADDON_MANAGEMENT ENABLED']);
    expect(switches('EKS_RUNTIME_MONITORING')).toEqual(['DISABLED']);
  });

  test('keeps the older feature where it is in use, and never switches both on', async () => {
    set('RUNTIME_MONITORING', 'DISABLED');
    set('EKS_RUNTIME_MONITORING', 'ENABLED', {
      AdditionalConfiguration: [{ Name: 'EKS_ADDON_MANAGEMENT', Status: 'DISABLED' }],
    });

    const { record } = await outcomeOf(agent, '--apply');

    expect(record.outcome).toBe('fixed');
    expect(switches('EKS_RUNTIME_MONITORING')).toEqual(['ENABLED', 'EKS_ADDON_MANAGEMENT ENABLED']);
    expect(switches('RUNTIME_MONITORING')).toEqual(['DISABLED']);
    const ecs = await outcomeOf(idOf('guardduty-ecs-runtime-enabled', detector), '--apply');
    expect(ecs).toMatchObject({ exitCode: 1, writes: [], record: { outcome: 'refused' } });
    expect(ecs.record.says).toContain('migrate to RUNTIME_MONITORING first');
  });

  test('refuses what a policy of the organization manages', async () => {
    set('RUNTIME_MONITORING', 'DISABLED', { ManagedBy: 'GUARDDUTY_POLICY' });

    const run = await outcomeOf(eks, '--apply');

    expect(run).toMatchObject({ exitCode: 1, writes: [], record: { outcome: 'refused' } });
    expect(run.record.says).toContain('GUARDDUTY_POLICY');
  });

  test('creates no detector, and says so', async () => {
    region().security.detector = undefined;

    const run = await outcomeOf(eks, '--apply');

    expect(run).toMatchObject({ exitCode: 1, writes: [], record: { outcome: 'refused' } });
    expect(run.record.says).toContain('has no detector');
  });
});

describe('fix refuses', () => {
  const mutable = idOf('ecr-repository-tags-immutable', repository('tidewater/storefront'));

  test('what a waiver protects, and names it', async () => {
    const file = await waiversFile(`
  - id: storefront-tags
    checks: [ecr-repository-tags-immutable]
    scope: { resource: "${repository('tidewater/storefront')}" }
    reason: agreed
    owner: team-shop
    approvedBy: ciso
    createdAt: ${day(-10)}
    expiresAt: ${day(60)}`);

    const run = await outcomeOf(mutable, '--apply', '--waivers', file);

    expect(run).toMatchObject({ exitCode: 1, writes: [], record: { outcome: 'refused' } });
    expect(run.record.says).toContain('storefront-tags of team-shop');
  });

  test('everything while a waiver is written wrongly, because it may protect the resource', async () => {
    const run = await outcomeOf(mutable, '--apply', '--waivers', await waiversFile('\n  - id: half'));

    expect(run).toMatchObject({ exitCode: 1, writes: [], record: { outcome: 'refused' } });
    expect(run.record.says).toContain('half is written wrongly');
  });

  test('exclusion filters that somebody chose: they stay', async () => {
    const run = await outcomeOf(
      idOf('ecr-repository-tags-immutable', repository('tidewater/freight-tracker')),
      '--apply',
    );

    expect(run).toMatchObject({ exitCode: 1, writes: [], record: { outcome: 'refused' } });
  });

  test('to expire untagged images while one of them runs', async () => {
    const run = await outcomeOf(
      idOf('ecr-repository-untagged-expire', repository('tidewater/storefront')),
      '--apply',
      '--allow-unknown-use',
    );

    expect(run).toMatchObject({ exitCode: 1, writes: [], record: { outcome: 'refused' } });
    expect(run.record.says).toContain('runs, and the rule would delete it');
  });

  test('what no fix exists for, with the words of the check on how to do it by hand', async () => {
    const run = await fix(idOf('ecr-repository-not-public', repository('tidewater/recipe-importer')), '--apply');

    expect(run).toMatchObject({ exitCode: 1, writes: [] });
    expect(run.stdout).toContain('Hullcheck has no safe fix for ecr-repository-not-public; by hand: ');
  });

  test('what does not exist any more', async () => {
    const run = await outcomeOf(idOf('ecr-repository-tags-immutable', repository('tidewater/gone')), '--apply');

    expect(run).toMatchObject({ exitCode: 1, writes: [], record: { says: 'The resource does not exist any more.' } });
  });
});

describe('fix tells', () => {
  const mutable = idOf('ecr-repository-tags-immutable', repository('tidewater/storefront'));

  test('which permission it lacks to look: exit code 3, nothing written', async () => {
    demo.faults.add('ecr:DescribeRepositories', { kind: 'deny', because: 'no-identity-policy' });

    const run = await outcomeOf(mutable, '--apply');

    expect(run).toMatchObject({ exitCode: 3, writes: [], record: { outcome: 'could-not-look' } });
    expect(run.record.says).toContain('ecr:DescribeRepositories');
  });

  test('which permission it lacks to change: exit code 1, and the settings as they still are', async () => {
    demo.faults.add('ecr:PutImageTagMutability', { kind: 'deny', because: 'no-identity-policy' });

    const run = await outcomeOf(mutable, '--apply');

    expect(run).toMatchObject({ exitCode: 1, record: { outcome: 'still-failing' } });
    expect(run.record.says).toBe(
      'ecr:PutImageTagMutability was denied: allow ecr:PutImageTagMutability in the policy of the responding role.',
    );
    expect(run.record.after).toEqual(run.record.before);
  });

  test('people what changes, and not what stays', async () => {
    const { stdout, stderr } = await fix(idOf('ecr-repository-scanning-enabled', repository('legacy/billing')));

    expect(stdout).toContain('registry.rules[1].filters[1]: nothing -> {"type":"WILDCARD","filter":"legacy/billing"}');
    expect(stdout).not.toContain('partners/*');
    expect(stderr).toContain('Add --apply');
  });

  test('auditors: what was to be done is written down before it is done, and then what was', async () => {
    const output = join(await mkdtemp(join(tmpdir(), 'hullcheck-fix-')), 'evidence.jsonl');

    await fix(mutable, '--apply', '--output', output);

    const records = (await readFile(output, 'utf8'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(records).toMatchObject([{ outcome: 'applying' }, { outcome: 'fixed', verdictAfter: { status: 'PASSED' } }]);
  });
});

describe('wrong input is one sentence and exit code 2', () => {
  test.for([
    ['an id that is none', ['storefront'], 'is not the id of a finding'],
    ['a check that does not exist', [idOf('ecr-nothing', 'x')], 'There is no check "ecr-nothing"'],
    ['an id without an ARN', [idOf('ecr-repository-tags-immutable', 'x')], 'does not end with the ARN'],
    [
      'a finding of another account',
      [`hullcheck/aws/999999999999/us-east-1/ecr-repository-tags-immutable/${repository('x')}`],
      'the credentials are of 111122223333',
    ],
    [
      'a result that is not there',
      [idOf('ecr-repository-tags-immutable', repository('x')), '--result', '/nowhere.json'],
      'cannot be read',
    ],
  ] as const)('%s', async ([, args, sentence]) => {
    const run = await fix(...args);

    expect(run).toMatchObject({ exitCode: 2, stdout: '', writes: [] });
    expect(run.stderr.trim().split('\n')).toEqual([expect.stringContaining(sentence)]);
  });

  test('a finding that the result does not hold', async () => {
    const file = join(await mkdtemp(join(tmpdir(), 'hullcheck-fix-')), 'result.json');
    await writeFile(file, JSON.stringify({ findings: [{ id: 'another' }] }));

    const run = await fix(idOf('ecr-repository-tags-immutable', repository('tidewater/storefront')), '--result', file);

    expect(run).toMatchObject({ exitCode: 2, writes: [] });
    expect(run.stderr).toContain('holds no finding');
  });
});

function day(days: number): string {
  return new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
}

async function waiversFile(waivers: string): Promise<string> {
  const path = join(await mkdtemp(join(tmpdir(), 'hullcheck-fix-')), 'waivers.yaml');
  await writeFile(path, `version: 1\nwaivers:${waivers}\n`);
  return path;
}
