import { describe, expect, test } from 'vitest';
import { denialOf, saysDoesNotExist } from '#shared/aws/denial.ts';

const SENTENCE = 'User: arn:aws:sts::111122223333:assumed-role/reader/hullcheck is not authorized to perform: ecr:X';

describe('which policy denied', () => {
  // The forms of https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
  test.for([
    ['because no identity-based policy allows the ecr:X action', 'not-allowed'],
    ['with an explicit deny in an identity-based policy', 'explicit-deny'],
    ['because no permissions boundary allows the ecr:X action', 'permissions-boundary'],
    ['with an explicit deny in a permissions boundary', 'permissions-boundary'],
    ['because no session policy allows the ecr:X action', 'session-policy'],
    ['because no service control policy allows the ecr:X action', 'service-control-policy'],
    ['with an explicit deny in a service control policy', 'service-control-policy'],
    ['with an explicit deny in a resource control policy', 'resource-control-policy'],
    ['because no resource-based policy allows the ecr:X action', 'resource-policy'],
    ['because no role trust policy allows the sts:AssumeRole action', 'resource-policy'],
    ['because no VPC endpoint policy allows the ecr:X action', 'vpc-endpoint-policy'],
    ['', 'unsaid'],
  ] as const)('"%s" is %s', ([reason, denial]) => {
    expect(denialOf(new Error(`${SENTENCE} on resource: * ${reason}`))).toBe(denial);
  });

  test('whatever else is thrown says nothing', () => {
    for (const error of [undefined, null, 'denied', { message: 7 }]) expect(denialOf(error)).toBe('unsaid');
  });
});

test('KMS says of a key that does not exist that it is denied', () => {
  const sentence =
    'because the resource does not exist in this Region, no resource-based policies allow access, or a resource-based policy explicitly denies access';

  expect(saysDoesNotExist(new Error(`${SENTENCE} on this resource ${sentence}`))).toBe(true);
  expect(saysDoesNotExist(new Error(`${SENTENCE} because no identity-based policy allows the ecr:X action`))).toBe(
    false,
  );
});
