import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Audience, grantsOf, publicGrantsOf } from '#shared/domain/iam-audience.ts';
import { accountOf, matchesAction, namesAction, namesResource, readPolicy } from '#shared/domain/iam-policy.ts';

const OWN = '111122223333';
const ARN = `arn:aws:ecr:us-east-1:${OWN}:repository/my-application`;
const PULL = { Sid: 'Pull', Effect: 'Allow', Principal: '*', Action: ['ecr:BatchGetImage'] };

function document(...statements: unknown[]) {
  const read = readPolicy(JSON.stringify({ Version: '2012-10-17', Statement: statements }));
  if (!read.known) throw new Error('the policy of the test is not a policy');
  return read.value;
}

function isPublic(...statements: unknown[]): boolean {
  return publicGrantsOf([document(...statements)], { resource: ARN }).length > 0;
}

function audiences(...statements: unknown[]): Audience[] {
  return grantsOf([document(...statements)], { resource: ARN }).map(({ audience }) => audience);
}

describe('reading a policy', () => {
  test('puts single values, lists and both ways to write everybody into one shape', () => {
    const [statement] = document({
      Sid: 'A',
      Effect: 'Allow',
      Principal: { AWS: OWN, Service: ['ecs.amazonaws.com'] },
      Action: 'ecr:*',
      Condition: {
        'ForAnyValue:StringLikeIfExists': { 'aws:PrincipalOrgPaths': 'o-a1/*' },
        Bool: { 'aws:Secure': true },
      },
    }).statements;

    expect(statement).toEqual({
      path: 'Statement[A]',
      effect: 'Allow',
      principals: [
        { type: 'AWS', value: OWN },
        { type: 'Service', value: 'ecs.amazonaws.com' },
      ],
      actions: ['ecr:*'],
      conditions: [
        {
          operator: 'stringlike',
          quantifier: 'foranyvalue',
          ifExists: true,
          key: 'aws:principalorgpaths',
          values: ['o-a1/*'],
        },
        { operator: 'bool', ifExists: false, key: 'aws:secure', values: ['true'] },
      ],
    });
  });

  test('accepts one statement without a list around it, and calls it by its index when it has no Sid', () => {
    const read = readPolicy(JSON.stringify({ Statement: { ...PULL, Sid: undefined } }));

    expect(read).toMatchObject({ known: true, value: { statements: [{ path: 'Statement[0]' }] } });
  });

  test.for(['', 'not json', '[]', '{}', '{"Statement":[{"Effect":"Maybe"}]}', '{"Statement":"*"}'])(
    'is undecidable for %s, which is no policy',
    (text) => {
      expect(readPolicy(text)).toMatchObject({ known: false, reason: { kind: 'undecidable' } });
    },
  );

  test('never throws, whatever the text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        readPolicy(text);
      }),
    );
  });
});

describe('matching', () => {
  test.for([
    ['ecr:*', 'ecr:PutImage', true],
    ['ECR:put*', 'ecr:PutImage', true],
    ['ecr:Put?mage', 'ecr:PutImage', true],
    ['*', 'ecr:PutImage', true],
    ['ecr:Get*', 'ecr:PutImage', false],
    ['ecr:*', 'ecr:Put*', true],
    ['ecr:PutImage', 'ecr:Put*', false],
  ] as const)('the action pattern %s covers %s: %s', ([pattern, action, expected]) => {
    expect(matchesAction(pattern, action)).toBe(expected);
  });

  test('NotAction names every other action', () => {
    const [statement] = document({ Effect: 'Allow', Principal: '*', NotAction: ['ecr:Delete*'] }).statements;

    expect(namesAction(statement!, 'ecr:PutImage')).toBe(true);
    expect(namesAction(statement!, 'ecr:DeleteRepository')).toBe(false);
  });

  test('a statement without a Resource is about the resource it is attached to', () => {
    const [attached, other, all] = document(
      PULL,
      { ...PULL, Resource: 'arn:aws:ecr:us-east-1:111122223333:repository/other' },
      { ...PULL, NotResource: 'arn:aws:s3:::*' },
    ).statements;

    expect(namesResource(attached!, ARN)).toBe(true);
    expect(namesResource(other!, ARN)).toBe(false);
    expect(namesResource(all!, ARN)).toBe(true);
  });

  test.for([
    ['arn:aws-us-gov:iam::444455556666:role/ci', '444455556666'],
    ['444455556666', '444455556666'],
    ['AIDAJQABLZS4A3QDU576Q', undefined],
  ] as const)('the account of %s is %s', ([value, expected]) => {
    expect(accountOf({ type: 'AWS', value })).toBe(expected);
  });
});

describe('T33: who is everybody', () => {
  test.for([
    ['"*"', '*'],
    ['{"AWS": "*"}', { AWS: '*' }],
    ['a list with "*" in it', { AWS: [`arn:aws:iam::${OWN}:root`, '*'] }],
  ] as const)('Principal %s is public', ([, Principal]) => {
    expect(isPublic({ ...PULL, Principal })).toBe(true);
  });

  test('an Allow for all but some (NotPrincipal) is public', () => {
    expect(isPublic({ Effect: 'Allow', NotPrincipal: { AWS: OWN }, Action: 'ecr:*' })).toBe(true);
  });

  test.for([
    ['an account', { AWS: '444455556666' }],
    ['a service', { Service: 'codebuild.amazonaws.com' }],
    ['an identity provider', { Federated: 'arn:aws:iam::111122223333:oidc-provider/example.com' }],
  ] as const)('%s is not public', ([, Principal]) => {
    expect(isPublic({ ...PULL, Principal })).toBe(false);
  });
});

describe('T33: conditions that restrict everybody', () => {
  test.for([
    [{ StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } }],
    [{ StringEquals: { 'AWS:PRINCIPALORGID': ['o-a1b2c3d4e5', 'o-f6g7h8i9j0'] } }],
    [{ StringLike: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } }],
    [{ StringEquals: { 'aws:PrincipalOrgID': '${aws:ResourceOrgID}' } }],
    [{ 'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': 'o-a1b2c3d4e5/r-ab12/*' } }],
    [{ StringEquals: { 'aws:PrincipalAccount': OWN } }],
    [{ ArnLike: { 'aws:PrincipalArn': `arn:aws:iam::${OWN}:role/ci-*` } }],
    [{ StringEquals: { 'aws:SourceVpce': 'vpce-1a2b3c4d' } }],
    [{ StringEquals: { 'aws:SourceVpc': 'vpc-1a2b3c4d' } }],
    [{ StringEquals: { 'aws:SourceAccount': OWN } }],
    [{ ArnEquals: { 'aws:SourceArn': `arn:aws:codebuild:us-east-1:${OWN}:project/build` } }],
    [{ ArnLike: { 'aws:SourceArn': 'arn:aws:s3:::one-bucket' } }],
    [{ IpAddress: { 'aws:SourceIp': ['203.0.113.0/24', '2001:db8::/48'] } }],
    [{ Bool: { 'aws:PrincipalIsAWSService': 'true' } }],
  ] as const)('%j is not public', ([Condition]) => {
    expect(isPublic({ ...PULL, Condition })).toBe(false);
  });

  test.for([
    [{}],
    [{ StringLike: { 'aws:PrincipalOrgID': 'o-*' } }],
    [{ StringLike: { 'aws:PrincipalOrgID': '*' } }],
    [{ StringEqualsIfExists: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } }],
    [{ StringEquals: { 'aws:PrincipalOrgID': [] } }],
    [{ StringEquals: { 'aws:PrincipalOrgID': '' } }],
    [{ StringEquals: { 'aws:PrincipalOrgID': ['o-a1b2c3d4e5', '*'] } }],
    [{ StringEquals: { 'aws:PrincipalOrgID': '${aws:PrincipalOrgID}' } }],
    [{ StringNotEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } }],
    [{ 'ForAllValues:StringLike': { 'aws:PrincipalOrgPaths': 'o-a1b2c3d4e5/*' } }],
    [{ StringLike: { 'aws:PrincipalAccount': '1111*' } }],
    [{ ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/ci' } }],
    [{ StringLike: { 'aws:SourceVpce': 'vpce-*' } }],
    [{ Null: { 'aws:PrincipalOrgID': 'false' } }],
    [{ IpAddress: { 'aws:SourceIp': '0.0.0.0/0' } }],
    [{ IpAddress: { 'aws:SourceIp': ['0.0.0.0/1', '128.0.0.0/1'] } }],
    [{ IpAddress: { 'aws:SourceIp': Array.from({ length: 256 }, (_, first) => `${first}.0.0.0/8`) } }],
    [{ Bool: { 'aws:SecureTransport': 'true' } }],
    [{ StringEquals: { 'aws:PrincipalTag/team': 'web' } }],
  ] as const)('%j leaves the public in', ([Condition]) => {
    expect(isPublic({ ...PULL, Condition })).toBe(true);
  });

  test('one restricting condition among others is enough, because all must be true', () => {
    const Condition = {
      Bool: { 'aws:SecureTransport': 'true' },
      StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' },
    };

    expect(audiences({ ...PULL, Condition })).toEqual([{ kind: 'organization', id: 'o-a1b2c3d4e5' }]);
  });
});

describe('T33: Deny statements count', () => {
  test.for([
    ['for everybody', { Effect: 'Deny', Principal: '*', Action: 'ecr:*' }],
    [
      'for everybody outside of the organization',
      {
        Effect: 'Deny',
        Principal: '*',
        Action: '*',
        Condition: { StringNotEqualsIfExists: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } },
      },
    ],
    [
      'for everybody outside of the organization who is not an AWS service',
      {
        Effect: 'Deny',
        Principal: '*',
        Action: '*',
        Condition: {
          StringNotEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' },
          BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' },
        },
      },
    ],
    ['for all but one account', { Effect: 'Deny', NotPrincipal: { AWS: OWN }, Action: 'ecr:*' }],
  ] as const)('a Deny %s takes the public out', ([, denial]) => {
    expect(isPublic(PULL, denial)).toBe(false);
  });

  test.for([
    ['another action', { Effect: 'Deny', Principal: '*', Action: 'ecr:PutImage' }],
    ['one account', { Effect: 'Deny', Principal: { AWS: '444455556666' }, Action: '*' }],
    [
      'unencrypted requests only',
      { Effect: 'Deny', Principal: '*', Action: '*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
    ],
    [
      'outsiders who also come over plain text',
      {
        Effect: 'Deny',
        Principal: '*',
        Action: '*',
        Condition: {
          StringNotEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' },
          Bool: { 'aws:SecureTransport': 'false' },
        },
      },
    ],
    [
      'whoever is not in any organization at all',
      { Effect: 'Deny', Principal: '*', Action: '*', Condition: { StringNotLike: { 'aws:PrincipalOrgID': 'o-*' } } },
    ],
    ['another resource', { Effect: 'Deny', Principal: '*', Action: '*', Resource: `${ARN}-other` }],
  ] as const)('a Deny for %s leaves the public in', ([, denial]) => {
    expect(isPublic(PULL, denial)).toBe(true);
  });

  test('a Deny in the other policy of the same resource counts as well', () => {
    const denial = document({ Effect: 'Deny', Principal: '*', Action: 'ecr:*', Resource: '*' });

    expect(publicGrantsOf([document(PULL), denial], { resource: ARN })).toEqual([]);
  });

  test('of several actions only those that are not denied are granted', () => {
    const statements = [
      { ...PULL, Action: ['ecr:BatchGetImage', 'ecr:PutImage'] },
      { Effect: 'Deny', Principal: '*', Action: 'ecr:Put*' },
    ];

    expect(publicGrantsOf([document(...statements)])).toMatchObject([{ actions: ['ecr:BatchGetImage'] }]);
  });
});

describe('who is let in', () => {
  const other = '444455556666';

  test('an account is named with the principal that stands for it', () => {
    expect(audiences({ ...PULL, Principal: { AWS: `arn:aws:iam::${other}:role/ci` } })).toEqual([
      { kind: 'account', accountId: other, principal: `arn:aws:iam::${other}:role/ci` },
    ]);
  });

  test('everybody within an account condition is that account', () => {
    expect(audiences({ ...PULL, Condition: { StringEquals: { 'aws:PrincipalAccount': other } } })).toEqual([
      { kind: 'account', accountId: other, principal: other },
    ]);
  });

  test('a named account that a condition excludes is nobody', () => {
    const Condition = { StringEquals: { 'aws:PrincipalAccount': OWN } };

    expect(audiences({ ...PULL, Principal: { AWS: other }, Condition })).toEqual([]);
  });

  test.for([
    ['by its account', { AWS: `arn:aws:iam::${other}:root` }],
    ['by its own name', { AWS: `arn:aws:iam::${other}:role/ci` }],
  ] as const)('a role is out when a Deny names it %s', ([, Principal]) => {
    const allow = { ...PULL, Principal: { AWS: `arn:aws:iam::${other}:role/ci` } };

    expect(audiences(allow, { Effect: 'Deny', Principal, Action: '*' })).toEqual([]);
  });

  test('only grants of the action that is asked about are answered', () => {
    const policy = document({ ...PULL, Principal: { AWS: other } });

    expect(grantsOf([policy], { action: 'ecr:PutImage' })).toEqual([]);
    expect(grantsOf([policy], { action: 'ecr:BatchGetImage' })).toHaveLength(1);
  });
});
