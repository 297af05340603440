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
import { claimLimit, type WebIdentityGrant, webIdentityGrants } from '../../domain/web-identity-trust.ts';
import { matchesWildcard } from '../../domain/wildcard.ts';

import { whenThere } from './judge-role.ts';
/** A token that was made for somebody else should not open AWS. */
export const identityRoleTrustAudience = defineCheck({
  id: 'identity-role-trust-audience',
  title: 'IAM roles for service accounts should ask for the audience of AWS STS',
  resourceType: 'AwsIamRole',
  baseSeverity: 'MEDIUM',
  rationale:
    'Without a condition on the audience a token of the service account that was issued for another receiver opens the role as well, if the provider accepts that audience.',
  limits: 'The audiences that the provider itself accepts are the subject of identity-oidc-provider-audience.',
  remediation: {
    text: 'Add StringEquals with the key <issuer>:aud and the value sts.amazonaws.com to every statement that trusts the OIDC provider.',
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

/** The audience that EKS puts into its tokens; the one with the suffix belongs to the regions of China. */
const AUDIENCES: readonly string[] = ['sts.amazonaws.com', 'sts.amazonaws.com.cn'];

function judgeGrant(grant: WebIdentityGrant): Verdict {
  const limit = claimLimit(grant, 'aud');
  const evidence = (observed: Evidence['observed']): readonly Evidence[] => [
    {
      path: `trustPolicy.${grant.statement.path}.Condition`,
      observed,
      expected: `StringEquals ${grant.issuer}:aud = ${AUDIENCES[0]}`,
    },
  ];
  if (limit.kind === 'none') {
    const [idle] = limit.idle;
    return failed(
      'tokens for every audience open the role',
      evidence(idle === undefined ? 'no condition on the audience' : `a condition that limits nothing: ${idle}`),
    );
  }
  const values = limit.values.map(({ value }) => value);
  const others = limit.values.filter(({ value, wildcards }) => wildcards || !AUDIENCES.includes(value));
  if (others.length > 0) return failed('tokens for other audiences open the role', evidence(values));
  const opens = limit.values.some(({ value }) => AUDIENCES.some((audience) => matchesWildcard(value, audience)));
  if (limit.kind === 'never' || !opens) {
    return failed('no token opens the role', evidence('no token can match'), {
      severity: 'LOW',
      because: 'the trust lets nobody in',
    });
  }
  return passed();
}
