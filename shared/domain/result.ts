import type { CoverageEntry } from './coverage.ts';
import type { Severity } from './severity.ts';
import type { VerdictStatus } from './verdict.ts';
import type { WaiverState } from './waiver.ts';

/** Counts over all findings of a run. */
export interface Summary {
  readonly findings: number;
  readonly byStatus: Readonly<Record<VerdictStatus, number>>;
  /** FAILED and not waived, by effective severity. */
  readonly failedBySeverity: Readonly<Record<Severity, number>>;
  readonly waived: number;
  readonly resources: number;
  readonly resourcesByType: Readonly<Record<string, number>>;
  /** UNKNOWN by kind: unreadable ones make the scan incomplete. */
  readonly unknownByKind: Readonly<Record<'unreadable' | 'undecidable', number>>;
  /** Pairs of check and resource on which a check threw; always a defect of Hullcheck. */
  readonly checkErrors: number;
  readonly gaps: number;
}

/** A waiver of a run: what became of it, and what it hid. */
export interface WaiverUse {
  readonly id: string;
  readonly state: WaiverState;
  /** Failures that it covers; one that several waivers cover counts for each. */
  readonly hidden: number;
  /** Ids of the first of them. */
  readonly findingIds?: readonly string[];
  /** ISO 8601; missing where the waiver is malformed. */
  readonly expiresAt?: string;
  readonly owner?: string;
  /** Why it is malformed. */
  readonly problems?: readonly string[];
}

/** Everything of a result but the findings, which are streamed after it. */
export interface ResultHeader {
  readonly schemaVersion: '1.0';
  readonly tool: { readonly name: 'hullcheck'; readonly version: string; readonly ruleSetHash: string };
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly complete: boolean;
  readonly coverage: readonly CoverageEntry[];
  readonly summary: Summary;
  /** In the order of the file; missing where no waivers file was given. */
  readonly waivers?: readonly WaiverUse[];
}
