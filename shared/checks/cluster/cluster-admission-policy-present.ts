import { defineCheck } from '../../domain/check.ts';
import { known } from '../../domain/observed.ts';
import { judgePolicies } from './admission-policies.ts';

/** What only changes objects refuses none. */
const REFUSING = (kind: string) => kind !== 'MutatingWebhook';

/** Pod Security labels refuse pods; rules about anything else need a policy of the cluster's own. */
export const clusterAdmissionPolicyPresent = defineCheck({
  id: 'cluster-admission-policy-present',
  title: 'Kubernetes clusters should have an admission policy that refuses what breaks the rules',
  resourceType: 'KubernetesCluster',
  baseSeverity: 'INFORMATIONAL',
  rationale:
    'Rules that only a scanner knows are found broken afterwards. An admission policy refuses images of foreign registries, missing limits or open Services before they run.',
  limits:
    'That there is a policy that refuses is seen, and hardly what it asks for: the webhook of an operator that validates its own kinds counts too.',
  remediation: {
    text: 'Write the rules of the company as ValidatingAdmissionPolicy objects with a binding that denies, or run Kyverno or Gatekeeper in enforcing mode.',
    url: 'https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/',
  },
  frameworks: {},
  relatedControls: { 'nist-800-190': ['4.1.5', '4.4.5'] },
  evaluate: (cluster) =>
    judgePolicies(cluster, ({ kind, enforces }) => [known(REFUSING(kind)), enforces], {
      reason: 'no admission policy refuses anything',
      expected: 'a policy that refuses',
    }),
});
