import { areaOf } from '../domain/check.ts';
import type { Framework } from '../domain/framework.ts';
import { WorstFirst } from '../sinks/worst-first.ts';
import type { Change, ReportRow } from './model.ts';
import { CHANGES } from './model.ts';
import { PartTallies } from './part-tallies.ts';
import { countOne, Tallies, Tally } from './tally.ts';
import { WaiverCount } from './waiver-register.ts';

const WORST = 15;

/** Everything that a report counts, as its findings pass. */
export class ReportCounts {
  readonly total = new Tally();
  readonly byCheck = new Tallies();
  /** Of checks, what is about single requirements. */
  readonly parts: PartTallies;
  readonly byAccount = new Tallies();
  readonly byArea = new Tallies();
  readonly byChange = Object.fromEntries(CHANGES.map((change) => [change, 0])) as Record<Change, number>;
  /** Failures that could not be looked at again, by account. */
  readonly notRescanned = new Map<string, number>();
  readonly waived = new WaiverCount();
  findings = 0;
  /** Failures that no waiver accepts, and that could not be looked at again. */
  staleFailures = 0;
  /** What failed when it could be judged last. */
  unjudgedFailures = 0;
  readonly #worst = new WorstFirst<ReportRow>(WORST, ({ finding }) => finding);
  readonly #resources = new Set<string>();

  constructor(frameworks: readonly Framework[]) {
    this.parts = new PartTallies(frameworks);
  }

  add(row: ReportRow): void {
    const { finding, change, stale } = row;
    const { accountId } = finding.resource;
    this.findings += 1;
    this.#resources.add(`${accountId} ${finding.resource.region} ${finding.resource.uid}`);
    this.total.add(row);
    this.waived.add(row);
    this.byCheck.add(finding.checkId, row);
    this.parts.add(row);
    this.byAccount.add(accountId, row);
    this.byArea.add(areaOf(finding.checkId) ?? 'other', row);
    if (change !== undefined) this.byChange[change] += 1;
    if (change === 'not rescanned') countOne(this.notRescanned, accountId);
    if (change === 'not rescanned' && finding.status === 'UNKNOWN') this.unjudgedFailures += 1;
    if (finding.status !== 'FAILED' || finding.waiver !== undefined) return;
    if (stale !== undefined) this.staleFailures += 1;
    if (finding.inUse !== 'no') this.#worst.add(row);
  }

  get resources(): number {
    return this.#resources.size;
  }

  /** What runs and is worst, first. */
  get worst(): readonly ReportRow[] {
    return this.#worst.items;
  }
}
