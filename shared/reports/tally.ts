import type { Severity } from '../domain/severity.ts';
import type { Counts, Part, ReportRow } from './model.ts';

/** Counts findings as they pass. */
export class Tally {
  readonly #counts = { FAILED: 0, UNKNOWN: 0, PASSED: 0, NOT_APPLICABLE: 0, waived: 0, stale: 0 };
  readonly #failedBySeverity: Record<Severity, number> = { CRITICAL: 0, HIGH: 0, MEDIUM: 0, LOW: 0, INFORMATIONAL: 0 };

  add({ finding, stale }: Pick<ReportRow, 'finding' | 'stale'>): void {
    this.#counts[finding.status] += 1;
    if (stale !== undefined) this.#counts.stale += 1;
    if (finding.status !== 'FAILED') return;
    if (finding.waiver === undefined) this.#failedBySeverity[finding.severity] += 1;
    else this.#counts.waived += 1;
  }

  get part(): Part {
    return { counts: { ...this.#counts }, failedBySeverity: { ...this.#failedBySeverity } };
  }
}

/** Tallies by a key. */
export class Tallies {
  readonly #tallies = new Map<string, Tally>();

  add(key: string, row: ReportRow): void {
    const tally = this.#tallies.get(key) ?? new Tally();
    this.#tallies.set(key, tally);
    tally.add(row);
  }

  partOf(key: string): Part {
    return (this.#tallies.get(key) ?? new Tally()).part;
  }

  get keys(): readonly string[] {
    return [...this.#tallies.keys()].sort();
  }
}

/** The counts of several parts together. */
export function sumOf(parts: readonly Counts[]): Counts {
  const sum = { FAILED: 0, UNKNOWN: 0, PASSED: 0, NOT_APPLICABLE: 0, waived: 0, stale: 0 };
  for (const counts of parts) for (const key of Object.keys(sum) as (keyof Counts)[]) sum[key] += counts[key];
  return sum;
}

/** Failures of the report before that have no row any more. */
export interface Closed {
  /** Their resource is gone. */
  readonly gone: number;
  /** Their account, region or check was left out: nobody knows what became of them. */
  readonly left: number;
}

/** Counts what was closed, by account. */
export class ClosedCount {
  readonly #byAccount = new Map<string, Closed>();

  add(accountId: string, how: keyof Closed): void {
    const { gone, left } = this.#byAccount.get(accountId) ?? { gone: 0, left: 0 };
    this.#byAccount.set(accountId, how === 'gone' ? { gone: gone + 1, left } : { gone, left: left + 1 });
  }

  get byAccount(): ReadonlyMap<string, Closed> {
    return this.#byAccount;
  }
}

/** What was closed in some accounts. */
export function closedIn(closed: ReadonlyMap<string, Closed>, isWanted: (accountId: string) => boolean): Closed {
  let [gone, left] = [0, 0];
  for (const [accountId, own] of closed) {
    if (!isWanted(accountId)) continue;
    gone += own.gone;
    left += own.left;
  }
  return { gone, left };
}

/** Counts one more. */
export function countOne(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
