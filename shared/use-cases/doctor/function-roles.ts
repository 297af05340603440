import { reachAccount } from '../../aws/accounts.ts';
import type { ClientFactory } from '../../aws/clients.ts';
import type { ProbeResult } from '../../domain/diagnosis.ts';
import { AccountUnderTest } from './account-under-test.ts';
import { explainRole } from './credentials.ts';
import { identityOfRole } from './identity.ts';

/** The roles of a deployment's functions, by what they do; ARNs. */
export interface FunctionRoles {
  readonly scan: string;
  readonly recheck: string;
  readonly gate: string;
}

/**
 * Takes the roles of the functions that read, so that what is found holds for them: they are what clusters, topics,
 * organizations and members have to let in, and no other role stands for them.
 *
 * @param base the function that looks; it asks what no scan asks
 * @param newClients makes a factory for each role: one keeps a single client for an account, whosever it is
 */
export async function lookAtFunctions(
  { scan, recheck, gate }: FunctionRoles,
  base: AccountUnderTest,
  home: string,
  newClients: () => ClientFactory,
): Promise<{ scanner?: AccountUnderTest; results: readonly ProbeResult[] }> {
  const scanning = await take(scan, base, home, newClients);
  if ('problem' in scanning) return { results: [scanning.problem, NOTHING_WITHOUT_THE_SCANNER] };
  const rechecking = await take(recheck, base, home, newClients);
  const { clients, reached, identity } = scanning.taken;
  const scanner = new AccountUnderTest(clients, reached, identity, identity, {
    readers: 'taken' in rechecking ? [rechecking.taken] : [],
    pullers: [scan, recheck, gate].map(identityOfRole),
    asks: base,
  });
  return { scanner, results: [scanning, rechecking].map((one) => ('taken' in one ? one.result : one.problem)) };
}

async function take(
  roleArn: string,
  base: AccountUnderTest,
  home: string,
  newClients: () => ClientFactory,
): Promise<{ taken: AccountUnderTest; result: ProbeResult } | { problem: ProbeResult }> {
  const answer = await reachAccount(base.clients, { roleArn }, home, base.reached.credentials);
  if (!answer.reached) return { problem: explainRole(answer, { roleArn }, base.identity) };
  const identity = identityOfRole(roleArn);
  const { accountId } = answer.account;
  return {
    taken: new AccountUnderTest(newClients(), answer.account, identity, identity),
    result: {
      group: 'accounts',
      status: 'ok',
      subject: roleArn,
      accountId,
      message: `The account ${accountId} is looked at as ${identity.name}.`,
    },
  };
}

const NOTHING_WITHOUT_THE_SCANNER: ProbeResult = {
  group: 'permissions',
  status: 'skipped',
  subject: 'everything else',
  message: 'Nothing else can be looked at without the role that scans.',
};
