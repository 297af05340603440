import type { AccountAnswer, CredentialSource } from '../../aws/accounts.ts';
import { type Denial, denialOf } from '../../aws/denial.ts';
import { errorName } from '../../aws/errors.ts';
import type { Fix, ProbeResult } from '../../domain/diagnosis.ts';
import type { Identity } from './identity.ts';

type Failure = Extract<AccountAnswer, { reached: false }>;

/** Credentials that were given out, and whose time is over. */
const EXPIRED = new Set(['ExpiredToken', 'ExpiredTokenException', 'RequestExpired', 'TokenProviderError']);

/**
 * Says why credentials do not work, as far as the SDK and STS tell.
 *
 * @param profile the profile that was named, if one was
 */
export function explainCredentials({ error, reason }: Failure, profile: string | undefined): ProbeResult {
  const subject = profile === undefined ? 'default credentials' : `profile ${profile}`;
  const login = profile === undefined ? 'aws sso login' : `aws sso login --profile ${profile}`;
  const problem = (message: string, fix: Fix): ProbeResult => ({
    group: 'credentials',
    status: 'problem',
    subject,
    message,
    fix,
  });
  const name = errorName(error);
  const message = messageOf(error);
  if (EXPIRED.has(name) || /expired/i.test(message)) {
    // A signature expires when the clock is wrong, a session when its time is over.
    if (/signature (?:expired|not yet current)/i.test(message)) return problem(...clockIsWrong());
    return problem('The credentials have expired.', { text: 'Sign in again.', command: login });
  }
  if (/not yet current/i.test(message) || name === 'RequestTimeTooSkewed') return problem(...clockIsWrong());
  if (name === 'SignatureDoesNotMatch')
    return problem('The secret access key does not belong to the access key id.', {
      text: 'Enter both again.',
      command: profile === undefined ? 'aws configure' : `aws configure --profile ${profile}`,
    });
  if (name === 'InvalidClientTokenId' || name === 'UnrecognizedClientException')
    return problem('AWS does not know the access key: it was deleted, deactivated, or belongs to another partition.', {
      text: 'Take keys that exist, or sign in.',
      command: login,
    });
  if (reason.cause === 'credentials')
    return profile === undefined
      ? problem('There are no credentials: no environment variables, profile or role of this machine gives any.', {
          text: 'Sign in, or name a profile with --profile.',
          command: login,
        })
      : problem(`The profile "${profile}" gives no credentials: it does not exist, or lacks a source of them.`, {
          text: 'Take one of the profiles that there are, or sign in to this one.',
          command: 'aws configure list-profiles',
        });
  return { group: 'credentials', status: 'unknown', subject, message: reason.message, fix: networkFix() };
}

/**
 * Says why a role could not be assumed. STS gives one and the same answer for a role that does not exist, for one that
 * trusts others, and for a wrong external id, unless a policy of the caller's own is the reason.
 *
 * @param caller who tried
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_roles.html
 */
export function explainRole({ error, reason }: Failure, source: CredentialSource, caller: Identity): ProbeResult {
  const { roleArn = '', externalId } = source;
  const [, partition, , , accountId = '', role = ''] = roleArn.split(':');
  const roleName = role.split('/').at(-1) ?? '';
  const result = (status: 'problem' | 'unknown', message: string, fix?: Fix): ProbeResult => ({
    group: 'accounts',
    status,
    subject: roleArn,
    accountId,
    message,
    ...(fix === undefined ? {} : { fix }),
  });
  if (partition !== caller.arn.split(':')[1])
    return result('problem', `The role is in another partition of AWS than ${caller.name}.`, {
      text: 'Scan it with credentials of its own partition.',
    });
  if (reason.cause !== 'denied' && reason.cause !== 'denied-by-scp')
    return result('unknown', reason.message, networkFix());
  const denial = reason.cause === 'denied-by-scp' ? 'service-control-policy' : denialOf(error);
  if (denial === 'not-allowed' || denial === 'permissions-boundary')
    return result(
      'problem',
      `${capitalized(caller.name)} may not assume the role ${roleName} of ${accountId}: ${allowancePhrase(denial)}.`,
      {
        text: `Allow it to ${caller.name}.`,
        policy: { Effect: 'Allow', Action: 'sts:AssumeRole', Resource: roleArn },
      },
    );
  if (denial !== 'resource-policy' && denial !== 'unsaid')
    return result(
      'problem',
      `${capitalized(caller.name)} may not assume the role ${roleName} of ${accountId}: ${denialPhrase(denial)}.`,
      {
        text: `Have sts:AssumeRole on ${roleArn} taken out of what is denied.`,
      },
    );
  const given =
    externalId === undefined ? 'none is configured' : `the one that is configured is ${JSON.stringify(externalId)}`;
  const doubts =
    denial === 'resource-policy'
      ? `its trust policy does not let ${caller.name} in, or demands another external id (${given})`
      : `it does not exist, its trust policy does not let ${caller.name} in, or it demands another external id (${given})`;
  return result('problem', `The role ${roleName} of ${accountId} cannot be assumed: ${doubts}.`, {
    text: `In the account ${accountId}, let the trust policy of the role say this; the command shows what it says now.`,
    command: `aws iam get-role --role-name ${roleName} --query Role.AssumeRolePolicyDocument`,
    policy: {
      Effect: 'Allow',
      Principal: { AWS: caller.arn },
      Action: 'sts:AssumeRole',
      ...(externalId === undefined ? {} : { Condition: { StringEquals: { 'sts:ExternalId': externalId } } }),
    },
  });
}

function clockIsWrong(): [string, Fix] {
  return ['AWS refuses the signature because the clock of this machine is wrong.', { text: 'Set the clock.' }];
}

/** Where nobody answered. */
export function networkFix(): Fix {
  return { text: 'Check the network, a proxy, the region and AWS_ENDPOINT_URL, then try again.' };
}

function allowancePhrase(denial: Denial): string {
  return denial === 'permissions-boundary' ? 'its permissions boundary does not allow it' : 'no policy allows it';
}

/** Which policy it is, after "denied: ". */
export function denialPhrase(denial: Denial): string {
  switch (denial) {
    case 'not-allowed':
    case 'permissions-boundary':
      return allowancePhrase(denial);
    case 'explicit-deny':
      return 'one of its policies denies it';
    case 'session-policy':
      return 'the policy of its session does not allow it';
    case 'service-control-policy':
      return 'a service control policy of the organization denies it';
    case 'resource-control-policy':
      return 'a resource control policy of the organization denies it';
    case 'resource-policy':
      return "the resource's own policy does not allow it";
    case 'vpc-endpoint-policy':
      return 'the policy of the VPC endpoint does not allow it';
    case 'unsaid':
      return 'AWS does not say by which policy';
  }
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : '';
}
