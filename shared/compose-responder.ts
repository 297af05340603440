import { setTimeout as pause } from 'node:timers/promises';
import type { CredentialSource } from './aws/accounts.ts';
import { ClientFactory } from './aws/clients.ts';
import { Limiter } from './aws/limiter.ts';
import { collectors } from './collectors/index.generated.ts';
import { createClassifier } from './collectors/secrets/classifier.ts';
import { type AppOptions, allChecks } from './composition-root.ts';
import type { ScanTarget } from './domain/inventory.ts';
import type { ResponseRecord } from './domain/response.ts';
import { fixes } from './fixes/index.generated.ts';
import { collectInventory } from './use-cases/collect-inventory.ts';
import { planTargets } from './use-cases/plan-targets.ts';
import { type RespondDependencies, respond } from './use-cases/respond.ts';
import type { StoredFacts } from './use-cases/stored-facts.ts';

/** What somebody asks of a fix. */
export type FixRequest = Pick<RespondDependencies, 'apply' | 'allowUnknownUse' | 'requestedBy' | 'keep'>;

/** Fixes findings of the accounts that its credentials open. */
export interface Responder {
  /** The accounts and regions that can be spoken to. */
  readonly targets: readonly ScanTarget[];
  /** Why others that were asked for cannot be. */
  readonly excluded: readonly { readonly accountId: string; readonly region: string; readonly reason: string }[];
  respond(findingIds: readonly string[], request: FixRequest): Promise<readonly ResponseRecord[]>;
  /** Closes all connections. */
  close(): void;
}

/**
 * Wires a responder for a laptop: it reads and writes with the same credentials, and what others have stated it reads
 * itself, in the same accounts and regions, where a fix needs it.
 *
 * @throws CredentialsError, UnknownRegionError
 */
export async function composeResponder(
  options: AppOptions,
  sources: readonly CredentialSource[],
  regions: readonly string[],
): Promise<Responder> {
  const { rateShare, concurrency, maxAttempts, connectionTimeoutMs, requestTimeoutMs } = options.config.aws;
  const clients = new ClientFactory({
    limiter: new Limiter({ rateShare: options.unlimitedRate === true ? 'unlimited' : rateShare, concurrency }),
    maxAttempts,
    maxSockets: concurrency * 2,
    connectionTimeoutMs,
    requestTimeoutMs,
  });
  const { targets, excluded, accounts } = await planTargets(clients, sources, regions);
  const now = options.now ?? (() => new Date());
  const clientFor: RespondDependencies['clientFor'] = ({ accountId }, clientClass, region) =>
    clients.clientFor(clientClass, accountId, region, accounts.get(accountId)?.credentials);
  const classify = createClassifier({ hashKey: options.hashKey });
  let facts: Promise<StoredFacts> | undefined;
  const readFacts = async (): Promise<StoredFacts> => {
    const stating = collectors.filter(({ producesFacts }) => producesFacts.length > 0);
    const inventory = await collectInventory(
      { collectors: stating, clientFor, classify, now, concurrency },
      targets,
      excluded,
    );
    return { facts: inventory.facts, completions: inventory.factCompletions };
  };
  return {
    targets,
    excluded,
    respond: (findingIds, request) =>
      respond(findingIds, {
        ...request,
        registry: allChecks(),
        collectors,
        fixes,
        parameters: options.parameters,
        toolVersion: options.toolVersion,
        ...(options.waivers === undefined ? {} : { waivers: options.waivers }),
        targets,
        clientFor,
        responderFor: (target, clientClass) => clientFor(target, clientClass, target.region),
        classify,
        now,
        pause: async (milliseconds) => {
          await pause(milliseconds);
        },
        facts: () => {
          facts ??= readFacts();
          return facts;
        },
      }),
    close: () => clients.destroy(),
  };
}
