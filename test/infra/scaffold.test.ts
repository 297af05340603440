import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');
const COPIED = [
  '.gitignore',
  'biome.json',
  'infra',
  'package.json',
  'shared',
  'test',
  'tsconfig.json',
  'vitest.config.ts',
];

let copy: string;

beforeAll(() => {
  copy = realpathSync(mkdtempSync(join(tmpdir(), 'hullcheck-scaffold-')));
  for (const name of COPIED) cpSync(join(ROOT, name), join(copy, name), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
  // One area without checks, whatever the catalogue has by now.
  rmSync(join(copy, 'shared/checks/dockerfile'), { recursive: true, force: true });
});

afterAll(() => rmSync(copy, { recursive: true, force: true }));

describe('npm run create-check', () => {
  const files = [
    'shared/checks/ecs/ecs-task-tests-written.ts',
    'test/unit/checks/ecs/ecs-task-tests-written.test.ts',
  ] as const;

  test('writes a check and its test that compile, lint, and fail one test that says what to write', () => {
    const created = script('create-check', 'ecs-task-tests-written');

    expect(created).toMatchObject({ status: 0, stderr: expect.stringContaining('Next: write the rule in') });
    expect(readFileSync(join(copy, files[0]), 'utf8')).toContain("resourceType: 'AwsEcsTaskDefinition'");
    expectCleanSources(files);
    expect(failedTests(files[1])).toEqual([
      { passed: 0, message: expect.stringContaining('write title, rationale, remediation and evaluate in shared/') },
    ]);
  });

  test.for([
    ['an id in capitals', ['ECS-Task-Good'], 'is no check id'],
    ['an id without a state', ['ecs-task'], 'is no check id'],
    ['an area that does not exist', ['lambda-function-small'], 'must begin with an area: ecr, image'],
    ['a check that exists', ['ecs-task-root-filesystem-readonly'], 'exists already; nothing was written.'],
    ['an area without checks', ['dockerfile-user-nonroot'], 'give --resource-type.'],
    ['an unknown type', ['ecs-task-x-y', '--resource-type', 'AwsMoon'], 'There is no passing AwsMoon yet'],
    ['no id at all', [], 'Usage: npm run create-check'],
    ['a flag it does not know', ['ecs-task-x-y', '--force'], "Unknown option '--force'"],
  ] as const)('refuses %s in one sentence', ([, args, sentence]) => {
    expectRefusal(script('create-check', ...args), sentence);
  });
});

describe('npm run create-collector', () => {
  const files = [
    'shared/collectors/app-runner/model.ts',
    'shared/collectors/app-runner/collect.ts',
    'test/factories/app-runner.ts',
    'test/unit/collectors/app-runner/collect.test.ts',
  ] as const;

  test('writes a folder that compiles, lints, and fails one test that says what to write', () => {
    const created = script('create-collector', 'app-runner', '--resource-type', 'AwsAppRunnerService');

    expect(created).toMatchObject({ status: 0, stderr: expect.stringContaining('Next: write the calls in') });
    expectCleanSources(files);
    expect(failedTests(files[3])).toEqual([
      { passed: 1, message: expect.stringContaining('write the calls in shared/collectors/app-runner/collect.ts') },
    ]);
  });

  test.for([
    ['a name in capitals', ['AppRunner'], 'is no service'],
    ['a service that exists', ['ecs'], 'exists already; nothing was written.'],
    ['a type that is no name', ['batch', '--resource-type', 'aws batch'], 'is no resource type'],
    ['no service at all', [], 'Usage: npm run create-collector'],
  ] as const)('refuses %s in one sentence', ([, args, sentence]) => {
    expectRefusal(script('create-collector', ...args), sentence);
  });
});

describe('npm run generate', () => {
  test('lists what is new in the indexes, and --check names what no longer matches', () => {
    expect(script('generate')).toMatchObject({ status: 0 });
    expect(script('generate', '--check')).toMatchObject({ status: 0, stderr: '' });
    writeFileSync(join(copy, 'docs/checks/ecs-gone.md'), 'left over\n');
    writeFileSync(join(copy, 'docs/frameworks.md'), 'edited by hand\n');
    rmSync(join(copy, 'shared/checks/index.generated.ts'));

    const checked = script('generate', '--check');

    expect(checked.status).toBe(1);
    expect(checked.stderr.trim().split('\n').sort()).toEqual([
      'docs/checks/ecs-gone.md is stale (nothing generates it): run npm run generate.',
      'docs/frameworks.md differs from its source: run npm run generate.',
      'shared/checks/index.generated.ts is missing: run npm run generate.',
    ]);
    expect(script('generate')).toMatchObject({ status: 0, stderr: expect.stringContaining('3 changed') });
    expect(script('generate', '--check')).toMatchObject({ status: 0 });
    expectLintClean(['shared/checks/index.generated.ts', 'shared/collectors/index.generated.ts']);
  });
});

interface Run {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function script(name: string, ...args: readonly string[]): Run {
  return run('node', join(ROOT, `infra/scripts/${name}.ts`), ...args, '--root', copy);
}

/** Runs a tool of the project in the copy. */
function run(tool: string, ...args: readonly string[]): Run {
  const { status, stdout, stderr } = spawnSync(join(ROOT, 'node_modules/.bin', tool), args, {
    cwd: copy,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1' },
  });
  return { status, stdout, stderr };
}

function expectRefusal({ status, stderr }: Run, sentence: string): void {
  expect(status).toBe(2);
  expect(stderr.trim()).toContain(sentence);
  expect(stderr.trim().split('\n'), 'one sentence, no stack trace').toHaveLength(1);
}

/** The scaffold compiles and lints as it is, whatever else in the tree does not. */
function expectCleanSources(files: readonly string[]): void {
  writeFileSync(join(copy, 'tsconfig.scaffold.json'), JSON.stringify({ extends: './tsconfig.json', include: files }));
  const { stdout } = run('tsc', '-p', 'tsconfig.scaffold.json');
  expect(stdout.split('\n').filter((line) => files.some((file) => line.startsWith(file)))).toEqual([]);
  expectLintClean(files);
}

function expectLintClean(files: readonly string[]): void {
  expect(run('biome', 'ci', ...files)).toMatchObject({ status: 0 });
}

/** What fails in a test file: the message of each failed test, and how many others passed. */
function failedTests(file: string): readonly { passed: number; message: string }[] {
  run('vitest', 'run', '--reporter=json', '--outputFile=report.json', file);
  const report: { testResults: { assertionResults: { status: string; failureMessages: string[] }[] }[] } = JSON.parse(
    readFileSync(join(copy, 'report.json'), 'utf8'),
  );
  const results = report.testResults.flatMap((result) => result.assertionResults);
  const passed = results.filter((result) => result.status === 'passed').length;
  return results
    .filter((result) => result.status === 'failed')
    .map((result) => ({ passed, message: result.failureMessages.join('\n') }));
}
