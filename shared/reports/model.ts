import type { CheckArea, FrameworkId } from '../domain/check.ts';
import type { CoverageEntry } from '../domain/coverage.ts';
import type { Finding } from '../domain/finding.ts';
import type { WaiverUse } from '../domain/result.ts';
import type { Severity } from '../domain/severity.ts';
import type { VerdictStatus } from '../domain/verdict.ts';

/** What became of a failure since the report before. */
export const CHANGES = ['new', 'reopened', 'fixed', 'gone', 'left', 'unchanged', 'not rescanned'] as const;
export type Change = (typeof CHANGES)[number];

/** One finding as reports show it: what is known last, and how old that is. */
export interface ReportRow {
  readonly finding: Finding;
  /** When it was first seen; ISO 8601, UTC. */
  readonly firstSeenAt: string;
  /** When the look was taken that it shows; ISO 8601, UTC. */
  readonly observedAt: string;
  /** Set where this run could not look again: the row shows what was known before. One sentence. */
  readonly stale?: string;
  /** Whether it has failed at any time that is known. */
  readonly failedBefore: boolean;
  /** Of one that could not be judged: the last verdict that is known, from reports before. */
  readonly lastKnown?: VerdictStatus;
  /** What became of it since the report before; missing where there is none, and on what never failed. */
  readonly change?: Change;
}

/** Numbers of findings. `FAILED` includes those that a waiver accepts. */
export interface Counts {
  readonly FAILED: number;
  readonly UNKNOWN: number;
  readonly PASSED: number;
  readonly NOT_APPLICABLE: number;
  /** Of the failed ones: accepted by a waiver. */
  readonly waived: number;
  /** Of all: not looked at again in this run. */
  readonly stale: number;
}

export const REQUIREMENT_STATUSES = ['FAIL', 'UNKNOWN', 'PASS', 'NOT_APPLICABLE', 'NOT_AUTOMATED'] as const;
export type RequirementStatus = (typeof REQUIREMENT_STATUSES)[number];

/** What a report says about one requirement of a framework. */
export interface RequirementResult {
  readonly id: string;
  readonly title: string;
  readonly status: RequirementStatus;
  /** `same`: checks that judge the same thing decided. `related`: only checks that may give another verdict. */
  readonly basis: 'same' | 'related' | 'none';
  /** The checks that decided. */
  readonly checks: readonly string[];
  readonly counts: Counts;
  /** Why it is unknown, or what else must be known. */
  readonly remark?: string;
  /** What to do where no check answers. */
  readonly byHand?: string;
}

export interface FrameworkResult {
  readonly id: FrameworkId;
  readonly name: string;
  readonly version: string;
  readonly sourceUrl: string;
  readonly subset?: string;
  readonly requirements: readonly RequirementResult[];
  /** How many requirements have each status. */
  readonly byStatus: Readonly<Record<RequirementStatus, number>>;
}

/** Counts of a part of the findings. */
export interface Part {
  readonly counts: Counts;
  /** Failed and not waived, by effective severity. */
  readonly failedBySeverity: Readonly<Record<Severity, number>>;
}

export interface AccountResult extends Part {
  readonly accountId: string;
  readonly name?: string;
  /** The root and the organizational units above it, where they are known. */
  readonly units: readonly string[];
  readonly regions: readonly string[];
  /** Whether all of it was read. */
  readonly complete: boolean;
}

export interface UnitResult extends Part {
  readonly unit: string;
  readonly accounts: number;
}

export interface AreaResult extends Part {
  readonly area: CheckArea | 'other';
  readonly checks: number;
}

/** What a report says about a check. */
export interface CheckResult extends Part {
  readonly id: string;
  readonly title: string;
  readonly severity: Severity;
  readonly rationale: string;
  readonly limits?: string;
  readonly remediation: { readonly text: string; readonly url: string };
  /** The service that reads what it judges; missing where nobody does. */
  readonly service?: string;
  /** The calls that have a part in what it judges: those that resources of its type are read with. */
  readonly apiCalls: readonly string[];
  readonly mappings: readonly {
    readonly framework: FrameworkId;
    readonly requirement: string;
    readonly kind: 'same' | 'related';
  }[];
}

export interface TrendPoint {
  /** When the run began that the point shows. */
  readonly at: string;
  /** Failures that no waiver accepts, those not looked at again included. */
  readonly failed: number;
  /** Of those: last known state of what this run could not look at. */
  readonly stale: number;
}

export interface Trend {
  readonly previousRunId: string;
  readonly previousAt: string;
  readonly byChange: Readonly<Record<Change, number>>;
  /** Oldest first, this report last. */
  readonly points: readonly TrendPoint[];
  /** Where failures could not be looked at again: accounts by number of failures. */
  readonly notRescanned: readonly { readonly accountId: string; readonly count: number }[];
  /** Why the numbers must be compared with care (other rules). */
  readonly remarks: readonly string[];
}

/** A waiver with what is known of who answers for it. */
export interface WaiverRecord extends WaiverUse {
  readonly reason?: string;
  readonly approvedBy?: string;
  readonly createdAt?: string;
}

/** How many scopes a run was to read, and how many it did. */
export interface CoverageResult {
  readonly entries: readonly CoverageEntry[];
  readonly byStatus: Readonly<Record<CoverageEntry['status'] | 'not looked at', number>>;
  /** Scopes known from before that this run did not look at. */
  readonly notLookedAt: readonly {
    readonly accountId: string;
    readonly region: string;
    readonly service: string;
    readonly lookedAt: string;
  }[];
}

/** Findings that the run could not judge, of one check in one account, and that have no row. */
export interface Unjudged {
  readonly accountId: string;
  readonly checkId: string;
  readonly count: number;
}

/** Everything of a report but its findings, which are streamed. */
export interface ReportHead {
  readonly schemaVersion: '1.0';
  readonly id: string;
  readonly title: string;
  readonly source: 'inventory' | 'ledger';
  readonly createdAt: string;
  readonly runId: string;
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly tool: { readonly name: 'hullcheck'; readonly version: string; readonly ruleSetHash: string };
  /** The part of the findings that the report is about; missing where it is all of them. */
  readonly slice?: { readonly kind: 'account' | 'unit'; readonly id: string };
  readonly complete: boolean;
  /** One sentence each, where it is not complete. */
  readonly incompleteBecause: readonly string[];
  readonly findings: number;
  readonly counts: Counts;
  /** A ledger keeps no row of what could not be judged, only how often; empty where all of it is among the findings. */
  readonly unjudged: readonly Unjudged[];
  readonly failedBySeverity: Readonly<Record<Severity, number>>;
  readonly resources: number;
  readonly coverage: CoverageResult;
  readonly frameworks: readonly FrameworkResult[];
  readonly accounts: readonly AccountResult[];
  readonly units: readonly UnitResult[];
  readonly areas: readonly AreaResult[];
  readonly checks: readonly CheckResult[];
  /** What runs and is worst, first. */
  readonly worst: readonly ReportRow[];
  readonly trend?: Trend;
  /** One sentence, where there should be a trend and is none. */
  readonly noTrendBecause?: string;
  /** Missing where nobody said which waivers there are. */
  readonly waivers?: readonly WaiverRecord[];
}

/** The one model that every format is made from. */
export interface Report {
  readonly head: ReportHead;
  /** The findings, the same ones in the same order however often they are asked for. */
  rows(): AsyncIterable<ReportRow>;
}

/** The statuses of findings, worst first. */
export const ROW_STATUSES: readonly VerdictStatus[] = ['FAILED', 'UNKNOWN', 'PASSED', 'NOT_APPLICABLE'];

/** The share of judged findings that passed, as a whole percentage rounded down; undefined where none was judged. */
export function scoreOf({ PASSED, FAILED }: Pick<Counts, 'PASSED' | 'FAILED'>): number | undefined {
  const judged = PASSED + FAILED;
  return judged === 0 ? undefined : Math.floor((PASSED * 100) / judged);
}

/** How many findings could not be judged, with a row or without one. */
export function notJudged({ counts, unjudged }: Pick<ReportHead, 'counts' | 'unjudged'>): number {
  return unjudged.reduce((sum, { count }) => sum + count, counts.UNKNOWN);
}
