import { defineCheck } from '../../domain/check.ts';
import type { PolicyDocument } from '../../domain/iam-policy.ts';
import {
  failed,
  notApplicable,
  passed,
  unknownBecause,
  type Verdict,
  whenKnown,
  worstOf,
} from '../../domain/verdict.ts';
import { type Role, type RoleUser, usersOf } from './judge-role.ts';

/** A Pod Identity association is exact by design, so that a wrong one helps nobody, or everybody. */
export const identityAssociationResolves = defineCheck({
  id: 'identity-association-resolves',
  title: 'EKS Pod Identity associations should bind a role to a service account that exists',
  resourceType: 'AwsIamRole',
  baseSeverity: 'LOW',
  rationale:
    'An association with the account default gives the role to every pod that names none; one with an account that does not exist gives it to whoever creates it; one without session tags does not open a role whose trust asks for them.',
  limits: 'Whether the service account exists is seen only where the inside of the cluster can be read.',
  remediation: {
    text: 'Bind the role to the service account of the workload that needs it, delete associations without an account, and leave session tags on where the trust policy of the role asks for them.',
    url: 'https://docs.aws.amazon.com/eks/latest/userguide/pod-id-association.html',
  },
  frameworks: {},
  evaluate: (role) =>
    whenKnown(usersOf(role, ['pod-identity']), (associations) => {
      return worstOf(
        associations.map((association) => judgeAssociation(association, role)),
        notApplicable('no Pod Identity association names the role'),
      );
    }),
});

function judgeAssociation(association: RoleUser, { exists, trustPolicy }: Role): Verdict {
  const { namespace, serviceAccount, accountExists, disableSessionTags } = association;
  const finding = (reason: string, observed: string, expected: string) =>
    failed(reason, [{ path: `association[${namespace}/${serviceAccount}]`, observed, expected }]);
  if (serviceAccount === 'default') {
    return finding('an association gives the role to a default service account', 'default', 'an account of its own');
  }
  if (accountExists === false) {
    return finding(
      'an association names a service account that does not exist',
      'no such account',
      'an account that exists',
    );
  }
  if (exists.known && !exists.value) {
    return finding('an association names a role that does not exist', 'no such role', 'a role that exists');
  }
  const tags: Verdict = disableSessionTags === true ? whenKnown(trustPolicy, judgeTags) : passed();
  if (tags.status !== 'PASSED' || accountExists !== undefined) return tags;
  return unknownBecause({
    kind: 'undecidable',
    message: 'Whether the service account exists can only be seen inside the cluster.',
  });

  function judgeTags({ statements }: PolicyDocument): Verdict {
    const asks = statements.some(
      ({ effect, conditions }) =>
        effect === 'Allow' && conditions.some(({ key }) => /^aws:requesttag\/(?:kubernetes|eks)-/.test(key)),
    );
    return asks
      ? finding(
          'an association sends no session tags, and the role asks for them',
          'disableSessionTags',
          'session tags',
        )
      : passed();
  }
}
