import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import type { ReportRow } from '#shared/reports/model.ts';
import { spoolRows } from '#shared/reports/spool.ts';
import { readStoredHead, readStoredReport, StoredReportError } from '#shared/reports/stored.ts';
import { finding, taskDefinitionReference } from '#test/factories/finding.ts';
import { filesOf, manyFindings, placeOf, reportOf } from '#test/support/report.ts';

const AT = '2026-11-23T12:00:00.000Z';
const [ONE, TWO] = ['111111111111', '222222222222'];

function row(accountId: string, name: string): ReportRow {
  const resource = taskDefinitionReference({ accountId, name, uid: `arn:${accountId}:${name}` });
  return { finding: finding({ resource }), firstSeenAt: AT, observedAt: AT, failedBefore: true };
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

test('rows that are laid aside come back as they were, all or those of some accounts, however they came', async () => {
  const rows = [
    row(ONE, 'a'),
    row(TWO, 'line\u2028\u0085break "\u{1F6A2}'),
    row(ONE, 'c'),
    row(ONE, 'x'.repeat(700_000)),
  ];
  const seen: ReportRow[] = [];

  const spool = await spoolRows([...rows, row(ONE, 'last')], (one) => seen.push(one));

  expect(await all(spool.rows())).toEqual([...rows, row(ONE, 'last')]);
  expect(await all(spool.rows((accountId) => accountId === TWO))).toEqual([rows[1]]);
  expect(seen).toHaveLength(5);
  await spool.remove();
});

test('nothing is left behind where the source fails, or where there is nothing', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'hullcheck-spool-'));
  vi.stubEnv('TMPDIR', directory);
  function* failing(): Generator<ReportRow> {
    yield row(ONE, 'a');
    throw new Error('the table is gone');
  }

  await expect(spoolRows(failing(), () => {})).rejects.toThrow('the table is gone');
  const empty = await spoolRows([], () => {});
  expect(await all(empty.rows())).toEqual([]);
  await empty.remove();

  expect(readdirSync(directory)).toEqual([]);
  vi.unstubAllEnvs();
  rmSync(directory, { recursive: true });
});

test('a report is read again from its own file: the head, and the rows as they were', async () => {
  const findings = manyFindings(300);
  const files = await filesOf(await reportOf(findings));
  const place = placeOf(files);
  const bytes = async () => (await place.read('report.json')) ?? (async function* () {})();
  let runId: string | undefined;

  const rows = await all(
    readStoredReport(await bytes(), 'report.json', (head) => {
      runId = head.runId;
    }),
  );

  expect(rows.map(({ finding: one }) => one)).toEqual(findings);
  expect((await readStoredHead(await bytes(), 'report.json')).runId).toBe(runId);
});

test('half a report is none', async () => {
  const files = await filesOf(await reportOf(manyFindings(3)));
  const half = Buffer.from((files.get('report.json') ?? '').slice(0, -5));
  async function* bytes(): AsyncGenerator<Uint8Array> {
    yield half;
  }

  await expect(all(readStoredReport(bytes(), 'report.json', () => {}))).rejects.toThrow(StoredReportError);
});
