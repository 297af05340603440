import type { Finding } from '../domain/finding.ts';
import type { VerdictStatus } from '../domain/verdict.ts';
import { Digest, MANIFEST, type Manifest, ManifestError, type ReportPlace, readManifestBytes } from './manifest.ts';
import type { Change, ReportRow, TrendPoint } from './model.ts';
import { readStoredHead, readStoredReport, type StoredHead, StoredReportError } from './stored.ts';

/** What a change is told by. */
export interface PreviousState {
  /** The last verdict that is known. */
  readonly status: VerdictStatus;
  readonly failedBefore: boolean;
}

/** A finding of the report before as a whole, where it may have to be carried forward. */
export interface PreviousRow extends PreviousState {
  readonly finding: Finding;
  readonly firstSeenAt: string;
  readonly observedAt: string;
}

/** The run of the report before, and what came before it. */
export interface PreviousHead {
  readonly runId: string;
  readonly startedAt: string;
  readonly ruleSetHash: string;
  readonly points: readonly TrendPoint[];
}

/** The report before, as far as the next one is compared with it. */
export interface PreviousReport<R extends PreviousState = PreviousState> extends PreviousHead {
  /** By finding id; at least those that failed at any time that is known. */
  readonly rows: ReadonlyMap<string, R>;
}

/** Raised where a report should be and none is, or none that came to its end: its manifest is written last. */
export class NoManifestError extends ManifestError {}

/** What a report was made from, and of what. */
export interface ReportSubject extends Pick<StoredHead, 'source' | 'slice'> {
  readonly accountIds: readonly string[];
}

/** A report with its place in the chain. */
export interface ChainedReport<R extends PreviousState = PreviousState> {
  readonly report: PreviousReport<R>;
  readonly subject: ReportSubject;
  readonly chain: NonNullable<Manifest['previous']>;
}

/** What the report before must keep of a row: nothing where it says nothing. */
type Keep<R extends PreviousState> = (row: ReportRow) => R | undefined;

/** Of a ledger, which has the findings itself, only what failed at some time is needed: 200,000 findings have to fit. */
export const keepStates: Keep<PreviousState> = ({ finding, lastKnown: status = finding.status, failedBefore }) =>
  status === 'FAILED' || failedBefore ? (status === 'FAILED' ? FAILED : FAILED_BEFORE[status]) : undefined;

/** For an inventory all of it is needed: what could not be read is carried forward. */
export const keepRows: Keep<PreviousRow> = ({ finding, firstSeenAt, observedAt, failedBefore, lastKnown }) => ({
  finding,
  status: lastKnown ?? finding.status,
  firstSeenAt,
  observedAt,
  failedBefore,
});

/** One object for all: a million of them would be memory. */
const FAILED: PreviousState = { status: 'FAILED', failedBefore: true };
const FAILED_BEFORE: Readonly<Record<VerdictStatus, PreviousState>> = {
  FAILED,
  PASSED: { status: 'PASSED', failedBefore: true },
  UNKNOWN: { status: 'UNKNOWN', failedBefore: true },
  NOT_APPLICABLE: { status: 'NOT_APPLICABLE', failedBefore: true },
};

/**
 * Reads the report that the next one is compared with and chained to, and makes sure that it is what was written.
 *
 * @param name of its place, for the messages of errors
 * @throws ManifestError if there is none, or it was changed; what the place throws
 */
export async function readChained<R extends PreviousState>(
  place: Pick<ReportPlace, 'read'>,
  name: string,
  keep: Keep<R>,
): Promise<ChainedReport<R>> {
  const rows = new Map<string, R>();
  const { head, chain } = await readSealed(place, name, async (bytes, file) => {
    let found: StoredHead | undefined;
    for await (const row of readStoredReport(bytes, file, (read) => {
      found = read;
    })) {
      const kept = keep(row);
      if (kept !== undefined) rows.set(row.finding.id, kept);
    }
    return found as unknown as StoredHead;
  });
  const { source, slice, accounts } = head;
  const accountIds = accounts.map(({ accountId }) => accountId);
  const subject = { source, ...(slice === undefined ? {} : { slice }), accountIds };
  return { report: { ...previousHead(head), rows }, subject, chain };
}

/**
 * The same for its run, its points and its place in the chain only.
 *
 * @throws ManifestError if there is none, or it was changed; what the place throws
 */
export async function readChainedHead(
  place: Pick<ReportPlace, 'read'>,
  name: string,
): Promise<{ readonly head: PreviousHead; readonly chain: NonNullable<Manifest['previous']> }> {
  const { head, chain } = await readSealed(place, name, readStoredHead);
  return { head: previousHead(head), chain };
}

/**
 * Reads `report.json` of a place, and makes sure that it is what its manifest names.
 *
 * @param read what of it is wanted; has to come to its end
 * @throws ManifestError if there is none, or it was changed; what the place throws
 */
export async function readSealed<T>(
  place: Pick<ReportPlace, 'read'>,
  name: string,
  read: (bytes: AsyncIterable<Uint8Array>, file: string) => Promise<T>,
): Promise<{ readonly head: T; readonly manifest: Manifest; readonly chain: NonNullable<Manifest['previous']> }> {
  const { manifest, sha256 } = await readManifest(place, name);
  const file = `${name}report.json`;
  const bytes = await place.read('report.json');
  if (bytes === undefined) throw new ManifestError(`${file} is missing: nothing is compared with it.`);
  const digest = new Digest();
  const wasChanged = new ManifestError(`${file} was changed: nothing is compared with it.`);
  let head: T;
  try {
    head = await read(passing(bytes, digest), file);
  } catch (error) {
    // Its manifest says that it was a report once.
    throw error instanceof StoredReportError ? wasChanged : error;
  }
  const named = manifest.files.find((one) => one.name === 'report.json');
  if (digest.of('report.json').sha256 !== named?.sha256) throw wasChanged;
  return { head, manifest, chain: { runId: manifest.runId, manifestSha256: sha256 } };
}

/**
 * Reads the manifest of a place.
 *
 * @throws ManifestError if there is none, or it was changed; what the place throws
 */
export async function readManifest(
  place: Pick<ReportPlace, 'read'>,
  name: string,
): Promise<{ readonly manifest: Manifest; readonly sha256: string }> {
  const bytes = await place.read(MANIFEST);
  if (bytes === undefined) throw new NoManifestError(`There is no ${name}${MANIFEST}.`);
  const { manifest, sha256, isSealed } = await readManifestBytes(bytes);
  if (!isSealed) throw new ManifestError(`${name}${MANIFEST} was changed.`);
  return { manifest, sha256 };
}

function previousHead({ runId, startedAt, tool, trend, counts }: StoredHead): PreviousHead {
  const points = trend?.points ?? [{ at: startedAt, failed: counts.FAILED - counts.waived, stale: 0 }];
  return { runId, startedAt, ruleSetHash: tool.ruleSetHash, points };
}

async function* passing(bytes: AsyncIterable<Uint8Array>, digest: Digest): AsyncGenerator<Uint8Array> {
  for await (const chunk of bytes) {
    digest.add(chunk);
    yield chunk;
  }
}

/** What became of a finding; undefined where it neither fails nor failed in the report before. */
export function changeOf(
  row: Pick<ReportRow, 'finding' | 'stale'>,
  before: PreviousState | undefined,
): Change | undefined {
  const failedThen = before?.status === 'FAILED';
  const { status } = row.finding;
  if (failedThen && (row.stale !== undefined || status === 'UNKNOWN')) return 'not rescanned';
  if (status === 'FAILED') return failedThen ? 'unchanged' : before?.failedBefore === true ? 'reopened' : 'new';
  return failedThen ? 'fixed' : undefined;
}
