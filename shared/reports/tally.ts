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

/** Counts one more. */
export function countOne(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
