import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { Ledger, LedgerRow } from '../domain/ledger.ts';
import {
  Digest,
  MANIFEST,
  type Manifest,
  ManifestError,
  manifestHash,
  manifestText,
  SNAPSHOT_FILE,
} from '../reports/manifest.ts';
import type { ReportHead } from '../reports/model.ts';
import { plainJson } from '../reports/plain-json.ts';
import { NoManifestError, readManifest } from '../reports/previous.ts';
import { placeIn, type ReportStore } from '../reports/store.ts';
import { uuidOf } from '../reports/uuid.ts';
import type { ReportOutcome } from './report.ts';
import { findChainBefore, findLater } from './report-before.ts';
import { folderOf } from './report-folder.ts';
import { inTurn, type Turns } from './report-turn.ts';

export interface SnapshotDependencies extends Turns {
  readonly ledger: Ledger;
  readonly store: ReportStore;
  readonly tool: ReportHead['tool'];
  /** Says what somebody should know, in one sentence. */
  readonly warn: (sentence: string) => void;
}

const FOLDER = 'reports/daily/';

/** Later than this the ledger no longer holds what the date says. */
const LATEST_MS = 86_400_000;

/** What became of a snapshot. */
export interface SnapshotOutcome extends ReportOutcome {
  /** The hash to keep elsewhere. */
  readonly manifestSha256?: string;
}

/**
 * Writes what the ledger holds, all rows with their history, and a manifest by which it can be verified. It is written
 * once: the same call again writes nothing, and one that comes a day late or after a later one neither.
 *
 * @throws BusyReportError where another invocation makes one; FutureReportError; what the ledger and the store throw
 */
export function writeSnapshot(time: string, dependencies: SnapshotDependencies): Promise<SnapshotOutcome> {
  return inTurn('daily', dependencies, () => write(time, dependencies));
}

async function write(time: string, { ledger, store, tool, warn, now }: SnapshotDependencies): Promise<SnapshotOutcome> {
  const { name, known, later } = await folderOf(time, now(), (one) => readWritten(store, one));
  const folder = `${FOLDER}${name}/`;
  const nothing = { folder, written: 0, findings: 0, left: [] };
  if (known !== undefined) return { ...nothing, outcome: 'written before', findings: known.findings };
  const after = later ?? (await findLater(store, FOLDER, name, ''));
  if (after !== undefined || now().getTime() > Date.parse(time) + LATEST_MS) {
    const why = after === undefined ? 'a day is over since then' : `that of ${after} is there already`;
    warn(`No snapshot is made for ${time}, because ${why}: the ledger holds a later state.`);
    return { ...nothing, outcome: 'too late' };
  }
  const run = await ledger.lastFinishedRun();
  if (run === undefined) {
    warn('The ledger knows of no finished run: no snapshot is written.');
    return { ...nothing, outcome: 'nothing to report' };
  }
  const { chain, noTrendBecause } = await findChainBefore(store, FOLDER, name);
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
  await store.write(`${folder}${SNAPSHOT_FILE}`, digested(rows(), digest));
  const manifest: Manifest = {
    schemaVersion: '1.0',
    reportId: uuidOf('snapshot', run.runId, time),
    runId: run.runId,
    createdAt: time,
    complete: run.complete,
    findings,
    tool,
    files: [{ ...digest.of(SNAPSHOT_FILE), findings }],
    ...(chain === undefined ? {} : { previous: chain }),
  };
  await store.write(`${folder}${MANIFEST}`, only(manifestText(manifest)));
  return { ...nothing, outcome: 'written', written: 1, findings, manifestSha256: manifestHash(manifest) };
}

/** What a call has written into a folder: its manifest is written last, and has the time of the call. */
async function readWritten(
  store: ReportStore,
  name: string,
): Promise<{ readonly scheduledFor: string; readonly findings: number } | undefined> {
  const folder = `${FOLDER}${name}/`;
  try {
    const { manifest } = await readManifest(placeIn(store, folder), folder);
    return { scheduledFor: manifest.createdAt, findings: manifest.findings };
  } catch (error) {
    if (error instanceof NoManifestError) return undefined;
    // One that was changed is not written over: it shows when it is verified.
    if (error instanceof ManifestError) return { scheduledFor: '', findings: 0 };
    throw error;
  }
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
