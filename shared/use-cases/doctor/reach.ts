import { type CredentialSource, reachAccount } from '../../aws/accounts.ts';
import type { ClientFactory } from '../../aws/clients.ts';
import { classifyError } from '../../aws/errors.ts';
import type { ProbeResult } from '../../domain/diagnosis.ts';
import { AccountUnderTest } from './account-under-test.ts';
import { explainCredentials, explainRole } from './credentials.ts';
import { type Identity, identify, identityOfRole } from './identity.ts';

/** Whose the credentials are that everything starts from. */
export async function lookAtCredentials(
  sources: readonly CredentialSource[],
  clients: ClientFactory,
  home: string,
): Promise<{ base?: AccountUnderTest; results: readonly ProbeResult[] }> {
  const profile = sources.find((source) => source.profile !== undefined)?.profile;
  const answer = await reachAccount(clients, profile === undefined ? {} : { profile }, home);
  if (!answer.reached) return { results: [explainCredentials(answer, profile)] };
  const identity = await identify(clients, answer.account, home);
  const { accountId } = answer.account;
  return {
    base: new AccountUnderTest(clients, answer.account, identity, identity),
    results: [
      {
        group: 'credentials',
        status: 'ok',
        subject: profile === undefined ? 'default credentials' : `profile ${profile}`,
        accountId,
        message: `The credentials are those of ${identity.name} in the account ${accountId}.`,
      },
    ],
  };
}

/**
 * Takes the roles of an account.
 *
 * @param base who takes them
 * @param publishes whether the role that publishes is needed as well
 */
export async function lookAtAccess(
  source: CredentialSource,
  base: AccountUnderTest,
  home: string,
  publishes: boolean,
): Promise<{ account?: AccountUnderTest; results: readonly ProbeResult[] }> {
  const { roleArn, publishRoleArn } = source;
  if (roleArn === undefined) return { account: base, results: [] };
  const { clients } = base;
  const answer = await reachAccount(clients, source, home, base.reached.credentials);
  if (!answer.reached) return { results: [explainRole(answer, source, base.identity)] };
  const reader = identityOfRole(roleArn);
  const results = [assumed(roleArn, answer.account.accountId)];
  if (publishRoleArn === undefined || !publishes)
    return { account: new AccountUnderTest(clients, answer.account, reader, reader), results };
  try {
    await answer.account.publishing();
  } catch (error) {
    const failure = { reached: false, reason: classifyError(error, 'sts:AssumeRole'), error } as const;
    results.push(explainRole(failure, { ...source, roleArn: publishRoleArn }, base.identity));
    return { account: new AccountUnderTest(clients, answer.account, reader), results };
  }
  results.push(assumed(publishRoleArn, answer.account.accountId));
  const publisher: Identity = identityOfRole(publishRoleArn);
  return { account: new AccountUnderTest(clients, answer.account, reader, publisher), results };
}

function assumed(roleArn: string, accountId: string): ProbeResult {
  return { group: 'accounts', status: 'ok', subject: roleArn, accountId, message: `${roleArn} can be assumed.` };
}
