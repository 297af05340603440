import type { ScanTarget } from '../domain/inventory.ts';
import type { Ledger, LedgerRow } from '../domain/ledger.ts';
import type { WaiverSet } from '../domain/waiver.ts';
import type { ServiceOfCheck } from '../engine/finding-address.ts';
import type { CheckRegistry } from '../engine/registry.ts';
import { applyLook, type DiffOptions } from '../engine/transitions.ts';
import { changeRow } from './change-row.ts';
import { isRetired, retire } from './close-retired.ts';
import { interleave } from './interleave.ts';
import { type OpenFailures, SCOPES_AT_ONCE } from './open-failures.ts';

interface SettleDependencies extends DiffOptions {
  readonly ledger: Ledger;
  readonly registry: CheckRegistry;
  /** Knows all checks there are, also those that are switched off. */
  readonly serviceOf: ServiceOfCheck;
  readonly waivers?: WaiverSet;
}

/**
 * Brings every finding up to date with what needs no look: waivers end by the clock and by the file, also where nothing
 * could be scanned; what only checks found that there are no more is closed. One walk through all scopes for both, and
 * for what is open after it: a thousand accounts have more than a hundred thousand scopes.
 *
 * @param retiring where findings of retired checks are closed; nowhere unless the run was complete
 * @param open counts every row as it is afterwards
 * @param at when it is; ISO 8601, UTC
 * @returns the rows with something to tell
 */
export async function* settleRows(
  retiring: readonly Pick<ScanTarget, 'accountId' | 'region'>[],
  open: OpenFailures,
  at: string,
  dependencies: SettleDependencies,
): AsyncGenerator<LedgerRow> {
  const { ledger, waivers } = dependencies;
  const places = new Set(retiring.map(({ accountId, region }) => `${accountId} ${region}`));
  const inForce = new Map((waivers?.waivers ?? []).map(({ id, expiresAt }) => [id, expiresAt]));
  const settle = (row: LedgerRow): Promise<LedgerRow | undefined> | undefined => {
    const { accountId, region } = row.scope;
    if (places.has(`${accountId} ${region}`) && isRetired(row, dependencies)) return retire(row, at, ledger);
    const { waiver } = row.finding;
    if (row.status !== 'FAILED' || waiver === undefined || (inForce.get(waiver.id) ?? '') > at) return undefined;
    return endWaiver(row, at, dependencies);
  };
  yield* interleave(
    ledger.scopes(),
    async function* (scope) {
      for await (const row of ledger.rowsOfScope(scope)) {
        const written = await settle(row);
        open.add(written ?? row);
        if (written?.publish.state === 'pending') yield written;
      }
    },
    SCOPES_AT_ONCE,
  );
}

function endWaiver(found: LedgerRow, at: string, dependencies: SettleDependencies): Promise<LedgerRow | undefined> {
  const { scope, finding } = found;
  const { waiver: _, ...unwaived } = finding;
  return changeRow(
    dependencies.ledger,
    { ...scope, findingId: finding.id },
    (row) => applyLook({ scope, finding: unwaived, observedAt: at }, row, dependencies),
    { row: found },
  );
}
