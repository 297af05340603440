import { type CoverageEntry, isIncomplete } from '../domain/coverage.ts';
import type { LedgerRow, LedgerScope } from '../domain/ledger.ts';
import { COVERAGE_CHECK_ID } from './coverage-findings.ts';

/**
 * What a run has completely looked at: the (account, region, service or cluster, check) that it finished. Only there
 * does "not seen" mean "not there"; everywhere else nothing is closed (SH-1, SH-2).
 */
export class ClosingScope {
  readonly #scanned: readonly LedgerScope[];
  readonly #incompleteClusters: ReadonlySet<string>;
  readonly #checkIds: ReadonlySet<string> | undefined;

  /**
   * @param coverage what the run read, and what it could not
   * @param checkIds the checks it evaluated; undefined where all that there ever was is over
   * @param unproven scopes in which "not seen" proves nothing all the same, because what there is to see is known from
   *   others who have not said it all
   */
  constructor(
    coverage: readonly CoverageEntry[],
    checkIds: Iterable<string> | undefined,
    unproven: readonly LedgerScope[] = [],
  ) {
    const open = new Set(unproven.map(scopeKey));
    this.#scanned = coverage
      .filter((entry) => entry.status === 'scanned' && entry.cluster === undefined && !open.has(scopeKey(entry)))
      .map(({ accountId, region, service }) => ({ accountId, region, service }));
    this.#incompleteClusters = new Set(
      coverage.filter((entry) => entry.cluster !== undefined && isIncomplete(entry)).map(clusterKey),
    );
    this.#checkIds = checkIds === undefined ? undefined : new Set(checkIds);
  }

  /** The scopes whose rows may be closed at all; clusters inside them may still be incomplete. */
  get scopes(): readonly LedgerScope[] {
    return this.#scanned;
  }

  /** Whether "not seen in this run" proves for a row of one of the scopes that its resource is gone. */
  covers({ scope, finding }: LedgerRow): boolean {
    const { cluster } = finding.resource;
    const isJudged = this.#checkIds?.has(finding.checkId) !== false || finding.checkId === COVERAGE_CHECK_ID;
    return isJudged && (cluster === undefined || !this.#incompleteClusters.has(clusterKey({ ...scope, cluster })));
  }
}

function scopeKey({ accountId, region, service }: LedgerScope): string {
  return [accountId, region, service].join(' ');
}

function clusterKey(scope: LedgerScope & { readonly cluster?: string }): string {
  return `${scopeKey(scope)} ${scope.cluster}`;
}
