import {
  GetAccountAuthorizationDetailsCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  IAMClient,
  ListAttachedRolePoliciesCommand,
  ListRolePoliciesCommand,
} from '@aws-sdk/client-iam';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, test } from 'vitest';
import { iamCollector } from '#shared/collectors/iam/collect.ts';
import type { IamRole, RoleUseFact } from '#shared/collectors/iam/model.ts';
import { ROLE_ARN, SERVICE_ACCOUNT_USE } from '#test/factories/iam.ts';
import { ACCOUNT, REGION } from '#test/factories/resource.ts';
import { accessDenied, awsError, collect, recheckOne, rejectUnstubbed } from '#test/support/collect.ts';

const iam = mockClient(IAMClient);
const encoded = (document: object) => encodeURIComponent(JSON.stringify(document));
const allow = (Action: string) => ({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action, Resource: '*' }] });
const TRUST = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'pods.eks.amazonaws.com' }, Action: 'sts:AssumeRole' }],
};
const LOCAL = `arn:aws:iam::${ACCOUNT}:policy/team/local`;
const PROFILE = `arn:aws:iam::${ACCOUNT}:instance-profile/node`;

const used = (change: Partial<RoleUseFact> = {}): RoleUseFact => ({
  kind: 'role-use',
  key: ROLE_ARN,
  accountId: ACCOUNT,
  region: REGION,
  observedAt: '2026-11-23T00:00:00.000Z',
  ...SERVICE_ACCOUNT_USE,
  ...change,
});
const role = (name: string, change: object = {}) => ({
  RoleName: name,
  Arn: `arn:aws:iam::${ACCOUNT}:role/${name}`,
  AssumeRolePolicyDocument: encoded(TRUST),
  RolePolicyList: [{ PolicyName: 'own', PolicyDocument: encoded(allow('s3:GetObject')) }],
  AttachedManagedPolicies: [{ PolicyName: 'local', PolicyArn: LOCAL }],
  InstanceProfileList: [],
  Tags: [{ Key: 'team', Value: 'shop' }],
  ...change,
});
const local = {
  Arn: LOCAL,
  PolicyVersionList: [
    { VersionId: 'v1', IsDefaultVersion: false, Document: encoded(allow('*')) },
    { VersionId: 'v2', IsDefaultVersion: true, Document: encoded(allow('ssm:GetParameter')) },
  ],
};

beforeEach(() => {
  iam.reset();
  rejectUnstubbed(iam);
  iam
    .on(GetAccountAuthorizationDetailsCommand)
    .resolves({ RoleDetailList: [role('shop'), role('unused')], Policies: [local], IsTruncated: false });
});

const rolesOf = async (...facts: readonly RoleUseFact[]) => {
  const collected = await collect(iamCollector, { facts, completeKinds: ['role-use'] });
  return { ...collected, roles: collected.resources as readonly IamRole[] };
};

test('reads the account once and keeps the roles that something uses, with the default version of their policies', async () => {
  const { roles, gaps } = await rolesOf(used());

  expect(gaps).toEqual([]);
  expect(roles).toMatchObject([
    {
      uid: ROLE_ARN,
      name: 'shop',
      inUse: 'yes',
      exists: { known: true, value: true },
      trustPolicy: { known: true },
      policies: {
        known: true,
        value: [
          { kind: 'inline', name: 'own', document: { value: { statements: [{ actions: ['s3:GetObject'] }] } } },
          {
            kind: 'managed',
            name: 'local',
            arn: LOCAL,
            document: { value: { statements: [{ actions: ['ssm:GetParameter'] }] } },
          },
        ],
      },
      permissionsBoundary: { known: true, value: null },
      uses: { known: true, value: [{ use: 'service-account', namespace: 'shop' }] },
      tags: { known: true, value: { team: 'shop' } },
    },
  ]);
  expect(iam.calls()).toHaveLength(1);
});

test('asks nothing where nobody uses a role', async () => {
  expect((await rolesOf()).roles).toEqual([]);
  expect(iam.calls()).toEqual([]);
});

test('reads page after page', async () => {
  iam
    .on(GetAccountAuthorizationDetailsCommand)
    .resolvesOnce({ RoleDetailList: [role('unused')], IsTruncated: true, Marker: 'more' })
    .resolvesOnce({ RoleDetailList: [role('shop')], Policies: [local], IsTruncated: false });

  expect((await rolesOf(used())).roles.map(({ name }) => name)).toEqual(['shop']);
  expect(iam.calls()[1]?.args[0].input).toMatchObject({ Marker: 'more' });
});

test('a policy of AWS that the answer leaves out is asked for by itself', async () => {
  const arn = 'arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy';
  const attached = { AttachedManagedPolicies: [{ PolicyArn: arn }], RolePolicyList: [] };
  iam.on(GetAccountAuthorizationDetailsCommand).resolves({ RoleDetailList: [role('shop', attached)] });
  iam.on(GetPolicyCommand, { PolicyArn: arn }).resolves({ Policy: { DefaultVersionId: 'v3' } });
  iam
    .on(GetPolicyVersionCommand, { PolicyArn: arn, VersionId: 'v3' })
    .resolves({ PolicyVersion: { Document: encoded(allow('ec2:DescribeInstances')) } });

  expect((await rolesOf(used())).roles[0]?.policies).toMatchObject({
    value: [{ kind: 'managed', name: 'AmazonEKSWorkerNodePolicy', document: { known: true } }],
  });
});

test('nodes that name an instance profile use the role in it', async () => {
  const node = role('node', { InstanceProfileList: [{ Arn: PROFILE }] });
  iam.on(GetAccountAuthorizationDetailsCommand).resolves({ RoleDetailList: [node], Policies: [local] });
  const { key: _, ...use } = used({ key: PROFILE, use: 'eks-node', user: 'arn:of:nodegroup' });

  expect((await rolesOf({ key: PROFILE, ...use })).roles).toMatchObject([
    { name: 'node', uses: { value: [{ use: 'eks-node', user: 'arn:of:nodegroup' }] } },
  ]);
});

test('a role that is named and not there is a resource that does not exist', async () => {
  const missing = `arn:aws:iam::${ACCOUNT}:role/missing`;

  expect((await rolesOf(used({ key: missing }))).roles).toMatchObject([
    {
      uid: missing,
      exists: { known: true, value: false },
      policies: { known: false, reason: { kind: 'undecidable' } },
    },
  ]);
});

test('roles of other accounts are left to the units of those', async () => {
  expect((await rolesOf(used({ key: 'arn:aws:iam::999988887777:role/theirs' }))).roles).toEqual([]);
  expect(iam.calls()).toEqual([]);
});

test('is read in one region of the account only', async () => {
  const { resources } = await collect(iamCollector, {
    facts: [used()],
    completeKinds: ['role-use'],
    region: 'eu-west-1',
  });

  // The only region of the scope is the one to read in, wherever IAM itself is.
  expect(resources).toHaveLength(1);
});

describe('what is denied', () => {
  test('the account: the roles are known by name, and nothing else is', async () => {
    iam.on(GetAccountAuthorizationDetailsCommand).rejects(accessDenied('iam:GetAccountAuthorizationDetails'));

    const { roles, gaps } = await rolesOf(used());

    expect(roles).toMatchObject([
      { uid: ROLE_ARN, exists: { known: false }, policies: { known: false }, uses: { known: true } },
    ]);
    expect(gaps).toMatchObject([{ missingPermission: 'iam:GetAccountAuthorizationDetails' }]);
  });

  test('a policy: its document is unknown, the rest stands', async () => {
    iam.on(GetAccountAuthorizationDetailsCommand).resolves({ RoleDetailList: [role('shop')] });
    iam.on(GetPolicyCommand).rejects(accessDenied('iam:GetPolicy'));

    const { roles, gaps } = await rolesOf(used());

    expect(roles[0]?.policies).toMatchObject({
      known: true,
      value: [{ document: { known: true } }, { document: { known: false } }],
    });
    expect(gaps).toMatchObject([{ missingPermission: 'iam:GetPolicy', resource: LOCAL }]);
  });
});

test('a document that is no policy is undecidable, not empty', async () => {
  iam
    .on(GetAccountAuthorizationDetailsCommand)
    .resolves({ RoleDetailList: [role('shop', { AssumeRolePolicyDocument: '%E0%A4%A' })], Policies: [local] });

  expect((await rolesOf(used())).roles[0]?.trustPolicy).toMatchObject({
    known: false,
    reason: { kind: 'undecidable' },
  });
});

describe('a single role', () => {
  const recheck = (name: string) =>
    recheckOne(iamCollector, { type: 'AwsIamRole', name }, { facts: [used()], completeKinds: ['role-use'] });

  beforeEach(() => {
    iam.on(GetRoleCommand).resolves({ Role: { ...role('shop'), Path: '/', RoleId: 'AROA', CreateDate: new Date(0) } });
    iam.on(ListRolePoliciesCommand).resolves({ PolicyNames: ['own'] });
    iam.on(GetRolePolicyCommand).resolves({ PolicyDocument: encoded(allow('s3:GetObject')) });
    iam.on(ListAttachedRolePoliciesCommand).resolves({ AttachedPolicies: [] });
  });

  test('is read with its own policies', async () => {
    expect(await recheck('shop')).toMatchObject([
      { resource: { uid: ROLE_ARN, policies: { value: [{ name: 'own' }] } } },
    ]);
    expect(iam.calls()).toHaveLength(4);
  });

  test('that nobody uses costs no call', async () => {
    expect(await recheck('other')).toEqual([]);
    expect(iam.calls()).toEqual([]);
  });

  test('that is gone is a role that does not exist', async () => {
    iam.on(GetRoleCommand).rejects(awsError('NoSuchEntityException', 'gone', 404));

    expect(await recheck('shop')).toMatchObject([{ resource: { exists: { known: true, value: false } } }]);
  });

  test('whose policies cannot be listed keeps them unknown', async () => {
    iam.on(ListAttachedRolePoliciesCommand).rejects(accessDenied('iam:ListAttachedRolePolicies'));

    expect(await recheck('shop')).toMatchObject([
      { resource: { policies: { known: false }, trustPolicy: { known: true } } },
    ]);
  });
});
