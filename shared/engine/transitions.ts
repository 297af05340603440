import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { Finding } from '../domain/finding.ts';
import { canonicalJson } from '../domain/json.ts';
import type { LedgerRow, LedgerScope, LedgerStatus, NewRow, PublishState } from '../domain/ledger.ts';
import type { ClosedBecause, Transition } from '../domain/ports.ts';
import { compareSeverity } from '../domain/severity.ts';
import type { Evidence } from '../domain/verdict.ts';
import { COVERAGE_CHECK_ID } from './coverage-findings.ts';
import { severityRegardlessOfUse } from './evaluate.ts';
import { isKeepAliveDue } from './keep-alive.ts';

/** One finding as it was seen at one time. */
export interface Look {
  readonly scope: LedgerScope;
  readonly finding: Finding;
  /** When the looking began; ISO 8601, UTC. */
  readonly observedAt: string;
}

export interface DiffOptions {
  readonly keepAliveDays?: number;
}

type Kind = Transition['kind'];
/** What follows from a look: a transition, a change that only those who hold the finding need, or nothing to tell. */
type Change = Kind | 'quiet' | 'nothing';

/** A row keeps at most so much evidence, in characters of JSON; the hash is of all of it. */
const MAX_EVIDENCE_CHARACTERS = 100_000;
/** The path of the piece that says so where evidence was cut: readers see it, and nothing is concluded from the rest. */
const CUT_HERE = 'evidence';

/**
 * Compares a look with what the ledger holds.
 *
 * | the look | what was told | follows |
 * |---|---|---|
 * | FAILED, first time | nothing | opened, or waived |
 * | FAILED, after it was fixed or gone | archived | reopened, or waived |
 * | FAILED as before, severity raised by something else than use | active | worsened |
 * | FAILED as before, newly or otherwise waived · no longer waived | active | waived · waiver-expired |
 * | FAILED as before, for another reason or at a milder severity | active | a quiet update |
 * | FAILED as before | active | nothing, or the keep-alive when it is due |
 * | PASSED or NOT_APPLICABLE | active | fixed |
 * | PASSED or NOT_APPLICABLE | nothing, or archived | nothing |
 * | UNKNOWN | whatever | the row stays as it is; the keep-alive when it is due |
 *
 * @param previous the row as it is now; undefined = none
 * @returns the row to write, or undefined when nothing is to be written (an older or the same look, an UNKNOWN)
 */
export function applyLook(look: Look, previous: LedgerRow | undefined, options: DiffOptions = {}): NewRow | undefined {
  const { finding, observedAt } = look;
  if (previous !== undefined && observedAt <= previous.observedAt) return undefined;
  const status = ledgerStatus(finding);
  if (status === undefined) return previous === undefined ? undefined : keptAlive(previous, observedAt, options);
  const seen: NewRow = {
    ...(previous === undefined ? { publish: { state: 'none' }, alert: 'none' } : reopenable(previous)),
    scope: look.scope,
    status,
    finding: withBoundedEvidence(finding),
    evidenceHash: hashOf(finding.evidence),
    firstSeenAt: previous?.firstSeenAt ?? observedAt,
    lastSeenAt: observedAt,
    observedAt,
    reopenedCount: previous?.reopenedCount ?? 0,
  };
  if (status !== 'FAILED') return withChange(seen, closingChange(previous), previous);
  const cameBack = previous?.firstFailedAt !== undefined && previous.status !== 'FAILED';
  const failing: NewRow = {
    ...seen,
    firstFailedAt: previous?.firstFailedAt ?? observedAt,
    reopenedCount: seen.reopenedCount + (cameBack ? 1 : 0),
  };
  return withChange(failing, failureChange(finding, previous, cameBack, observedAt, options), previous);
}

/**
 * What follows when a resource was not seen although its scope was read completely. Whether that is so is decided by
 * the caller; a row that a newer look has touched is left alone. That it is still gone is news for the row only: a late
 * look from before must not bring it back.
 *
 * @param observedAt when the looking began; ISO 8601, UTC
 * @param closedBecause why nobody looks any more, where it is not that the resource is gone
 */
export function applyAbsence(
  previous: LedgerRow,
  observedAt: string,
  closedBecause?: ClosedBecause,
): NewRow | undefined {
  if (observedAt <= previous.observedAt) return undefined;
  const because = closedBecause === undefined ? {} : { closedBecause };
  const gone: NewRow = { ...reopenable(previous), status: 'GONE', ...because, observedAt };
  return withChange(gone, previous.status === 'FAILED' ? 'gone' : 'nothing', previous);
}

/**
 * The transition that a row waits to tell, or undefined when it waits for nothing.
 * A keep-alive of something that could not be read now is dated by its own time, so that Security Hub takes it as new.
 */
export function transitionOf(row: LedgerRow): Transition | undefined {
  const { publish, finding, firstSeenAt, firstFailedAt, observedAt, reopenedCount, publishedAs, closedBecause } = row;
  if (publish.state !== 'pending') return undefined;
  return {
    kind: publish.transition,
    finding,
    firstSeenAt,
    observedAt: laterOf(publish.since, observedAt),
    ...(firstFailedAt === undefined ? {} : { firstFailedAt }),
    reopenedCount,
    neverPublished: publishedAs === undefined,
    ...(closedBecause === undefined ? {} : { closedBecause }),
  };
}

/** The record state in Security Hub that a transition leads to. */
export function recordStateAfter(kind: Kind): 'ACTIVE' | 'ARCHIVED' {
  return kind === 'fixed' || kind === 'gone' ? 'ARCHIVED' : 'ACTIVE';
}

/** UNKNOWN says nothing about the world, except in a coverage finding, whose failing it is. */
function ledgerStatus({ checkId, status }: Finding): LedgerStatus | undefined {
  if (status !== 'UNKNOWN') return status;
  return checkId === COVERAGE_CHECK_ID ? 'FAILED' : undefined;
}

function closingChange(previous: LedgerRow | undefined): Change {
  if (previous?.status === 'FAILED') return 'fixed';
  // It is back before its absence was told: what has to be told is how it is now.
  if (previous?.status === 'GONE' && previous.publish.state === 'pending') return 'fixed';
  return 'nothing';
}

function failureChange(
  finding: Finding,
  previous: LedgerRow | undefined,
  cameBack: boolean,
  at: string,
  { keepAliveDays }: DiffOptions,
): Change {
  const { waiver } = finding;
  if (previous?.firstFailedAt === undefined) return waiver === undefined ? 'opened' : 'waived';
  if (cameBack) return waiver === undefined ? 'reopened' : 'waived';
  const before = previous.finding;
  if (waiver !== undefined && !isSameWaiver(before.waiver, waiver)) return 'waived';
  if (waiver === undefined && before.waiver !== undefined) return 'waiver-expired';
  const raised = compareSeverity(severityRegardlessOfUse(finding), severityRegardlessOfUse(before));
  if (raised > 0 && waiver === undefined) return 'worsened';
  if (raised !== 0 || finding.reason !== before.reason) return 'quiet';
  return isKeepAliveDue(previous, at, keepAliveDays) ? 'quiet' : 'nothing';
}

function isSameWaiver(before: Finding['waiver'], now: NonNullable<Finding['waiver']>): boolean {
  return before !== undefined && before.id === now.id && before.expiresAt === now.expiresAt;
}

function keptAlive(previous: LedgerRow, at: string, { keepAliveDays }: DiffOptions): NewRow | undefined {
  if (!isKeepAliveDue(previous, at, keepAliveDays)) return undefined;
  return withChange(withoutVersion(previous), 'quiet', previous, at);
}

/** Where an earlier transition still waits to be told, the new one takes its place; a quiet change rides along. */
function withChange(
  row: NewRow,
  change: Change,
  previous: LedgerRow | undefined,
  since: string = row.observedAt,
): NewRow {
  if (change === 'nothing') return row;
  const earlier: PublishState = previous?.publish ?? { state: 'none' };
  const waiting = earlier.state === 'pending' && earlier.quiet !== true ? earlier : undefined;
  if (change !== 'quiet') {
    return { ...row, publish: { state: 'pending', transition: louder(waiting, change), since, delivered: [] } };
  }
  if (waiting !== undefined || earlier.state === 'none') return row;
  return { ...row, publish: { state: 'pending', transition: earlier.transition, since, quiet: true, delivered: [] } };
}

/** Something that became worse before anyone heard of it at all is still what it was: new, or back again. */
function louder(pending: { readonly transition: Kind } | undefined, change: Kind): Kind {
  return change === 'worsened' && pending !== undefined ? pending.transition : change;
}

/** The later of two times in ISO 8601, UTC. */
function laterOf(left: string, right: string): string {
  return Date.parse(left) < Date.parse(right) ? right : left;
}

function withoutVersion({ version: _, ...row }: LedgerRow): NewRow {
  return row;
}

/** Whatever was said of its end is over. */
function reopenable({ version: _, closedBecause: __, ...row }: LedgerRow): NewRow {
  return row;
}

/** Whether a row of a ledger keeps only a part of the evidence that there was. */
export function isEvidenceCut(evidence: readonly Evidence[]): boolean {
  return evidence.at(-1)?.path === CUT_HERE;
}

function withBoundedEvidence(finding: Finding): Finding {
  const all = finding.evidence.length;
  const kept: Evidence[] = [];
  let size = 0;
  for (const item of finding.evidence) {
    size += JSON.stringify(item).length;
    if (size > MAX_EVIDENCE_CHARACTERS) break;
    kept.push(item);
  }
  if (kept.length === all) return finding;
  const mark = { path: CUT_HERE, observed: `${kept.length} of ${all} pieces are kept`, expected: 'all of them' };
  return { ...finding, evidence: [...kept, mark] };
}

function hashOf(evidence: readonly Evidence[]): string {
  return bytesToHex(sha256(utf8ToBytes(canonicalJson(evidence))));
}
