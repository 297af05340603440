import { mkdtemp, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runCli } from '#test/support/cli.ts';

test('`npm start` shows the main job end to end, and the files it names are there', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'hullcheck-demo-'));

  const { exitCode, stdout, stderr } = await runCli(['demo'], {}, { cwd: directory });

  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  expect(stdout).toMatch(/Inventory\n\s+\d+ {2}AwsEcrRepository/);
  expect(stdout).toMatch(/The scan is complete\./);
  expect(stdout).toMatch(/us-east-1 +\d+ active findings: \d+ CRITICAL/);
  expect(stdout).toMatch(/\| Subject: \[Hullcheck\] CRITICAL/);
  for (const file of await readdir(join(directory, 'hullcheck-demo'))) {
    expect(stdout).toContain(join('hullcheck-demo', file));
  }
  expect(await readdir(join(directory, 'hullcheck-demo'))).toHaveLength(5);
});
