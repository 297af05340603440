import {
  AssumeRole$,
  type AssumeRoleCommandInput,
  type AssumeRoleCommandOutput,
  GetCallerIdentity$,
  type GetCallerIdentityCommandOutput,
} from '@aws-sdk/client-sts';
import { type Call, operation, type Reply, type Service } from '../service.ts';
import { ServiceError } from '../service-error.ts';

export const sts: Service = {
  signingName: 'sts',
  protocol: 'query',
  xmlNamespace: 'https://sts.amazonaws.com/doc/2011-06-15/',
  invalidInputCode: 'ValidationError',
  operations: [operation(GetCallerIdentity$, getCallerIdentity), operation(AssumeRole$, assumeRole)],
};

function getCallerIdentity({ caller }: Call): Reply<GetCallerIdentityCommandOutput> {
  return { Account: caller.accountId, Arn: caller.arn, UserId: caller.userId };
}

/** AWS gives the same refusal for a role that does not exist and for one that does not trust the caller. */
function assumeRole({ world, caller, sessions }: Call, input: AssumeRoleCommandInput): Reply<AssumeRoleCommandOutput> {
  const roleArn = input.RoleArn ?? '';
  const [, accountId, roleName] = /^arn:aws:iam::(\d{12}):role\/(?:.+\/)?([\w+=,.@-]+)$/.exec(roleArn) ?? [];
  if (!accountId) throw new ServiceError('ValidationError', `${roleArn} is invalid`);
  const seconds = input.DurationSeconds ?? 3600;
  if (seconds < 900 || seconds > 43_200) {
    throw new ServiceError('ValidationError', 'The requested DurationSeconds must be between 900 and 43200');
  }
  const role = world.accounts.find(({ id }) => id === accountId)?.roles.find(({ name }) => name === roleName);
  if (!role || (role.externalId !== undefined && role.externalId !== input.ExternalId)) {
    throw new ServiceError(
      'AccessDenied',
      `User: ${caller.arn} is not authorized to perform: sts:AssumeRole on resource: ${roleArn}`,
      403,
    );
  }
  const session = sessions.issue(roleArn, input.RoleSessionName ?? '', seconds);
  return {
    Credentials: session.credentials,
    AssumedRoleUser: { Arn: session.caller.arn, AssumedRoleId: session.caller.userId },
  };
}
