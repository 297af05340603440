import type { CoverageEntry } from './coverage.ts';
import type { Fact, FactKind } from './fact.ts';
import type { Resource } from './resource.ts';

/** One account in one region: what a scan goes through, service by service. */
export interface ScanTarget {
  readonly accountId: string;
  readonly region: string;
  readonly partition: string;
}

/** A statement that one unit has left all facts of a kind: only then does the absence of a fact mean anything. */
export interface FactCompletion {
  readonly kind: FactKind;
  readonly accountId: string;
  readonly region: string;
  /** The service whose collector said so. */
  readonly service: string;
}

/**
 * What was read, before anything was judged. The same inventory gives the same verdicts, today and from a file in a
 * year: `startedAt` is the clock the checks see.
 */
export interface Inventory {
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  /** ISO 8601, UTC. */
  readonly finishedAt: string;
  readonly targets: readonly ScanTarget[];
  /** The services that were asked for; checks of others are not evaluated. */
  readonly services: readonly string[];
  readonly resources: readonly Resource[];
  readonly facts: readonly Fact[];
  readonly factCompletions: readonly FactCompletion[];
  readonly coverage: readonly CoverageEntry[];
}
