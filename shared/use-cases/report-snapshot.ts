import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { Ledger, LedgerRow } from '../domain/ledger.ts';
import { Digest, MANIFEST, type Manifest, manifestHash, manifestText } from '../reports/manifest.ts';
import type { ReportHead } from '../reports/model.ts';
import { plainJson } from '../reports/plain-json.ts';
import type { ReportStore } from '../reports/store.ts';
import { uuidOf } from '../reports/uuid.ts';
import { findChainBefore } from './report-before.ts';

export interface SnapshotDependencies {
  readonly ledger: Ledger;
  readonly store: ReportStore;
  readonly tool: ReportHead['tool'];
  /** Says what somebody should know, in one sentence. */
  readonly warn: (sentence: string) => void;
}

/** The one file of a snapshot: the run on the first line, then one row of the ledger on each. */
const FILE = 'ledger.jsonl.gz';
const FOLDER = 'reports/daily/';

/**
 * Writes what the ledger holds, all rows with their history, and a manifest by which it can be verified. The same call
 * writes the same place.
 *
 * @returns undefined where no run has finished
 */
export async function writeSnapshot(
  time: string,
  { ledger, store, tool, warn }: SnapshotDependencies,
): Promise<{ readonly folder: string; readonly manifest: Manifest; readonly manifestSha256: string } | undefined> {
  const run = await ledger.lastFinishedRun();
  if (run === undefined) return undefined;
  const date = time.slice(0, 10);
  const folder = `${FOLDER}${date}/`;
  const { chain, noTrendBecause } = await findChainBefore(store, FOLDER, date);
  if (chain === undefined && noTrendBecause !== undefined) warn(noTrendBecause);
  const digest = new Digest();
  let findings = 0;
  const rows = async function* () {
    yield `${plainJson({ schemaVersion: '1.0', tool, scheduledFor: time, run })}\n`;
    for await (const row of allRows(ledger)) {
      findings += 1;
      yield `${plainJson(row)}\n`;
    }
  };
  await store.write(`${folder}${FILE}`, digested(rows(), digest));
  const manifest: Manifest = {
    schemaVersion: '1.0',
    reportId: uuidOf('snapshot', run.runId, time),
    runId: run.runId,
    createdAt: time,
    complete: run.complete,
    findings,
    tool,
    files: [{ ...digest.of(FILE), findings }],
    ...(chain === undefined ? {} : { previous: chain }),
  };
  await store.write(`${folder}${MANIFEST}`, only(manifestText(manifest)));
  return { folder, manifest, manifestSha256: manifestHash(manifest) };
}

async function* allRows(ledger: Ledger): AsyncGenerator<LedgerRow> {
  for await (const { accountId, region, service } of ledger.scopes()) {
    yield* ledger.rowsOfScope({ accountId, region, service });
  }
}

async function* digested(lines: AsyncIterable<string>, digest: Digest): AsyncGenerator<Uint8Array> {
  const gzip = createGzip();
  const written = pipeline(lines, gzip);
  // What fails there ends the reading below with the same error.
  written.catch(() => undefined);
  for await (const chunk of gzip as AsyncIterable<Uint8Array>) {
    digest.add(chunk);
    yield chunk;
  }
  await written;
}

async function* only(text: string): AsyncGenerator<string> {
  yield text;
}
