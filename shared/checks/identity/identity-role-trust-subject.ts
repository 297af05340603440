import { defineCheck } from '../../domain/check.ts';
import {
  type Evidence,
  failed,
  notApplicable,
  passed,
  type Verdict,
  whenKnown,
  worstOf,
} from '../../domain/verdict.ts';
import { claimLimit, subjectReach, type WebIdentityGrant, webIdentityGrants } from '../../domain/web-identity-trust.ts';

import { whenThere } from './judge-role.ts';
/** Without a condition on the subject every pod of the cluster can take the role. */
export const identityRoleTrustSubject = defineCheck({
  id: 'identity-role-trust-subject',
  title: 'IAM roles for service accounts should trust one service account',
  resourceType: 'AwsIamRole',
  baseSeverity: 'CRITICAL',
  rationale:
    'A role that trusts the OIDC provider of a cluster without naming the subject can be assumed by every service account of that cluster, whoever made it.',
  limits:
    'Whether the service account exists is another check. Trust that does not go through the OIDC provider of an EKS cluster (Pod Identity, other accounts, other providers) is not judged here.',
  remediation: {
    text: 'Add StringEquals with the key <issuer>:sub and the value system:serviceaccount:<namespace>:<name> to every statement that trusts the OIDC provider.',
    url: 'https://docs.aws.amazon.com/eks/latest/userguide/associate-service-account-role.html',
  },
  frameworks: {},
  evaluate: (role) =>
    whenThere(role, () =>
      whenKnown(role.trustPolicy, (document) =>
        worstOf(
          webIdentityGrants(document).map(judgeGrant),
          notApplicable('the role does not trust the OIDC provider of an EKS cluster'),
        ),
      ),
    ),
});

function judgeGrant(grant: WebIdentityGrant): Verdict {
  const limit = claimLimit(grant, 'sub');
  const evidence = (observed: Evidence['observed']): readonly Evidence[] => [
    {
      path: `trustPolicy.${grant.statement.path}.Condition`,
      observed,
      expected: `StringEquals ${grant.issuer}:sub = system:serviceaccount:<namespace>:<name>`,
    },
  ];
  if (limit.kind === 'none') {
    const [idle] = limit.idle;
    return failed(
      'every service account of the cluster can assume the role',
      evidence(idle === undefined ? 'no condition on the subject' : `a condition that limits nothing: ${idle}`),
    );
  }
  if (limit.kind === 'never') return broken(evidence('no token can match'));
  const subjects = limit.values.map(({ value }) => value);
  const reaches = limit.values.map(subjectReach);
  if (reaches.includes('any namespace')) {
    return failed('service accounts of every namespace can assume the role', evidence(subjects));
  }
  if (reaches.includes('one namespace')) {
    return failed('every service account of a namespace can assume the role', evidence(subjects), {
      severity: 'LOW',
      because: 'only one namespace is let in',
    });
  }
  return reaches.every((reach) => reach === 'nobody') ? broken(evidence(subjects)) : passed();
}

/** Nobody is let in: not dangerous, and surely not what was meant. */
function broken(evidence: readonly Evidence[]): Verdict {
  return failed('no service account can assume the role', evidence, {
    severity: 'LOW',
    because: 'the trust lets nobody in',
  });
}
