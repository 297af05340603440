import type { Framework, RequirementPart } from '../domain/framework.ts';
import type { Counts, ReportRow } from './model.ts';
import { Tallies } from './tally.ts';

/** Half of what a ledger keeps of one finding. */
const LONG_EVIDENCE = 50_000;

/**
 * Counts failures by what their evidence is about, for requirements that ask for a part of what a check judges. Meant
 * for checks that read all their parts together: evidence about one part says that the others were in order.
 */
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
    const size = lines.reduce((sum, line) => sum + line.length, 0);
    // Ledgers cut evidence that is too long: what is missing may be about each part.
    const isWhole = size > 0 && size < LONG_EVIDENCE;
    for (const [part, pattern] of parts) {
      if (!isWhole || lines.some((line) => pattern.test(line))) this.#tallies.add(keyOf(checkId, part), row);
    }
  }

  /** What is known of the part: a failure of the check that is about other parts only has passed this one. */
  countsOf({ check, evidence }: RequirementPart, whole: Counts): Counts {
    const { FAILED, waived } = this.#tallies.partOf(keyOf(check, evidence)).counts;
    return { ...whole, FAILED, waived, PASSED: whole.PASSED + whole.FAILED - FAILED };
  }
}

function keyOf(check: string, evidence: string): string {
  return `${check} ${evidence}`;
}
