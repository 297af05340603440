import { mkdir, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runCliHere } from '#test/support/cli-in-process.ts';

describe('one sentence and exit code 2 answer', () => {
  test.for<[what: string, args: readonly string[], sentence: RegExp]>([
    ['a file that does not exist', ['nothing.yaml'], /nothing\.yaml cannot be read: it does not exist/],
    ['a directory without documents', ['empty'], /There is no \*\.yaml/],
    ['no file', [], /missing required argument 'file'/],
    ['an unknown version', ['-', '--kubernetes-version', '1.24'], /"1\.24" is no version from 1\.25 to 1\.\d+/],
    ['no version at all', ['-', '--kubernetes-version', 'latest'], /"latest" is no version/],
    ['an unknown check', ['-', '--check', 'workload-nothing'], /no check "workload-nothing"/],
    ['a check of what runs', ['-', '--check', 'ecr-repository-not-public'], /for what runs in an account/],
    ['an unknown format', ['-', '--format', 'asff'], /--format.*asff/],
  ])('%s', async ([, args, sentence]) => {
    const directory = await mkdtemp(join(tmpdir(), 'hullcheck-lint-'));
    await mkdir(join(directory, 'empty'));

    const run = await runCliHere(['lint', ...args], {}, { cwd: directory, input: '' });

    expect({ exitCode: run.exitCode, stdout: run.stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(run.stderr).toMatch(sentence);
    expect(run.stderr.trimEnd().split('\n')).toHaveLength(1);
  });
});
