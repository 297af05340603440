import type { Ledger, LedgerRow } from '../domain/ledger.ts';

/** Writes a text that is handed over piece by piece, so that it is never held whole. */
export type ReportWriter = (key: string, chunks: AsyncIterable<string>) => Promise<void>;

export interface ReportDependencies {
  readonly ledger: Ledger;
  readonly write: ReportWriter;
  readonly toolVersion: string;
  readonly now: () => Date;
}

/**
 * Writes what the ledger holds, as one JSON document: the last finished run, and every finding with its history.
 *
 * @returns under which key it was written, and how many findings it has
 */
export async function writeReport({
  ledger,
  write,
  toolVersion,
  now,
}: ReportDependencies): Promise<{ readonly key: string; readonly findings: number }> {
  const at = now().toISOString();
  const key = `ledger/${at.slice(0, 10)}/ledger-${at.replaceAll(':', '-')}.json`;
  let findings = 0;
  async function* chunks(): AsyncGenerator<string> {
    const lastRun = (await ledger.lastFinishedRun()) ?? null;
    const head = { schemaVersion: '1.0', tool: { name: 'hullcheck', version: toolVersion }, writtenAt: at, lastRun };
    yield `${JSON.stringify(head).slice(0, -1)},"findings":[`;
    for await (const row of allRows(ledger)) {
      yield `${findings === 0 ? '' : ','}\n${JSON.stringify(row)}`;
      findings += 1;
    }
    yield `\n],"count":${findings}}\n`;
  }
  await write(key, chunks());
  return { key, findings };
}

async function* allRows(ledger: Ledger): AsyncGenerator<LedgerRow> {
  for await (const { accountId, region, service } of ledger.scopes()) {
    yield* ledger.rowsOfScope({ accountId, region, service });
  }
}
