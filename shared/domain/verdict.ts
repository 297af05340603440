import type { JsonValue } from './json.ts';
import type { Observed, UnknownReason } from './observed.ts';
import type { Severity } from './severity.ts';

/** One thing that was looked at. Holds dates, never ages, so that an unchanged world gives unchanged evidence. */
export interface Evidence {
  /** Where in the resource, for example `containerDefinitions[app].user`. */
  readonly path: string;
  readonly observed: JsonValue;
  readonly expected: JsonValue;
}

/** A lower severity than the check's own, and why. */
export interface LoweredSeverity {
  readonly severity: Severity;
  readonly because: string;
}

export interface Passed {
  readonly status: 'PASSED';
  /** Short and stable; optional because "it is as it should be" needs no words. */
  readonly reason?: string;
  readonly evidence: readonly Evidence[];
}

export interface Failed {
  readonly status: 'FAILED';
  /** Short, stable and aggregatable: no names, numbers or dates in it; those go into the evidence. */
  readonly reason: string;
  readonly evidence: readonly Evidence[];
  readonly lowered?: LoweredSeverity;
}

export interface Unknown {
  readonly status: 'UNKNOWN';
  readonly reason: UnknownReason;
  readonly evidence: readonly Evidence[];
}

export interface NotApplicable {
  readonly status: 'NOT_APPLICABLE';
  readonly reason: string;
  readonly evidence: readonly Evidence[];
}

export type Verdict = Passed | Failed | Unknown | NotApplicable;
export type VerdictStatus = Verdict['status'];
export const VERDICT_STATUSES = ['FAILED', 'UNKNOWN', 'PASSED', 'NOT_APPLICABLE'] as const satisfies VerdictStatus[];

export function passed(reason?: string, evidence: readonly Evidence[] = []): Passed {
  return reason === undefined ? { status: 'PASSED', evidence } : { status: 'PASSED', reason, evidence };
}

export function failed(reason: string, evidence: readonly Evidence[], lowered?: LoweredSeverity): Failed {
  return lowered === undefined
    ? { status: 'FAILED', reason, evidence }
    : { status: 'FAILED', reason, evidence, lowered };
}

export function unknownBecause(reason: UnknownReason, evidence: readonly Evidence[] = []): Unknown {
  return { status: 'UNKNOWN', reason, evidence };
}

export function notApplicable(reason: string, evidence: readonly Evidence[] = []): NotApplicable {
  return { status: 'NOT_APPLICABLE', reason, evidence };
}

/** Judges a known value; an unknown one is the verdict UNKNOWN with its reason. */
export function whenKnown<T>(observed: Observed<T>, judge: (value: T) => Verdict): Verdict {
  return observed.known ? judge(observed.value) : unknownBecause(observed.reason);
}

/**
 * Combines verdicts on the parts of one resource (containers, revisions) so that the worst proven one wins:
 * one FAILED part is enough whatever could not be read, else one UNKNOWN part, else one PASSED part.
 * Evidence of all parts with the winning status is kept, in the order given; the first of them gives the reason.
 * A FAILED result is lowered only when every FAILED part was.
 *
 * @param verdicts one verdict a part
 * @param whenEmpty the verdict when there are no parts at all
 */
export function worstOf(verdicts: Iterable<Verdict>, whenEmpty: Verdict): Verdict {
  const parts = [...verdicts];
  for (const status of VERDICT_STATUSES) {
    const winners = parts.filter((verdict) => verdict.status === status);
    const [first] = winners;
    if (first === undefined) continue;
    const evidence = winners.flatMap((verdict) => verdict.evidence);
    if (first.status !== 'FAILED') return { ...first, evidence };
    const unlowered = winners.find((verdict) => verdict.status === 'FAILED' && verdict.lowered === undefined);
    return { ...(unlowered ?? mildestLowering(winners)), evidence };
  }
  return whenEmpty;
}

function mildestLowering(verdicts: readonly Verdict[]): Verdict {
  const order: readonly Severity[] = ['CRITICAL', 'HIGH', 'MEDIUM', 'LOW', 'INFORMATIONAL'];
  const rank = (verdict: Verdict) =>
    verdict.status === 'FAILED' && verdict.lowered ? order.indexOf(verdict.lowered.severity) : 0;
  return [...verdicts].sort((left, right) => rank(left) - rank(right))[0] as Verdict;
}
