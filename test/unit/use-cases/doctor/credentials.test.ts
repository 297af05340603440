import { describe, expect, test } from 'vitest';
import { classifyError } from '#shared/aws/errors.ts';
import { explainCredentials, explainRole } from '#shared/use-cases/doctor/credentials.ts';
import { identityOf } from '#shared/use-cases/doctor/identity.ts';

const ROLE = 'arn:aws:iam::444455556666:role/security/hullcheck-read';
const CALLER = identityOf('arn:aws:sts::111122223333:assumed-role/scanner/hullcheck');

function failure(name: string, message = '') {
  const error = Object.assign(new Error(message), { name });
  return { reached: false, error, reason: classifyError(error, 'sts:AssumeRole') } as const;
}

describe('credentials that do not work', () => {
  test.for([
    ['ExpiredToken', 'The security token included in the request is expired', 'The credentials have expired.'],
    [
      'CredentialsProviderError',
      'The SSO session associated with this profile has expired.',
      'The credentials have expired.',
    ],
    ['TokenProviderError', 'Token is expired', 'The credentials have expired.'],
    [
      'SignatureDoesNotMatch',
      'Signature expired: 20261123T120000Z is now earlier than …',
      'AWS refuses the signature because the clock of this machine is wrong.',
    ],
    [
      'SignatureDoesNotMatch',
      'Signature not yet current: …',
      'AWS refuses the signature because the clock of this machine is wrong.',
    ],
    [
      'SignatureDoesNotMatch',
      'The request signature we calculated does not match',
      'The secret access key does not belong to the access key id.',
    ],
    [
      'CredentialsProviderError',
      'Could not load credentials from any providers',
      'There are no credentials: no environment variables, profile or role of this machine gives any.',
    ],
  ] as const)('%s (%s)', ([name, message, sentence]) => {
    expect(explainCredentials(failure(name, message), undefined)).toMatchObject({
      group: 'credentials',
      status: 'problem',
      message: sentence,
      fix: { text: expect.stringMatching(/\.$/) },
    });
  });

  test('the fix names the profile that was asked for', () => {
    expect(explainCredentials(failure('ExpiredToken', 'expired'), 'audit').fix?.command).toBe(
      'aws sso login --profile audit',
    );
  });
});

describe('a role that cannot be assumed', () => {
  test('because the caller may not: the statement is for the caller', () => {
    const error = failure('AccessDenied', 'because no identity-based policy allows the sts:AssumeRole action');

    expect(explainRole(error, { roleArn: ROLE }, CALLER)).toMatchObject({
      message: 'The role scanner may not assume the role hullcheck-read of 444455556666: no policy allows it.',
      fix: { policy: { Effect: 'Allow', Action: 'sts:AssumeRole', Resource: ROLE } },
    });
  });

  test('because its trust policy says so: the statement is for the trust policy', () => {
    const error = failure('AccessDenied', 'because no role trust policy allows the sts:AssumeRole action');
    const { message, fix } = explainRole(error, { roleArn: ROLE }, CALLER);

    expect(message).not.toContain('does not exist');
    expect(message).toContain('demands another external id (none is configured)');
    expect(fix?.policy).toEqual({
      Effect: 'Allow',
      Principal: { AWS: 'arn:aws:iam::111122223333:role/scanner' },
      Action: 'sts:AssumeRole',
    });
    expect(fix?.command).toContain('--role-name hullcheck-read ');
  });

  test('because of a service control policy: no statement would help', () => {
    const error = failure('AccessDenied', 'with an explicit deny in a service control policy');

    expect(explainRole(error, { roleArn: ROLE }, CALLER).fix).toEqual({
      text: `Have sts:AssumeRole on ${ROLE} taken out of what is denied.`,
    });
  });

  test('because it is in another partition', () => {
    const roleArn = ROLE.replace('arn:aws:', 'arn:aws-us-gov:');

    expect(explainRole(failure('InvalidClientTokenId'), { roleArn }, CALLER)).toMatchObject({
      status: 'problem',
      message: 'The role is in another partition of AWS than the role scanner.',
    });
  });

  test('because nobody answered: that is not known to be a problem', () => {
    expect(explainRole(failure('TimeoutError'), { roleArn: ROLE }, CALLER).status).toBe('unknown');
  });
});

describe('whose policies are changed', () => {
  test.for([
    [
      'arn:aws:sts::111122223333:assumed-role/scanner/hullcheck',
      'the role scanner',
      'arn:aws:iam::111122223333:role/scanner',
    ],
    ['arn:aws:iam::111122223333:user/people/ada', 'the user ada', 'arn:aws:iam::111122223333:user/people/ada'],
    ['arn:aws:iam::111122223333:root', 'the root user', 'arn:aws:iam::111122223333:root'],
    [
      'arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_SecurityAudit_0123456789abcdef/ada',
      'the permission set SecurityAudit',
      'arn:aws:iam::111122223333:role/AWSReservedSSO_SecurityAudit_0123456789abcdef',
    ],
  ] as const)('%s is %s', ([caller, name, arn]) => {
    expect(identityOf(caller)).toEqual({ name, arn });
  });
});
