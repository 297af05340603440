import type { Framework, RequirementPart } from '../domain/framework.ts';
import { isEvidenceCut } from '../engine/transitions.ts';
import type { Counts, ReportRow } from './model.ts';
import { Tallies } from './tally.ts';

/** Half of what a ledger keeps of one finding: rows of former versions were cut without a mark. */
const LONG_EVIDENCE = 50_000;

/** Counts failures by what their evidence is about, for requirements that ask for a part of what a check judges. */
export class PartTallies {
  readonly #parts: ReadonlyMap<string, readonly (readonly [evidence: string, pattern: RegExp])[]>;
  readonly #tallies = new Tallies();

  constructor(frameworks: readonly Framework[]) {
    const parts = new Map<string, Map<string, RegExp>>();
    for (const { check, evidence } of frameworks.flatMap(({ requirements }) =>
      requirements.flatMap((requirement) => requirement.parts ?? []),
    )) {
      const ofCheck = parts.get(check) ?? new Map<string, RegExp>();
      parts.set(check, ofCheck.set(evidence, new RegExp(evidence)));
    }
    this.#parts = new Map([...parts].map(([check, patterns]) => [check, [...patterns]]));
  }

  add(row: ReportRow): void {
    const { checkId, status, evidence } = row.finding;
    const parts = this.#parts.get(checkId);
    if (status !== 'FAILED' || parts === undefined) return;
    const lines = evidence.map(({ path, observed }) => `${path} ${JSON.stringify(observed)}`);
    // As ledgers measure it, which cut evidence that is too long: what is missing may be about each part.
    const size = evidence.reduce((sum, item) => sum + JSON.stringify(item).length, 0);
    const isWhole = size > 0 && size < LONG_EVIDENCE && !isEvidenceCut(evidence);
    for (const [part, pattern] of parts) {
      if (!isWhole || lines.some((line) => pattern.test(line))) this.#tallies.add(keyOf(checkId, part), row);
    }
  }

  /**
   * What is known of the part. A check fails by one thing whatever could not be read of the others: a failure that is
   * about other parts has passed this one only where the part says so, and otherwise nobody knows.
   */
  countsOf({ check, evidence, exhaustive }: RequirementPart, whole: Counts): Counts {
    const { FAILED, waived } = this.#tallies.partOf(keyOf(check, evidence)).counts;
    const others = whole.FAILED - FAILED;
    const known = exhaustive === true ? 'PASSED' : 'UNKNOWN';
    return { ...whole, FAILED, waived, [known]: whole[known] + others };
  }
}

function keyOf(check: string, evidence: string): string {
  return `${check} ${evidence}`;
}
