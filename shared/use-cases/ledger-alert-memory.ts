import type { AlertState, Ledger, LedgerRow } from '../domain/ledger.ts';
import { DEFAULT_ROUTE } from '../domain/route.ts';
import { rowKeyOf, type ServiceOfCheck } from '../engine/finding-address.ts';
import type { AlertMemory } from '../sinks/sns/alert-memory.ts';
import { changeRow } from './change-row.ts';

export interface LedgerAlertMemoryOptions {
  readonly ledger: Ledger;
  readonly serviceOf: ServiceOfCheck;
  /** Where the row of a check may be that does not exist any more. */
  readonly services?: readonly string[];
  /** The run, or the time window of rechecks, that shares one allowance of single alerts. */
  readonly window: string;
  /** Single alerts in each window and route. */
  readonly max: number;
}

/**
 * What was alerted, kept in the row of each finding; the number of single alerts is counted for the run and route as a
 * whole, whichever of its units sends them. While an account's baseline has not been told nothing in it is news (OC-3).
 */
export class LedgerAlertMemory implements AlertMemory {
  readonly #options: LedgerAlertMemoryOptions;
  readonly #baselines = new Map<string, Promise<boolean>>();
  /** Rows as this memory saw them last: a write over what somebody else has changed since is refused and repeated. */
  readonly #known = new Map<string, LedgerRow>();

  constructor(options: LedgerAlertMemoryOptions) {
    this.#options = options;
  }

  async reserve(findingId: string, route: string): Promise<boolean> {
    const { ledger, window, max } = this.#options;
    const row = await this.#read(findingId);
    if (row === undefined || row.alert === 'open' || (await this.#isBaseline(row.scope.accountId))) return false;
    // What an analyst has put away in Security Hub wakes nobody, also when it comes back. What a waiver of the tool put
    // away does: it would not be asked for while the waiver is in force.
    if (row.workflow?.status === 'SUPPRESSED' && !row.workflow.byUs) return false;
    if (!(await ledger.takeAlertSlot(window, route, findingId, max))) return false;
    await this.#set(findingId, 'pending', route);
    return true;
  }

  /** A message that may have been sent has to be resolved like one that was. */
  async routeOfOpen(findingId: string): Promise<string | undefined> {
    const row = await this.#read(findingId);
    return row?.alert === 'open' || row?.alert === 'pending' ? (row.alertRoute ?? DEFAULT_ROUTE) : undefined;
  }

  async record(findingId: string, eventAction: 'trigger' | 'resolve', route: string): Promise<void> {
    await this.#set(findingId, eventAction === 'trigger' ? 'open' : 'resolved', route);
  }

  async #read(findingId: string): Promise<LedgerRow | undefined> {
    const { ledger, serviceOf, services = [] } = this.#options;
    const key = rowKeyOf(findingId, serviceOf);
    const row =
      key === undefined
        ? (await ledger.readRows(services.flatMap((one) => rowKeyOf(findingId, () => one) ?? []))).get(findingId)
        : await ledger.readRow(key);
    if (row !== undefined) this.#known.set(findingId, row);
    return row;
  }

  async #set(findingId: string, alert: AlertState, alertRoute: string): Promise<void> {
    const known = this.#known.get(findingId);
    const key = rowKeyOf(findingId, known === undefined ? this.#options.serviceOf : () => known.scope.service);
    if (key === undefined) return;
    const written = await changeRow(
      this.#options.ledger,
      key,
      (row) => (row === undefined || row.alert === alert ? undefined : { ...row, alert, alertRoute }),
      known === undefined ? undefined : { row: known },
    );
    if (written !== undefined) this.#known.set(findingId, written);
  }

  #isBaseline(accountId: string): Promise<boolean> {
    const known = this.#baselines.get(accountId);
    if (known !== undefined) return known;
    const asked = this.#options.ledger.readAccount(accountId).then((account) => account?.baselineAt === undefined);
    this.#baselines.set(accountId, asked);
    return asked;
  }
}
