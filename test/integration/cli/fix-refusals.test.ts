import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type FixBench, findingIdOf, repositoryArn, startFixBench } from '#test/support/fix-bench.ts';

let bench: FixBench;

beforeEach(async () => {
  bench = await startFixBench();
});

afterEach(() => bench.demo.close());

describe('fix refuses', () => {
  const mutable = findingIdOf('ecr-repository-tags-immutable', repositoryArn('tidewater/storefront'));

  test('what a waiver protects, and names it', async () => {
    const file = await waiversFile(`
  - id: storefront-tags
    checks: [ecr-repository-tags-immutable]
    scope: { resource: "${repositoryArn('tidewater/storefront')}" }
    reason: agreed
    owner: team-shop
    approvedBy: ciso
    createdAt: ${day(-10)}
    expiresAt: ${day(60)}`);

    const run = await bench.outcomeOf(mutable, '--apply', '--waivers', file);

    expect(run).toMatchObject({ exitCode: 1, writes: [], record: { outcome: 'refused' } });
    expect(run.record.says).toContain('storefront-tags of team-shop');
  });

  test('everything while a waiver is written wrongly, because it may protect the resource', async () => {
    const run = await bench.outcomeOf(mutable, '--apply', '--waivers', await waiversFile('\n  - id: half'));

    expect(run).toMatchObject({ exitCode: 1, writes: [], record: { outcome: 'refused' } });
    expect(run.record.says).toContain('half is written wrongly');
  });

  test('exclusion filters that somebody chose: they stay', async () => {
    const run = await bench.outcomeOf(
      findingIdOf('ecr-repository-tags-immutable', repositoryArn('tidewater/freight-tracker')),
      '--apply',
    );

    expect(run).toMatchObject({ exitCode: 1, writes: [], record: { outcome: 'refused' } });
  });

  test('to expire untagged images while one of them runs', async () => {
    const run = await bench.outcomeOf(
      findingIdOf('ecr-repository-untagged-expire', repositoryArn('tidewater/storefront')),
      '--apply',
      '--allow-unknown-use',
    );

    expect(run).toMatchObject({ exitCode: 1, writes: [], record: { outcome: 'refused' } });
    expect(run.record.says).toContain('runs, and the rule would delete it');
  });

  test('what no fix exists for, with the words of the check on how to do it by hand', async () => {
    const run = await bench.fix(
      findingIdOf('ecr-repository-not-public', repositoryArn('tidewater/recipe-importer')),
      '--apply',
    );

    expect(run).toMatchObject({ exitCode: 1, writes: [] });
    expect(run.stdout).toContain('Hullcheck has no safe fix for ecr-repository-not-public; by hand: ');
  });

  test('what does not exist any more', async () => {
    const run = await bench.outcomeOf(
      findingIdOf('ecr-repository-tags-immutable', repositoryArn('tidewater/gone')),
      '--apply',
    );

    expect(run).toMatchObject({ exitCode: 1, writes: [], record: { says: 'The resource does not exist any more.' } });
  });
});

describe('fix tells', () => {
  const mutable = findingIdOf('ecr-repository-tags-immutable', repositoryArn('tidewater/storefront'));

  test('which permission it lacks to look: exit code 3, nothing written', async () => {
    bench.demo.faults.add('ecr:DescribeRepositories', { kind: 'deny', because: 'no-identity-policy' });

    const run = await bench.outcomeOf(mutable, '--apply');

    expect(run).toMatchObject({ exitCode: 3, writes: [], record: { outcome: 'could-not-look' } });
    expect(run.record.says).toContain('ecr:DescribeRepositories');
  });

  test('which permission it lacks to change: exit code 1, and the settings as they still are', async () => {
    bench.demo.faults.add('ecr:PutImageTagMutability', { kind: 'deny', because: 'no-identity-policy' });

    const run = await bench.outcomeOf(mutable, '--apply');

    expect(run).toMatchObject({ exitCode: 1, record: { outcome: 'still-failing' } });
    expect(run.record.says).toBe(
      'ecr:PutImageTagMutability was denied: allow ecr:PutImageTagMutability in the policy of the responding role.',
    );
    expect(run.record.after).toEqual(run.record.before);
  });

  test('people what changes, and not what stays', async () => {
    const { stdout, stderr } = await bench.fix(
      findingIdOf('ecr-repository-scanning-enabled', repositoryArn('legacy/billing')),
    );

    expect(stdout).toContain('registry.rules[1].filters[1]: nothing -> {"type":"WILDCARD","filter":"legacy/billing"}');
    expect(stdout).not.toContain('partners/*');
    expect(stderr).toContain('Add --apply');
  });

  test('auditors: what was to be done is written down before it is done, and then what was', async () => {
    const output = join(await mkdtemp(join(tmpdir(), 'hullcheck-fix-')), 'evidence.jsonl');

    await bench.fix(mutable, '--apply', '--output', output);

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
    ['a check that does not exist', [findingIdOf('ecr-nothing', 'x')], 'There is no check "ecr-nothing"'],
    ['an id without an ARN', [findingIdOf('ecr-repository-tags-immutable', 'x')], 'does not end with the ARN'],
    [
      'a finding of another account',
      [`hullcheck/aws/999999999999/us-east-1/ecr-repository-tags-immutable/${repositoryArn('x')}`],
      'the credentials are of 111122223333',
    ],
    [
      'a result that is not there',
      [findingIdOf('ecr-repository-tags-immutable', repositoryArn('x')), '--result', '/nowhere.json'],
      'cannot be read',
    ],
  ] as const)('%s', async ([, args, sentence]) => {
    const run = await bench.fix(...args);

    expect(run).toMatchObject({ exitCode: 2, stdout: '', writes: [] });
    expect(run.stderr.trim().split('\n')).toEqual([expect.stringContaining(sentence)]);
  });

  test('a finding that the result does not hold', async () => {
    const file = join(await mkdtemp(join(tmpdir(), 'hullcheck-fix-')), 'result.json');
    await writeFile(file, JSON.stringify({ findings: [{ id: 'another' }] }));

    const run = await bench.fix(
      findingIdOf('ecr-repository-tags-immutable', repositoryArn('tidewater/storefront')),
      '--result',
      file,
    );

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
