import { defineCheck } from '../../domain/check.ts';
import {
  failed,
  notApplicable,
  passed,
  unknownBecause,
  type Verdict,
  whenKnown,
  worstOf,
} from '../../domain/verdict.ts';

const BROKEN: readonly string[] = ['CREATE_FAILED', 'DEGRADED', 'DELETE_FAILED', 'UPDATE_FAILED'];
const FINE: readonly string[] = ['ACTIVE', 'CREATING', 'DELETING', 'UPDATING'];

/** Add-ons are the network, the names and often the security agents of a cluster. */
export const eksClusterAddonsHealthy = defineCheck({
  id: 'eks-cluster-addons-healthy',
  title: 'EKS clusters should have healthy add-ons',
  resourceType: 'AwsEksCluster',
  baseSeverity: 'LOW',
  rationale:
    'A degraded add-on may leave nodes without network policy, identity or runtime monitoring agents while everything else looks as if it worked.',
  remediation: {
    text: 'Read the health issues of the add-on with eks:DescribeAddon and resolve them, or update the add-on to a version that fits the cluster.',
    url: 'https://docs.aws.amazon.com/eks/latest/userguide/eks-add-ons.html',
  },
  frameworks: {},
  relatedControls: { 'nist-800-190': ['4.4.1'] },
  evaluate: ({ addons }) =>
    whenKnown(addons, (all) =>
      worstOf(
        all.map(({ name, details }) => whenKnown(details, (addon) => judgeAddon(name, addon.status, addon.issueCodes))),
        notApplicable('EKS manages no add-ons of the cluster'),
      ),
    ),
});

function judgeAddon(name: string, status: string | undefined, issueCodes: readonly string[]): Verdict {
  const statusEvidence = { path: `addons[${name}].status`, observed: status ?? null, expected: 'ACTIVE' };
  if (issueCodes.length > 0 || BROKEN.includes(status ?? '')) {
    return failed('an add-on is not healthy', [
      statusEvidence,
      { path: `addons[${name}].health.issues`, observed: issueCodes, expected: [] },
    ]);
  }
  if (FINE.includes(status ?? '')) return passed();
  return unknownBecause({ kind: 'undecidable', message: 'An add-on has a status that is not known here.' }, [
    statusEvidence,
  ]);
}
