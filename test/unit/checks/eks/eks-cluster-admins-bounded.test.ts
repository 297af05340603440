import { describe, expect, test } from 'vitest';
import { eksClusterAdminsBounded as check } from '#shared/checks/eks/eks-cluster-admins-bounded.ts';
import type { EksAccessEntry } from '#shared/collectors/eks/model.ts';
import { known, undecidable } from '#shared/domain/observed.ts';
import { accessEntry, eksCluster } from '#test/factories/eks.ts';
import { ACCOUNT } from '#test/factories/resource.ts';
import { denied, judge } from '#test/support/judge.ts';

const withEntries = (...entries: EksAccessEntry[]) => eksCluster({ accessEntries: known(entries) });
const roles = (count: number) => Array.from({ length: count }, (_, index) => accessEntry(`role/admin-${index}`));
const unseen = undecidable('Can only be seen inside the cluster.');
const viewer = (groups: readonly string[] = []) => accessEntry('role/viewer', 'AmazonEKSViewPolicy', { groups });

describe('by access entries', () => {
  test('PASSED with a few roles of the own account, and lists them', () => {
    expect(judge(check, withEntries(...roles(5)))).toMatchObject({
      status: 'PASSED',
      evidence: roles(5).map(({ principalArn }) => ({
        path: `admins[${principalArn}]`,
        observed: 'AmazonEKSClusterAdminPolicy',
      })),
    });
  });

  test.for([
    ['an IAM user', `arn:aws:iam::${ACCOUNT}:user/alice`],
    ['the root user', `arn:aws:iam::${ACCOUNT}:root`],
    ["another account's role", 'arn:aws:iam::999988887777:role/admin'],
  ] as const)('FAILED when %s is an administrator', ([, principal]) => {
    expect(judge(check, withEntries(accessEntry(), accessEntry(principal)))).toMatchObject({
      status: 'FAILED',
      severity: 'HIGH',
      reason: 'an IAM user, a root user or another account administers the cluster',
      evidence: [{ path: `admins[${principal}]`, expected: 'a role of the own account' }],
    });
  });

  test('FAILED with more administrators than the parameter allows', () => {
    expect(judge(check, withEntries(...roles(6)))).toMatchObject({
      status: 'FAILED',
      reason: 'too many principals administer the cluster',
    });
    expect(judge(check, withEntries(...roles(6)), { parameters: { maxAdmins: 6 } }).status).toBe('PASSED');
  });

  test.for([
    ['AmazonEKSAdminPolicy for the whole cluster', accessEntry('user/bob', 'AmazonEKSAdminPolicy')],
    ['the group system:masters (T44)', accessEntry('user/bob', 'AmazonEKSViewPolicy', { groups: ['system:masters'] })],
  ] as const)('%s makes an administrator', ([, entry]) => {
    expect(judge(check, withEntries(entry)).status).toBe('FAILED');
  });

  test('a policy for single namespaces does not (T44)', () => {
    const entry = accessEntry('user/bob', 'AmazonEKSAdminPolicy', { scope: 'namespace' });

    expect(judge(check, withEntries(entry)).status).toBe('PASSED');
  });

  test.for(['EC2', 'EC2_LINUX', 'EC2_WINDOWS', 'FARGATE_LINUX', 'HYBRID_LINUX', 'HYPERPOD_LINUX'])(
    'an entry of nodes (%s) does not',
    (type) => {
      const nodes = accessEntry('role/node', 'None', { type, groups: ['system:nodes'] });

      expect(judge(check, eksCluster({ accessEntries: known([nodes]), clusterAdminGroups: unseen })).status).toBe(
        'PASSED',
      );
    },
  );
});

describe('by groups that RBAC binds to cluster-admin', () => {
  test('FAILED when an IAM user is in one: policies and groups add up (T44)', () => {
    const entry = accessEntry('user/carol', 'AmazonEKSViewPolicy', { groups: ['platform'] });
    const cluster = eksCluster({ accessEntries: known([entry]), clusterAdminGroups: known(['platform']) });

    expect(judge(check, cluster)).toMatchObject({ status: 'FAILED', evidence: [{ observed: 'group platform' }] });
  });

  test.for([
    ['arn:aws:iam::111122223333:user/carol', 'arn:aws:iam::111122223333:user/carol'],
    ['ops:{{SessionName}}', 'ops:carol'],
  ] as const)('FAILED when RBAC binds an IAM user by its name in the cluster: %s', ([username, bound]) => {
    const entry = accessEntry('user/carol', 'AmazonEKSViewPolicy');
    const details = known({ type: 'STANDARD', kubernetesGroups: [], username });
    const cluster = (users: readonly string[]) =>
      eksCluster({ accessEntries: known([{ ...entry, details }]), clusterAdminUsers: known(users) });

    expect(judge(check, cluster([bound]))).toMatchObject({
      status: 'FAILED',
      evidence: [{ observed: `user ${bound}` }],
    });
    expect(judge(check, cluster(['somebody-else'])).status).toBe('PASSED');
  });

  test('UNKNOWN when nobody could see what the groups may do', () => {
    const cluster = eksCluster({ accessEntries: known([viewer(['team-a'])]), clusterAdminGroups: unseen });

    expect(judge(check, cluster).unknown?.kind).toBe('undecidable');
  });

  test('PASSED all the same when no entry has a group', () => {
    const cluster = eksCluster({ accessEntries: known([viewer()]), clusterAdminGroups: unseen, awsAuth: unseen });

    expect(judge(check, cluster).status).toBe('PASSED');
  });

  test('FAILED all the same when the entries already prove it', () => {
    const cluster = eksCluster({
      accessEntries: known([viewer(['team-a']), accessEntry('user/alice')]),
      clusterAdminGroups: unseen,
    });

    expect(judge(check, cluster).status).toBe('FAILED');
  });
});

describe('with allowedAdmins', () => {
  const parameters = { allowedAdmins: [`arn:aws:iam::${ACCOUNT}:role/aws-reserved/*/AWSReservedSSO_Admin_*`] };
  const sso = accessEntry('role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin_0123456789abcdef');

  test('PASSED when all are among them, a star standing for any characters', () => {
    expect(judge(check, withEntries(sso), { parameters }).status).toBe('PASSED');
  });

  test('FAILED when anyone else administers the cluster', () => {
    expect(judge(check, withEntries(sso, accessEntry()), { parameters })).toMatchObject({
      status: 'FAILED',
      reason: 'a principal that is not allowed to administers the cluster',
      evidence: [{ path: `admins[arn:aws:iam::${ACCOUNT}:role/platform-admin]` }],
    });
  });

  test('PASSED whatever could not be read about an allowed one', () => {
    const unread = { ...sso, policies: denied('eks:ListAssociatedAccessPolicies') };

    expect(judge(check, withEntries(unread), { parameters }).status).toBe('PASSED');
  });
});

describe('by aws-auth (T43)', () => {
  const mapping = (principal: string) => ({
    principalArn: `arn:aws:iam::${ACCOUNT}:${principal}`,
    groups: ['system:masters'],
  });

  test('is ignored in mode API', () => {
    expect(judge(check, eksCluster({ awsAuth: known([mapping('user/alice')]) })).status).toBe('PASSED');
  });

  test('counts beside access entries in mode API_AND_CONFIG_MAP', () => {
    const cluster = eksCluster({ authenticationMode: 'API_AND_CONFIG_MAP', awsAuth: known([mapping('user/alice')]) });

    expect(judge(check, cluster).status).toBe('FAILED');
  });

  test('yields to the entry of the same principal', () => {
    const cluster = eksCluster({
      authenticationMode: 'API_AND_CONFIG_MAP',
      accessEntries: known([accessEntry('user/alice', 'AmazonEKSViewPolicy')]),
      awsAuth: known([mapping('user/alice')]),
    });

    expect(judge(check, cluster).status).toBe('PASSED');
  });

  test('UNKNOWN in mode API_AND_CONFIG_MAP when it was not seen', () => {
    const cluster = eksCluster({ authenticationMode: 'API_AND_CONFIG_MAP', awsAuth: unseen });

    expect(judge(check, cluster).unknown?.kind).toBe('undecidable');
  });

  test('UNKNOWN, never PASSED, in mode CONFIG_MAP: the creator is invisible', () => {
    const cluster = eksCluster({ authenticationMode: 'CONFIG_MAP', accessEntries: known(null) });

    expect(judge(check, cluster).unknown?.message).toContain('creator of the cluster');
  });

  test('FAILED in mode CONFIG_MAP when it shows too many', () => {
    const cluster = eksCluster({
      authenticationMode: 'CONFIG_MAP',
      accessEntries: known(null),
      awsAuth: known(roles(6).map(({ principalArn }) => ({ principalArn, groups: ['system:masters'] }))),
    });

    expect(judge(check, cluster).reason).toBe('too many principals administer the cluster');
  });
});

test.for([
  ['access entries could not be listed', denied('eks:ListAccessEntries')],
  ['an entry could not be described', known([{ ...viewer(), details: denied('eks:DescribeAccessEntry') }])],
  ['its policies could not be listed', known([{ ...viewer(), policies: denied('eks:ListAssociatedAccessPolicies') }])],
] as const)('UNKNOWN when %s', ([, accessEntries]) => {
  expect(judge(check, eksCluster({ accessEntries })).unknown?.kind).toBe('unreadable');
});
