import type { BuiltReport } from '../reports/build.ts';
import { EmptyLedgerError } from '../reports/from-ledger.ts';
import { indexPage } from '../reports/index-page.ts';
import { manifestHash } from '../reports/manifest.ts';
import type { ReportHead, ReportRow } from '../reports/model.ts';
import { type PreviousHead, type PreviousReport, readSealed } from '../reports/previous.ts';
import {
  INDEX,
  type IndexEntry,
  parseIndex,
  plannedIndex,
  type ReportIndex,
  type ReportKind,
  unmade,
  WHOLE,
  withMade,
} from '../reports/report-index.ts';
import { placeIn, type ReportStore } from '../reports/store.ts';
import { readStoredReport, type StoredHead } from '../reports/stored.ts';
import type { Closed } from '../reports/tally.ts';
import { writeReport } from '../reports/write.ts';
import { type Before, findBefore, findHeadBefore, findLater, sentenceOf, sliceBefore } from './report-before.ts';
import { type CallFolder, folderOf } from './report-folder.ts';
import { inTurn, type Turns } from './report-turn.ts';

/** Makes reports from what there is. */
export interface ReportComposer {
  /** @throws EmptyLedgerError where no run has finished */
  fromLedger(before: Before<PreviousReport>): Promise<BuiltReport>;
  /** Once more from its own `report.json`. */
  fromStored(
    head: StoredHead,
    rows: AsyncIterable<ReportRow>,
    closed: ReadonlyMap<string, Closed>,
    before: Before<PreviousHead>,
  ): Promise<BuiltReport>;
}

/** What of a report is told to people. */
export interface ReportNotice {
  readonly kind: ReportKind;
  readonly head: ReportHead;
  /** Of `report.html`, in the bucket. */
  readonly key: string;
  /** The hash to keep elsewhere. */
  readonly manifestSha256: string;
  /** Reports of parts beside it. */
  readonly slices: number;
}

/** A call of a schedule: the same time is the same call, however often it comes. */
export interface ReportCall {
  readonly kind: ReportKind;
  /** ISO 8601, UTC. */
  readonly time: string;
  /** How often it was continued. */
  readonly continued: number;
}

export interface ReportDependencies extends Turns {
  readonly store: ReportStore;
  readonly compose: ReportComposer;
  /** Tells people. That it fails is its own to say: the report is there. */
  readonly tell: (notice: ReportNotice) => Promise<void>;
  /** Says what somebody should know, in one sentence. */
  readonly warn: (sentence: string) => void;
  /** Has the rest made by a further invocation. */
  readonly goOn: (call: ReportCall) => Promise<void>;
}

export interface ReportOutcome {
  /**
   * `written before`: the same call was worked already; `continues`: a further invocation makes the rest; `too late`: what
   * is known now is no longer what the date says.
   */
  readonly outcome: 'written' | 'written before' | 'continues' | 'nothing to report' | 'too late';
  readonly folder: string;
  /** Reports that this invocation has written. */
  readonly written: number;
  readonly findings: number;
  /** The folders that are still to be made. */
  readonly left: readonly string[];
}

/** Raised where reports are missing at the end, by name. */
export class UnfinishedReportError extends Error {
  override readonly name = 'UnfinishedReportError';
}

/** Lambda ends chains of invocations at about sixteen. */
const MAX_CONTINUED = 12;
/** What is kept for the end: the index, the message, the further call. */
const SPARE_MS = 30_000;
/** What the frame of a report costs, in findings. */
const FRAME = 1_000;
/** Until it is measured, in milliseconds; twice of what a function of 1 GB takes. */
const MS_PER_FINDING = 2;

/**
 * Writes the report on everything, and from the same findings one for each account and organizational unit. The folder
 * follows from the time of the schedule: the same call writes nothing twice, and goes on where it was interrupted.
 *
 * @throws UnfinishedReportError where parts of it could not be made, by name; BusyReportError where another invocation
 *   makes reports of the kind; FutureReportError; what the ledger and the store throw
 */
export function writeReports(call: ReportCall, dependencies: ReportDependencies): Promise<ReportOutcome> {
  return inTurn(call.kind, dependencies, () => write(call, dependencies));
}

async function write(call: ReportCall, dependencies: ReportDependencies): Promise<ReportOutcome> {
  const { store, now } = dependencies;
  const base = `reports/${call.kind}/`;
  const own = await folderOf(call.time, now(), (name) => readIndex(store, `${base}${name}/`));
  const folder = `${base}${own.name}/`;
  const nothing = { folder, written: 0, findings: 0, left: [] };
  if (own.known?.finished === true) {
    return { ...nothing, outcome: 'written before', findings: own.known.reports[0]?.findings ?? 0 };
  }
  const reopened = own.known === undefined ? undefined : await reopen(own.known, own.name, call, dependencies);
  const opened = reopened ?? (await begin(own, call, dependencies));
  if (typeof opened === 'string') return { ...nothing, outcome: opened };
  try {
    return await finish(opened, folder, call, dependencies);
  } finally {
    await opened.whole.dispose();
  }
}

interface Opened {
  readonly whole: BuiltReport;
  readonly before: Before<PreviousHead>;
  readonly index: ReportIndex;
  /** Reports that were written meanwhile. */
  readonly written: number;
}

/** The report on everything; reads the ledger, once. */
async function begin(
  { name, later }: CallFolder<ReportIndex>,
  { kind, time }: ReportCall,
  { store, compose, warn }: ReportDependencies,
): Promise<Opened | 'nothing to report' | 'too late'> {
  const base = `reports/${kind}/`;
  const after = later ?? (await findLater(store, base, name, WHOLE));
  if (after !== undefined) {
    warn(
      `No ${kind} report is made for ${time}, because that of ${after} is there already: the ledger holds a later state.`,
    );
    return 'too late';
  }
  const before = await findBefore(store, base, name, WHOLE);
  for (const sentence of [...before.remarks, ...(before.noTrendBecause === undefined ? [] : [before.noTrendBecause])]) {
    warn(sentence);
  }
  let whole: BuiltReport;
  try {
    whole = await compose.fromLedger(before);
  } catch (error) {
    if (!(error instanceof EmptyLedgerError)) throw error;
    warn(`${error.message} No report is written.`);
    return 'nothing to report';
  }
  const folder = `${base}${name}/`;
  try {
    const manifest = await writeReport(whole, targetIn(store, `${folder}${WHOLE}`), before.chain);
    const index = plannedIndex(whole, { kind, scheduledFor: time, manifestSha256: manifestHash(manifest) });
    await writeIndex(store, folder, index);
    return { whole, before, index, written: 1 };
  } catch (error) {
    await whole.dispose();
    throw error;
  }
}

/** The report on everything as it was written before the time was over, or something failed. */
async function reopen(
  index: ReportIndex,
  date: string,
  { kind }: ReportCall,
  { store, compose, warn }: ReportDependencies,
): Promise<Opened | undefined> {
  const base = `reports/${kind}/`;
  const folder = `${base}${date}/`;
  const before = await findHeadBefore(store, base, date, WHOLE);
  const closed = new Map(Object.entries(index.closed));
  let whole: BuiltReport | undefined;
  try {
    const name = `${folder}${WHOLE}`;
    await readSealed(placeIn(store, name), name, async (bytes, file) => {
      let head: StoredHead | undefined;
      const rows = readStoredReport(bytes, file, (read) => {
        head = read;
      });
      const first = await rows.next();
      if (head === undefined) return;
      whole = await compose.fromStored(head, resumed(first, rows), closed, before);
    });
    return whole === undefined ? undefined : { whole, before, index, written: 0 };
  } catch (error) {
    await whole?.dispose();
    warn(`What was written of ${folder} cannot be used, and is made anew: ${sentenceOf(error)}`);
    return undefined;
  }
}

async function* resumed(first: IteratorResult<ReportRow>, rest: AsyncIterable<ReportRow>): AsyncGenerator<ReportRow> {
  if (first.done === true) return;
  yield first.value;
  yield* rest;
}

/** Makes what is still to be made, as far as the time goes. */
async function finish(
  { whole, before, written, ...opened }: Opened,
  folder: string,
  call: ReportCall,
  dependencies: ReportDependencies,
): Promise<ReportOutcome> {
  const { store, tell, warn, goOn, millisecondsLeft, now } = dependencies;
  let index = opened.index;
  let [made, work, spent] = [0, 0, 0];
  const failed: string[] = [];
  const cost = ({ findings }: Pick<IndexEntry, 'findings'>) => findings + FRAME;
  for (const entry of unmade(index)) {
    const perFinding = work === 0 ? MS_PER_FINDING : (spent / work) * 1.5;
    const isNeeded = written + made + failed.length === 0;
    if (!isNeeded && millisecondsLeft() < SPARE_MS + cost(entry) * perFinding) break;
    const began = now().getTime();
    try {
      const own = await sliceBefore(store, entry, { kind: call.kind, before });
      for (const remark of own.remarks ?? []) if (!before.remarks.includes(remark)) warn(remark);
      const report = await whole.slice(entry.slice, own);
      index = withMade(
        index,
        entry.path,
        await writeReport(report, targetIn(store, `${folder}${entry.path}`), own.chain),
      );
      made += 1;
    } catch (error) {
      failed.push(entry.path);
      warn(`${folder}${entry.path} could not be made: ${sentenceOf(error)}`);
    }
    spent += now().getTime() - began;
    work += cost(entry);
  }
  const left = unmade(index).map(({ path }) => path);
  const outcome = { folder, written: written + made, findings: whole.head.findings, left };
  if (left.length > 0) {
    await writeIndex(store, folder, index);
    // One that cannot be made keeps none of the others from being made.
    const isAnyUntried = left.some((path) => !failed.includes(path));
    if (!isAnyUntried || call.continued >= MAX_CONTINUED) throw new UnfinishedReportError(missing(folder, left));
    await goOn({ ...call, continued: call.continued + 1 });
    return { ...outcome, outcome: 'continues' };
  }
  const [{ manifestSha256 = '' } = {}] = index.reports;
  await tell({
    kind: call.kind,
    head: whole.head,
    key: `${folder}${WHOLE}report.html`,
    manifestSha256,
    slices: index.reports.length - 1,
  });
  // Last, so that a call that ends before is worked again: told twice is better than never.
  await writeIndex(store, folder, { ...index, finished: true });
  return { ...outcome, outcome: 'written' };
}

function missing(folder: string, left: readonly string[]): string {
  return `${left.length} reports of ${folder} are missing: ${left.join(', ')}`;
}

async function readIndex(store: ReportStore, folder: string): Promise<ReportIndex | undefined> {
  const bytes = await store.read(`${folder}${INDEX}`);
  if (bytes === undefined) return undefined;
  const chunks: Uint8Array[] = [];
  for await (const chunk of bytes) chunks.push(chunk);
  return parseIndex(Buffer.concat(chunks).toString('utf8'));
}

/** For programs and for people; the links of the page lead on in a copy of the folder. */
async function writeIndex(store: ReportStore, folder: string, index: ReportIndex): Promise<void> {
  await store.write(`${folder}index.html`, only(indexPage(index)));
  await store.write(`${folder}${INDEX}`, only(`${JSON.stringify(index, undefined, 2)}\n`));
}

function targetIn(store: ReportStore, folder: string) {
  return (name: string, chunks: AsyncIterable<string>) => store.write(`${folder}${name}`, chunks);
}

async function* only(text: string): AsyncGenerator<string> {
  yield text;
}
