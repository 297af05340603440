import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { openLedger } from '#shared/composition-root.ts';
import { ECS_SCOPE, hour, taskRow } from '#test/factories/ledger.ts';
import { ACCOUNT, REGION } from '#test/factories/resource.ts';
import { runCliHere } from '#test/support/cli-in-process.ts';

const directory = mkdtempSync(join(tmpdir(), 'hullcheck-report-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));
const run = (...args: string[]) => runCliHere(['report', ...args], {}, { cwd: directory });

test('a ledger is reported on, marks what its last run did not look at, and is verified and chained', async () => {
  const ledger = await openLedger(join(directory, 'ledger.db'));
  await ledger.recordScope({ ...ECS_SCOPE, lookedAt: hour(0) });
  await ledger.putRow({ ...taskRow('web'), observedAt: hour(1) }, undefined);
  const covered = { startedAt: hour(1), finishedAt: hour(2), complete: true };
  await ledger.recordFinishedRun({ runId: 'first', ...covered, scopes: [`${ACCOUNT} ${REGION} ecs`] });
  ledger.close();

  const first = await run('--ledger', 'ledger.db', '--output', 'first');
  expect(first).toMatchObject({ exitCode: 0, stdout: `${join('first', 'report.html')}\n` });

  const typo = await run('--ledger', 'ledger.db', '--output', 'typo', '--account', '999999999999');
  expect(typo).toMatchObject({ exitCode: 2, stdout: '' });
  expect(typo.stderr).toContain(`It knows the accounts: ${ACCOUNT}.`);

  const again = await openLedger(join(directory, 'ledger.db'));
  await again.recordFinishedRun({
    runId: 'second',
    startedAt: hour(3),
    finishedAt: hour(4),
    complete: true,
    scopes: [],
  });
  again.close();
  const second = await run('--ledger', 'ledger.db', '--output', 'second', '--previous', 'first');
  expect(second.exitCode, second.stderr).toBe(3);
  const report = JSON.parse(readFileSync(join(directory, 'second', 'report.json'), 'utf8'));
  expect(report.counts).toMatchObject({ FAILED: 1, stale: 1 });
  expect(report.trend.byChange).toMatchObject({ 'not rescanned': 1, fixed: 0, gone: 0 });

  const verified = await run('verify', 'second');
  expect(verified.exitCode).toBe(0);
  expect(verified.stdout).toContain('names that of the report before');
});

test('a directory without a report is refused in one sentence', async () => {
  const { exitCode, stderr } = await run('verify', directory);

  expect(exitCode).toBe(2);
  expect(stderr).toContain('There is no manifest.json');
});
