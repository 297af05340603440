import type { ScanTarget } from '../domain/inventory.ts';
import type { Ledger, LedgerRow } from '../domain/ledger.ts';
import { COVERAGE_CHECK_ID } from '../engine/coverage-findings.ts';
import type { ServiceOfCheck } from '../engine/finding-address.ts';
import type { CheckRegistry } from '../engine/registry.ts';
import { applyAbsence } from '../engine/transitions.ts';
import { changeRow } from './change-row.ts';

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
  { ledger, registry, serviceOf }: RetiringDependencies,
): AsyncGenerator<LedgerRow> {
  const places = new Set(targets.map(({ accountId, region }) => `${accountId} ${region}`));
  for await (const { accountId, region, service } of ledger.scopes()) {
    if (!places.has(`${accountId} ${region}`)) continue;
    const scope = { accountId, region, service };
    for await (const found of ledger.rowsOfScope(scope)) {
      const { id, checkId } = found.finding;
      const isKnown = serviceOf(checkId) !== undefined && (registry.find(checkId)?.id ?? checkId) === checkId;
      if (isKnown || checkId === COVERAGE_CHECK_ID || found.status === 'GONE') continue;
      const written = await changeRow(
        ledger,
        { ...scope, findingId: id },
        (row) => (row === undefined ? undefined : applyAbsence(row, observedAt, 'check retired')),
        { row: found },
      );
      if (written?.publish.state === 'pending') yield written;
    }
  }
}
