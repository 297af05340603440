import { createWriteStream, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openLedger } from '#shared/composition-root.ts';
import { writeInventory } from '#shared/inventory-file/write.ts';
import { ECS_SCOPE, hour, taskRow } from '#test/factories/ledger.ts';
import { ACCOUNT, REGION } from '#test/factories/resource.ts';
import { runCliHere } from '#test/support/cli-in-process.ts';

const OTHER_ACCOUNT = '444455556666';
const directory = mkdtempSync(join(tmpdir(), 'hullcheck-before-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** A scan that has read one account, and found nothing in it. */
async function inventory(file: string, n: number, accountId = ACCOUNT): Promise<void> {
  const place = { accountId, region: REGION };
  const output = createWriteStream(join(directory, file));
  await writeInventory(
    {
      startedAt: hour(n),
      finishedAt: hour(n),
      targets: [{ ...place, partition: 'aws' }],
      services: ['ecs'],
      resources: [],
      facts: [],
      factCompletions: [],
      coverage: [{ ...place, service: 'ecs', status: 'scanned', gaps: [] }],
    },
    '0.0.0-test',
    output,
  );
  output.end();
  await finished(output);
}

const report = (...args: string[]) => runCliHere(['report', ...args, '--quiet'], {}, { cwd: directory });
const manifestOf = (name: string) => readFileSync(join(directory, name, 'manifest.json'), 'utf8');
const here = () => readdirSync(directory);

beforeAll(async () => {
  await inventory('monday.jsonl', 0);
  await inventory('tuesday.jsonl', 24);
  await inventory('elsewhere.jsonl', 24, OTHER_ACCOUNT);
  expect(await report('--inventory', 'monday.jsonl', '--output', 'monday')).toMatchObject({ exitCode: 0 });
});

describe('AU-6: the report before', () => {
  test('is taken where it shows an earlier run of the same', async () => {
    const { exitCode } = await report('--inventory', 'tuesday.jsonl', '--previous', 'monday', '--output', 'tuesday');

    expect(exitCode).toBe(0);
    expect(JSON.parse(manifestOf('tuesday')).previous.runId).toBe(hour(0));
  });

  test.each([
    ['the same run', ['--inventory', 'monday.jsonl'], 'shows the run of'],
    ['other accounts', ['--inventory', 'elsewhere.jsonl'], 'is about other accounts'],
    [
      'everything, and the next one is about an account',
      ['--inventory', 'tuesday.jsonl', '--account', ACCOUNT],
      `is about everything, and this one is about account ${ACCOUNT}`,
    ],
    ['a scan, and the next one shows a ledger', ['--ledger', 'ledger.db'], 'was made from a scan'],
  ])('is refused where it shows %s', async (_, args, sentence) => {
    const { exitCode, stderr } = await report(...args, '--previous', 'monday', '--output', 'refused');

    expect(exitCode).toBe(2);
    expect(stderr).toContain(`The report before ${sentence}`);
    expect(here().includes('refused') ? readdirSync(join(directory, 'refused')) : []).toEqual([]);
  });

  test('of a ledger is refused where no run has finished since', async () => {
    const ledger = await openLedger(join(directory, 'ledger.db'));
    await ledger.recordScope({ ...ECS_SCOPE, lookedAt: hour(1) });
    await ledger.putRow(taskRow('web'), undefined);
    const run = { runId: 'first', startedAt: hour(1), finishedAt: hour(2), complete: true };
    await ledger.recordFinishedRun({ ...run, scopes: [`${ACCOUNT} ${REGION} ecs`] });
    ledger.close();
    await report('--ledger', 'ledger.db', '--output', 'first');

    expect(await report('--ledger', 'ledger.db', '--previous', 'first', '--output', 'second')).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining(`shows the run of ${hour(1)}, which is not before`),
    });
  });
});

describe('AU-11: a report that is there', () => {
  test('is not overwritten, unless that is asked for', async () => {
    await report('--inventory', 'monday.jsonl', '--output', 'kept');
    const before = manifestOf('kept');

    const refused = await report('--inventory', 'tuesday.jsonl', '--output', 'kept');
    expect(refused).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('kept has a report') });
    expect(manifestOf('kept')).toBe(before);

    expect(await report('--inventory', 'tuesday.jsonl', '--output', 'kept', '--replace')).toMatchObject({
      exitCode: 0,
    });
    expect(manifestOf('kept')).not.toBe(before);
    expect(await report('verify', 'kept')).toMatchObject({ exitCode: 0 });
  });

  test('is never overwritten by the one that is compared with it', async () => {
    const before = manifestOf('monday');
    const same = join('.', 'monday', '..', 'monday');
    const args = ['--inventory', 'tuesday.jsonl', '--previous', 'monday', '--output', same, '--replace'];

    expect(await report(...args)).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('--output is the directory of the report before'),
    });
    expect(manifestOf('monday')).toBe(before);
  });

  test('has no manifest any more when its replacement does not come to its end', async () => {
    await report('--inventory', 'monday.jsonl', '--output', 'broken');
    rmSync(join(directory, 'broken', 'oscal.json'));
    mkdirSync(join(directory, 'broken', 'oscal.json'));

    const { exitCode } = await report('--inventory', 'tuesday.jsonl', '--output', 'broken', '--replace');

    expect(exitCode).toBe(2);
    expect(await report('verify', 'broken')).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('There is no manifest.json'),
    });
  });
});

test('a report is not written among other files, where it could not be verified', async () => {
  mkdirSync(join(directory, 'shared'));
  writeFileSync(join(directory, 'shared', 'notes.txt'), 'fine');

  expect(await report('--inventory', 'monday.jsonl', '--output', 'shared')).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('has files of its own (notes.txt)'),
  });
  expect(readdirSync(join(directory, 'shared'))).toEqual(['notes.txt']);
});
