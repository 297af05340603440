import pMap from 'p-map';
import { type CredentialSource, homeRegionFor, type ReachableAccount, reachAccount } from './aws/accounts.ts';
import type { ClientFactory } from './aws/clients.ts';
import { type AppOptions, allChecks, createSinks } from './composition-root.ts';
import type { Ledger } from './domain/ledger.ts';
import type { SinkReport } from './domain/ports.ts';
import { InMemoryAlertMemory } from './sinks/sns/alert-memory.ts';
import { closePublished, countPublished, type OpenFindings } from './use-cases/archive-published.ts';
import { publishRows } from './use-cases/publish-rows.ts';

/** What was published, and who can archive it. */
export interface ArchivePlan {
  readonly open: readonly OpenFindings[];
  /** The accounts that the credentials open. */
  readonly accountIds: ReadonlySet<string>;
  /** Why others that were asked for are not among them. */
  readonly problems: readonly string[];
}

export interface Archiver {
  plan(): Promise<ArchivePlan>;
  /** Archives in Security Hub what was published of the accounts of the plan; what is refused stays to be archived. */
  archive(plan: ArchivePlan): Promise<readonly SinkReport[]>;
}

const ACCOUNTS_AT_ONCE = 8;

/** Wires what takes back all that a ledger says was published, with the credentials that publish. */
export function composeArchiver(
  options: AppOptions,
  clients: ClientFactory,
  ledger: Ledger,
  sources: readonly CredentialSource[],
  region: string,
): Archiver {
  const now = options.now ?? (() => new Date());
  const accounts = new Map<string, ReachableAccount>();
  return {
    async plan() {
      const answers = await pMap(sources, (source) => reachAccount(clients, source, homeRegionFor(region)), {
        concurrency: ACCOUNTS_AT_ONCE,
      });
      const problems: string[] = [];
      for (const answer of answers) {
        if (answer.reached) accounts.set(answer.account.accountId, answer.account);
        else problems.push(`${answer.roleArn ?? 'The credentials'}: ${answer.reason.message}`);
      }
      return { open: await countPublished(ledger), accountIds: new Set(accounts.keys()), problems };
    },
    async archive({ accountIds }) {
      const { 'security-hub': makeSink } = createSinks(
        options,
        allChecks(),
        new InMemoryAlertMemory(0),
        (clientClass, accountId, inRegion) =>
          clients.clientFor(clientClass, accountId, inRegion, accounts.get(accountId)?.publishing),
      );
      const rows = closePublished(ledger, accountIds, now().toISOString());
      return publishRows(rows, { ledger, sinks: [makeSink()], now, keepNews: 'nothing' });
    },
  };
}
