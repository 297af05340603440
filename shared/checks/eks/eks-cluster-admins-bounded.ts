import { z } from 'zod';
import { defineCheck } from '../../domain/check.ts';
import { type Evidence, failed, passed, unknownBecause } from '../../domain/verdict.ts';
import { type ClusterAdmin, clusterAdminsOf } from './cluster-admins.ts';
import { SEEN_INSIDE, seenInside } from './seen-inside.ts';

/** Every administrator can read all secrets and run anything on any node. */
export const eksClusterAdminsBounded = defineCheck({
  id: 'eks-cluster-admins-bounded',
  title: 'EKS clusters should have few administrators, all of them roles of the own account',
  resourceType: 'AwsEksCluster',
  needs: SEEN_INSIDE,
  baseSeverity: 'HIGH',
  rationale:
    'An administrator reads every secret and runs code on every node: long-lived user keys, the root user, other accounts and long lists of administrators make that easy to steal.',
  limits:
    'Looks at access entries, and at aws-auth and the groups and users of RBAC where the inside of the cluster was read; who may assume an administrator role is not judged.',
  remediation: {
    text: 'Keep administrator access for a few roles that people assume for a short time, and give everybody else a narrower access policy or one for single namespaces.',
    url: 'https://docs.aws.amazon.com/eks/latest/userguide/access-policies.html',
  },
  frameworks: { 'cis-eks-1.8.0': ['4.1.1'], 'nist-800-190': ['4.3.1'] },
  parameters: z.strictObject({
    allowedAdmins: z
      .array(z.string().min(1))
      .default([])
      .describe('ARNs of the only principals that may administer clusters; * stands for any characters.'),
    maxAdmins: z
      .number()
      .int()
      .nonnegative()
      .default(5)
      .describe('How many administrators a cluster may have; not asked when allowedAdmins is given.'),
  }),
  evaluate: (cluster, { parameters: { allowedAdmins, maxAdmins }, facts }) => {
    const { proven, doubts } = clusterAdminsOf(seenInside(cluster, facts));
    const isAllowed = (arn: string) => allowedAdmins.some((pattern) => matchesPattern(arn, pattern));
    if (allowedAdmins.length > 0) {
      const others = proven.filter(({ principalArn }) => !isAllowed(principalArn));
      if (others.length > 0) {
        return failed(
          'a principal that is not allowed to administers the cluster',
          listed(others, 'an allowed principal'),
        );
      }
    } else {
      const unfit = proven.filter(({ principalArn }) => !isRoleOf(cluster.accountId, principalArn));
      if (unfit.length > 0) {
        const reason = 'an IAM user, a root user or another account administers the cluster';
        return failed(reason, listed(unfit, 'a role of the own account'));
      }
      if (proven.length > maxAdmins) {
        return failed(
          'too many principals administer the cluster',
          listed(proven, `at most ${maxAdmins} administrators`),
        );
      }
    }
    const doubt = doubts.find(({ principalArn }) => principalArn === undefined || !isAllowed(principalArn));
    if (doubt !== undefined && doubt.reason.kind === 'unreadable') return unknownBecause(doubt.reason);
    if (cluster.authenticationMode === 'CONFIG_MAP') {
      return unknownBecause({
        kind: 'undecidable',
        message: 'The creator of the cluster is an administrator that cannot be listed in this authentication mode.',
      });
    }
    return doubt === undefined
      ? passed(undefined, listed(proven, 'expected administrators only'))
      : unknownBecause(doubt.reason);
  },
});

function listed(admins: readonly ClusterAdmin[], expected: string): readonly Evidence[] {
  return admins.map(({ principalArn, by }) => ({ path: `admins[${principalArn}]`, observed: by, expected }));
}

function isRoleOf(accountId: string, arn: string): boolean {
  const [, , service, , account, resource] = arn.split(':');
  return service === 'iam' && account === accountId && resource?.startsWith('role/') === true;
}

/** Compares piece by piece instead of by a regular expression, which a pattern could make slow. */
function matchesPattern(text: string, pattern: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  if (rest.length === 0) return text === pattern;
  if (!text.startsWith(first)) return false;
  let position = first.length;
  const last = rest.pop() ?? '';
  for (const piece of rest) {
    const found = text.indexOf(piece, position);
    if (found === -1) return false;
    position = found + piece.length;
  }
  return text.length - last.length >= position && text.endsWith(last);
}
