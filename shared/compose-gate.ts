import { type CredentialSource, homeRegionFor, type ReachableAccount, reachAccount } from './aws/accounts.ts';
import { ClientFactory } from './aws/clients.ts';
import { Limiter } from './aws/limiter.ts';
import { createClassifier } from './collectors/secrets/classifier.ts';
import { type AppOptions, allChecks, selection } from './composition-root.ts';
import type { GateRecord } from './domain/gate.ts';
import type { Unreadable } from './domain/observed.ts';
import { type GateAsker, type GateRequest, gate } from './use-cases/gate/gate.ts';
import { lookAtFile } from './use-cases/gate/look-at-file.ts';
import type { TargetOf } from './use-cases/gate/looking.ts';
import type { LintFile } from './use-cases/lint/read-documents.ts';

/** Answers whether something may be deployed, with the credentials of whoever asks. */
export interface Gate {
  /** @param mayWait false: a scan that is under way counts as none */
  ask(requests: readonly GateRequest[], asker: GateAsker, mayWait: boolean): Promise<GateRecord>;
  /** The task definitions of a file, with all their images. */
  read(file: LintFile): Promise<GateRequest>;
  /** Closes all connections. */
  close(): void;
}

/**
 * Wires a gate for a laptop or a pipeline. An account that the credentials do not open is not looked at, and the answer
 * says so.
 *
 * @param region whose STS is asked
 */
export async function composeGate(
  options: AppOptions,
  sources: readonly CredentialSource[],
  region: string,
): Promise<Gate> {
  const { config, parameters, waivers } = options;
  const { rateShare, concurrency, maxAttempts, connectionTimeoutMs, requestTimeoutMs } = config.aws;
  const clients = new ClientFactory({
    limiter: new Limiter({ rateShare: options.unlimitedRate === true ? 'unlimited' : rateShare, concurrency }),
    maxAttempts,
    maxSockets: concurrency * 2,
    connectionTimeoutMs,
    requestTimeoutMs,
  });
  const accounts = new Map<string, ReachableAccount>();
  const refused: Unreadable[] = [];
  for (const source of sources) {
    const answer = await reachAccount(clients, source, homeRegionFor(region));
    // Without credentials nothing can be looked at, and what then happens is for the policy to say.
    if (answer.reached) accounts.set(answer.account.accountId, answer.account);
    else refused.push(answer.reason);
  }
  const targetOf: TargetOf = ({ accountId, region: where }) => {
    const account = accounts.get(accountId);
    if (account !== undefined) return { accountId, region: where, partition: account.partition };
    const [first] = refused;
    const because = `it is in account ${accountId}, which the credentials do not open`;
    return { because: first === undefined ? because : `${because}: ${first.message.replace(/\.$/, '')}` };
  };
  const { exemptions } = config.checks;
  const { registry } = selection(allChecks(), {
    exemptions,
    ...(options.checkIds === undefined ? {} : { checkIds: options.checkIds }),
  });
  const classify = createClassifier({ hashKey: options.hashKey });
  const now = options.now ?? (() => new Date());
  return {
    read: async (file) => ({ is: 'read', definitions: await lookAtFile(file, { classify }) }),
    ask: (requests, asker, mayWait) =>
      gate(requests, asker, {
        registry,
        parameters,
        policy: mayWait ? config.gate : { ...config.gate, waitForScanMinutes: 0 },
        images: config.images,
        ...(waivers === undefined ? {} : { waivers }),
        targetOf,
        clientFor: ({ accountId }, clientClass, where) =>
          clients.clientFor(clientClass, accountId, where, accounts.get(accountId)?.credentials),
        classify,
        now,
      }),
    close: () => clients.destroy(),
  };
}
