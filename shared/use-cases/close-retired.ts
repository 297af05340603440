import type { ScanTarget } from '../domain/inventory.ts';
import type { Ledger, LedgerRow } from '../domain/ledger.ts';
import { COVERAGE_CHECK_ID } from '../engine/coverage-findings.ts';
import type { ServiceOfCheck } from '../engine/finding-address.ts';
import type { CheckRegistry } from '../engine/registry.ts';
import { applyAbsence } from '../engine/transitions.ts';
import { changeRow } from './change-row.ts';
import { interleave } from './interleave.ts';
import { SCOPES_AT_ONCE } from './open-failures.ts';

interface RetiringDependencies {
  readonly ledger: Ledger;
  readonly registry: CheckRegistry;
  /** Knows all checks there are, also those that are switched off. */
  readonly serviceOf: ServiceOfCheck;
}

/**
 * Closes what checks have found that this version does not have any more, or has under another id: nobody judges it, so
 * that nobody could ever fix it. What is only switched off stays as it is.
 *
 * @returns the rows whose end has to be told
 */
export async function* closeRetired(
  targets: readonly Pick<ScanTarget, 'accountId' | 'region'>[],
  observedAt: string,
  dependencies: RetiringDependencies,
): AsyncGenerator<LedgerRow> {
  const { ledger } = dependencies;
  const places = new Set(targets.map(({ accountId, region }) => `${accountId} ${region}`));
  yield* interleave(
    ledger.scopes(),
    async function* (scope) {
      if (!places.has(`${scope.accountId} ${scope.region}`)) return;
      for await (const found of ledger.rowsOfScope(scope)) {
        const written = isRetired(found, dependencies) ? await retire(found, observedAt, ledger) : undefined;
        if (written?.publish.state === 'pending') yield written;
      }
    },
    SCOPES_AT_ONCE,
  );
}

/** Whether a row is of a check that nobody has any more. */
export function isRetired(
  { finding: { checkId }, status }: LedgerRow,
  { registry, serviceOf }: Omit<RetiringDependencies, 'ledger'>,
): boolean {
  if (checkId === COVERAGE_CHECK_ID || status === 'GONE') return false;
  return serviceOf(checkId) === undefined || (registry.find(checkId)?.id ?? checkId) !== checkId;
}

/** @returns the row as written; undefined where somebody was faster */
export function retire(found: LedgerRow, observedAt: string, ledger: Ledger): Promise<LedgerRow | undefined> {
  return changeRow(
    ledger,
    { ...found.scope, findingId: found.finding.id },
    (row) => (row === undefined ? undefined : applyAbsence(row, observedAt, 'check retired')),
    { row: found },
  );
}
