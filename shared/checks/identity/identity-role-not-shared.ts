import { defineCheck } from '../../domain/check.ts';
import { failed, notApplicable, passed, whenKnown } from '../../domain/verdict.ts';
import { POD_USES, unread, usersOf } from './judge-role.ts';

/** One role for many is the sum of what all of them need. */
export const identityRoleNotShared = defineCheck({
  id: 'identity-role-not-shared',
  title: 'IAM roles of service accounts should serve one namespace of one cluster',
  resourceType: 'AwsIamRole',
  baseSeverity: 'LOW',
  rationale:
    'A role that service accounts of several namespaces or clusters use holds the rights of all of them, and nobody can take one away without knowing all.',
  limits: 'Several service accounts of one namespace are accepted. Clusters that are not scanned are not counted.',
  remediation: {
    text: 'Make a role of its own for each workload; copy the policy and take away what the workload does not need.',
    url: 'https://docs.aws.amazon.com/eks/latest/best-practices/identity-and-access-management.html',
  },
  frameworks: {},
  evaluate: (role) =>
    whenKnown(usersOf(role, POD_USES), (pods) => {
      if (pods.length === 0) return notApplicable('no pod uses the role');
      const places = [...new Set(pods.map(({ clusterArn, namespace }) => `${clusterArn ?? '?'}/${namespace}`))].sort();
      // Where somebody could not be asked there may be others.
      if (places.length === 1) return whenKnown(unread(role), () => passed());
      return failed('service accounts of several namespaces or clusters use the role', [
        { path: 'uses', observed: places, expected: 'one namespace of one cluster' },
      ]);
    }),
});
