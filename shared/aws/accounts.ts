import { CloudWatchLogsClient, DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { DescribeRegionsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { fromNodeProviderChain } from '@aws-sdk/credential-providers';
import type { AwsCredentialIdentityProvider } from '@smithy/types';
import type { Unreadable } from '../domain/observed.ts';
import type { IamAction } from '../domain/ports.ts';
import type { ClientFactory } from './clients.ts';
import { classifyError } from './errors.ts';

/** Where a scan's credentials come from: the SDK's default chain, and one role for each further account. */
export interface CredentialSource {
  readonly profile?: string;
  readonly roleArn?: string;
  /** The role that publishes into the account; the one that reads where none is named. */
  readonly publishRoleArn?: string;
  readonly externalId?: string;
}

/** An account that can be spoken to. */
export interface ReachableAccount {
  readonly accountId: string;
  readonly partition: string;
  readonly credentials: AwsCredentialIdentityProvider;
  /** Of the role that publishes; assumed when something is first published. */
  readonly publishing: AwsCredentialIdentityProvider;
}

/** What resolving needs beside the roles themselves. */
export const ACCOUNT_PERMISSIONS: readonly IamAction[] = [
  'ec2:DescribeRegions',
  'logs:DescribeLogGroups',
  'sts:AssumeRole',
];

export type AccountAnswer =
  | { readonly reached: true; readonly account: ReachableAccount }
  | {
      readonly reached: false;
      readonly reason: Unreadable;
      /** What was thrown: it may hold more than a sentence that is the same for the same world may say. */
      readonly error: unknown;
      readonly roleArn?: string;
    };

/**
 * Finds out whose credentials a source gives.
 *
 * @param region the region whose STS endpoint is asked
 * @param from whose credentials its roles are taken with; left out = the SDK's default chain
 */
export async function reachAccount(
  clients: ClientFactory,
  source: CredentialSource,
  region: string,
  from?: AwsCredentialIdentityProvider,
): Promise<AccountAnswer> {
  const base =
    from ??
    fromNodeProviderChain({
      clientConfig: { region },
      ...(source.profile === undefined ? {} : { profile: source.profile }),
    });
  const sessionOf = (roleArn: string) => memoize(assume(clients, { ...source, roleArn }, base, region));
  const { roleArn, publishRoleArn } = source;
  const credentials = roleArn === undefined ? base : sessionOf(roleArn);
  const publishing = publishRoleArn === undefined ? credentials : sessionOf(publishRoleArn);
  const operation = roleArn === undefined ? 'sts:GetCallerIdentity' : 'sts:AssumeRole';
  try {
    if (roleArn !== undefined) {
      await credentials();
      // Whose role it is stands in its name.
      const [, partition = '', , , accountId = ''] = roleArn.split(':');
      return { reached: true, account: { accountId, partition, credentials, publishing } };
    }
    const client = clients.clientFor(STSClient, source.profile ?? 'default', region, credentials);
    const { Account, Arn } = await client.send(new GetCallerIdentityCommand({}));
    const partition = Arn?.split(':')[1];
    if (Account === undefined || !partition) throw Object.assign(new Error('no account'), { name: 'SyntaxError' });
    return { reached: true, account: { accountId: Account, partition, credentials, publishing } };
  } catch (error) {
    const reason = classifyError(error, operation);
    return roleArn === undefined ? { reached: false, reason, error } : { reached: false, reason, error, roleArn };
  }
}

/** The regions of an account by name: true where it is enabled. Undefined where they could not be listed. */
export async function regionsOf(
  clients: ClientFactory,
  account: ReachableAccount,
  region: string,
): Promise<ReadonlyMap<string, boolean> | Unreadable> {
  try {
    const client = clients.clientFor(EC2Client, account.accountId, region, account.credentials);
    const { Regions } = await client.send(new DescribeRegionsCommand({ AllRegions: true }));
    return new Map(
      (Regions ?? []).flatMap(({ RegionName, OptInStatus }) =>
        RegionName === undefined ? [] : [[RegionName, OptInStatus !== 'not-opted-in'] as const],
      ),
    );
  } catch (error) {
    return classifyError(error, 'ec2:DescribeRegions');
  }
}

/**
 * Asks a region once whether it is open at all, by a call that nobody forbids for its own sake, and that the policies
 * with which organizations close regions do not except (as they do ec2:DescribeRegions).
 *
 * @returns why it was refused; undefined where it was not
 * @see https://docs.aws.amazon.com/controltower/latest/controlreference/primary-region-deny-policy.html
 */
export async function probeRegion(
  clients: ClientFactory,
  { accountId, credentials }: ReachableAccount,
  region: string,
): Promise<Unreadable | undefined> {
  try {
    const client = clients.clientFor(CloudWatchLogsClient, accountId, region, credentials);
    await client.send(new DescribeLogGroupsCommand({ limit: 1 }));
    return undefined;
  } catch (error) {
    return classifyError(error, 'logs:DescribeLogGroups');
  }
}

/** What the SDK says where nobody names a region, and where somebody names nothing. */
const NO_REGION = /^Region is missing$|region=""/;

/**
 * The region of the environment or the profile, as the SDK finds it.
 *
 * @returns undefined where neither names one; the SDK takes files that it cannot read or understand for empty
 * @throws what the SDK throws, for a name that is no region
 */
export async function defaultRegion(profile?: string): Promise<string | undefined> {
  const client = new STSClient(profile === undefined ? {} : { profile });
  try {
    return await client.config.region();
  } catch (error) {
    if (error instanceof Error && NO_REGION.test(error.message)) return undefined;
    throw error;
  } finally {
    client.destroy();
  }
}

/**
 * A region of the partition that always exists and is always enabled, for calls that belong to no region.
 *
 * @see https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitional-services.html
 */
export function homeRegionFor(region: string): string {
  if (region.startsWith('cn-')) return 'cn-north-1';
  if (region.startsWith('us-gov-')) return 'us-gov-west-1';
  if (region.startsWith('eusc-')) return 'eusc-de-east-1';
  return 'us-east-1';
}

/**
 * A session of a role, renewed shortly before it ends; one serves all clients of the account. Asked for through the
 * shared clients, so that it is limited, counted and retried like every other call.
 *
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
 */
function assume(
  clients: ClientFactory,
  source: CredentialSource & { readonly roleArn: string },
  base: AwsCredentialIdentityProvider,
  region: string,
): AwsCredentialIdentityProvider {
  const { roleArn, externalId, profile = 'default' } = source;
  return async () => {
    const client = clients.clientFor(STSClient, profile, region, base);
    const { Credentials } = await client.send(
      new AssumeRoleCommand({
        RoleArn: roleArn,
        RoleSessionName: 'hullcheck',
        ...(externalId === undefined ? {} : { ExternalId: externalId }),
      }),
    );
    if (Credentials?.AccessKeyId === undefined || Credentials.SecretAccessKey === undefined) {
      throw Object.assign(new Error('AssumeRole gave no credentials'), { name: 'SyntaxError' });
    }
    return {
      accessKeyId: Credentials.AccessKeyId,
      secretAccessKey: Credentials.SecretAccessKey,
      ...(Credentials.SessionToken === undefined ? {} : { sessionToken: Credentials.SessionToken }),
      ...(Credentials.Expiration === undefined ? {} : { expiration: Credentials.Expiration }),
    };
  };
}

/** How long before its end a session is renewed. */
const RENEW_BEFORE_MS = 5 * 60_000;

function memoize(provider: AwsCredentialIdentityProvider): AwsCredentialIdentityProvider {
  let session: ReturnType<AwsCredentialIdentityProvider> | undefined;
  return async (options) => {
    const current = await session?.catch(() => undefined);
    const fresh =
      current !== undefined &&
      (current.expiration?.getTime() ?? Number.POSITIVE_INFINITY) - Date.now() > RENEW_BEFORE_MS;
    if (!fresh) session = provider(options);
    return session as ReturnType<AwsCredentialIdentityProvider>;
  };
}
