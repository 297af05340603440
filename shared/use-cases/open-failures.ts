import type { Ledger, LedgerRow } from '../domain/ledger.ts';
import type { Severity } from '../domain/severity.ts';
import { type DigestingSink, noneOpen } from './digest-facts.ts';
import { interleave } from './interleave.ts';

type Open = Record<Severity, number>;

/** So many scopes are read at once, wherever all of them are. */
export const SCOPES_AT_ONCE = 32;

/** What fails and nobody has accepted, whether a run looked at it or not: counted once for all who ask. */
export class OpenFailures {
  readonly #sinks: readonly DigestingSink[];
  /** By sink, account and route. */
  readonly #counts = new Map<DigestingSink, Map<string, Map<string, Open>>>();

  constructor(sinks: readonly DigestingSink[]) {
    this.#sinks = sinks;
  }

  add({ scope: { accountId }, status, finding }: LedgerRow): void {
    if (status !== 'FAILED' || finding.status !== 'FAILED' || finding.waiver !== undefined) return;
    for (const sink of this.#sinks) {
      const ofSink = this.#counts.get(sink) ?? new Map<string, Map<string, Open>>();
      this.#counts.set(sink, ofSink);
      const ofAccount = ofSink.get(accountId) ?? new Map<string, Open>();
      ofSink.set(accountId, ofAccount);
      const route = sink.routeOf(finding);
      const open = ofAccount.get(route) ?? noneOpen();
      ofAccount.set(route, open);
      open[finding.severity] += 1;
    }
  }

  /**
   * @param accountIds default: all
   * @returns for each route of the sink what is open there
   */
  of(sink: DigestingSink, accountIds?: ReadonlySet<string>): ReadonlyMap<string, Readonly<Open>> {
    const sums = new Map(sink.routes.map((route) => [route, noneOpen()]));
    for (const [accountId, ofAccount] of this.#counts.get(sink) ?? []) {
      if (accountIds?.has(accountId) === false) continue;
      for (const [route, open] of ofAccount) {
        const sum = sums.get(route);
        if (sum === undefined) continue;
        for (const severity of Object.keys(sum) as Severity[]) sum[severity] += open[severity];
      }
    }
    return sums;
  }
}

/** Counts what is open in all that a ledger has. */
export async function countOpen(ledger: Ledger, sinks: readonly DigestingSink[]): Promise<OpenFailures> {
  const open = new OpenFailures(sinks);
  for await (const row of interleave(ledger.scopes(), (scope) => ledger.rowsOfScope(scope), SCOPES_AT_ONCE)) {
    open.add(row);
  }
  return open;
}
