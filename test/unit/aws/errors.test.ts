import { expect, test } from 'vitest';
import { classifyError } from '#shared/aws/errors.ts';
import { accessDenied, awsError } from '#test/support/collect.ts';

test('T87: a denial by our own role names the permission to grant', () => {
  expect(classifyError(accessDenied('ecr:GetRegistryPolicy'), 'ecr:GetRegistryPolicy')).toEqual({
    kind: 'unreadable',
    cause: 'denied',
    operation: 'ecr:GetRegistryPolicy',
    message: 'ecr:GetRegistryPolicy was denied: allow ecr:GetRegistryPolicy in the policy of the reading role.',
    missingPermission: 'ecr:GetRegistryPolicy',
  });
});

test('T87: a denial by a service control policy is not for the role to mend', () => {
  const error = awsError('AccessDeniedException', 'not authorized with an explicit deny in a service control policy');

  const reason = classifyError(error, 'ecs:ListClusters');

  expect(reason.cause).toBe('denied-by-scp');
  expect(reason).not.toHaveProperty('missingPermission');
});

test.for([
  ['UnrecognizedClientException', 'region-disabled'],
  ['InvalidClientTokenId', 'region-disabled'],
  ['ExpiredToken', 'credentials'],
  ['ExpiredTokenException', 'credentials'],
  ['CredentialsProviderError', 'credentials'],
  ['ThrottlingException', 'throttled'],
  ['TooManyRequestsException', 'throttled'],
  ['RequestLimitExceeded', 'throttled'],
  ['UnauthorizedOperation', 'denied'],
  ['TimeoutError', 'unreachable'],
  ['ClusterNotFoundException', 'not-found'],
  ['UnknownOperationException', 'not-supported'],
  ['SyntaxError', 'invalid-answer'],
  ['SomethingNew', 'failed'],
] as const)('%s is %s', ([name, cause]) => {
  expect(classifyError(awsError(name), 'ecs:ListClusters').cause).toBe(cause);
});

test('a reset connection is known by its code', () => {
  const error = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });

  expect(classifyError(error, 'ecs:ListClusters')).toMatchObject({
    cause: 'unreachable',
    message: expect.stringContaining('ECONNRESET'),
  });
});

test('what the service said does not travel: the sentence is the same for the same world', () => {
  const [one, other] = ['request 1', 'request 2'].map((text) =>
    classifyError(awsError('InternalError', text, 500), 'eks:ListClusters'),
  );

  expect(one).toEqual(other);
});
