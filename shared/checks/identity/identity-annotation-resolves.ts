import { defineCheck } from '../../domain/check.ts';
import type { PolicyDocument } from '../../domain/iam-policy.ts';
import {
  type Evidence,
  failed,
  notApplicable,
  passed,
  unknownBecause,
  type Verdict,
  whenKnown,
  worstOf,
} from '../../domain/verdict.ts';
import { claimLimit, webIdentityGrants } from '../../domain/web-identity-trust.ts';
import { matchesWildcard } from '../../domain/wildcard.ts';
import { type Role, type RoleUser, usersOf } from './judge-role.ts';

/** An annotation that leads nowhere makes pods fall back on their node. */
export const identityAnnotationResolves = defineCheck({
  id: 'identity-annotation-resolves',
  title: 'IAM roles that service accounts name should exist and trust them',
  resourceType: 'AwsIamRole',
  baseSeverity: 'LOW',
  rationale:
    'A service account whose role does not exist, or does not trust it, gets no credentials: its pods fail, or use those of their node. Whoever may create the missing role decides what the pods get.',
  limits: 'Roles in accounts that are not scanned are not judged.',
  remediation: {
    text: 'Correct the annotation eks.amazonaws.com/role-arn of the service account, or let the role trust the issuer of the cluster with the subject of the account.',
    url: 'https://docs.aws.amazon.com/eks/latest/userguide/associate-service-account-role.html',
  },
  frameworks: {},
  evaluate: (role) =>
    whenKnown(usersOf(role, ['service-account']), (accounts) => {
      if (accounts.length === 0) return notApplicable('no service account names the role');
      return whenKnown(role.exists, (exists) =>
        exists
          ? whenKnown(role.trustPolicy, (trust) =>
              worstOf(
                accounts.map((account) => judgeTrust(account, trust)),
                passed(),
              ),
            )
          : failed('a service account names a role that does not exist', [
              evidenceOf(accounts, 'the role does not exist', role),
            ]),
      );
    }),
});

function judgeTrust(user: RoleUser, trust: PolicyDocument): Verdict {
  const { issuer, namespace, serviceAccount } = user;
  if (issuer === undefined) {
    return unknownBecause({ kind: 'undecidable', message: 'The issuer of the cluster is not known.' });
  }
  const subject = `system:serviceaccount:${namespace}:${serviceAccount}`;
  const trusts = webIdentityGrants(trust)
    .filter((grant) => grant.issuer === '*' || grant.issuer.toLowerCase() === issuer.toLowerCase())
    .map((grant) => claimLimit(grant, 'sub'))
    .some(
      ({ kind, values }) =>
        kind === 'none' ||
        values.some(({ value, wildcards }) =>
          wildcards ? matchesWildcard(value, subject, { questionMark: true }) : value === subject,
        ),
    );
  if (trusts) return passed();
  return failed('a service account names a role that does not trust it', [
    {
      path: `uses[${namespace}/${serviceAccount}]`,
      observed: 'the trust policy lets another issuer or subject in',
      expected: `${issuer}:sub = ${subject}`,
    },
  ]);
}

function evidenceOf(accounts: readonly RoleUser[], observed: string, { uid }: Role): Evidence {
  const names = accounts.map(({ namespace, serviceAccount }) => `${namespace}/${serviceAccount}`);
  return { path: `uses[${names.join(', ')}]`, observed, expected: uid };
}
