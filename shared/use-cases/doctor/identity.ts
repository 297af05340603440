import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { ReachableAccount } from '../../aws/accounts.ts';
import type { ClientFactory } from '../../aws/clients.ts';

/** Whose policies have to be changed for calls to be allowed. */
export interface Identity {
  readonly arn: string;
  /** As a person calls it: `the role HullcheckRead`. */
  readonly name: string;
}

/** Asks AWS for the identity behind credentials that work. Needs no permission. */
export async function identify(
  clients: ClientFactory,
  { accountId, credentials }: ReachableAccount,
  region: string,
): Promise<Identity> {
  const client = clients.clientFor(STSClient, accountId, region, credentials);
  const { Arn = '' } = await client.send(new GetCallerIdentityCommand({}));
  return identityOf(Arn);
}

/**
 * The role or user of a caller's ARN: policies are attached to a role, not to its sessions.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
 */
export function identityOf(callerArn: string): Identity {
  const [, partition = 'aws', , , accountId = '', ...rest] = callerArn.split(':');
  const [kind = '', ...path] = rest.join(':').split('/');
  if (kind === 'assumed-role') {
    const [role = ''] = path;
    const [, permissionSet] = /^AWSReservedSSO_(.+)_[0-9a-f]+$/.exec(role) ?? [];
    return {
      arn: `arn:${partition}:iam::${accountId}:role/${role}`,
      name: permissionSet === undefined ? `the role ${role}` : `the permission set ${permissionSet}`,
    };
  }
  if (kind === 'root') return { arn: callerArn, name: 'the root user' };
  return { arn: callerArn, name: `the ${kind} ${path.at(-1) ?? ''}` };
}

/** The identity of a role that is named by its own ARN. */
export function identityOfRole(roleArn: string): Identity {
  return { arn: roleArn, name: `the role ${roleArn.split('/').at(-1) ?? ''}` };
}
