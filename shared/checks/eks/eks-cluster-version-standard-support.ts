import { defineCheck } from '../../domain/check.ts';
import { failed, passed, whenKnown } from '../../domain/verdict.ts';
import { supportOf } from './version-support.ts';

/** Extended support costs several times as much, and is the last year before a forced upgrade. */
export const eksClusterVersionStandardSupport = defineCheck({
  id: 'eks-cluster-version-standard-support',
  title: 'EKS clusters should run a Kubernetes version in standard support',
  resourceType: 'AwsEksCluster',
  baseSeverity: 'MEDIUM',
  severityNote:
    'AWS rates EKS.2 High for both kinds; a version in extended support still gets security patches, so it weighs less here.',
  rationale:
    'Extended support is paid for by the cluster hour and ends with a forced upgrade; Kubernetes itself no longer mends the version, and add-ons drop it.',
  remediation: {
    text: 'Plan the upgrade of the control plane, node groups and add-ons to a version in standard support; cluster insights list what stands in its way.',
    url: 'https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions.html',
  },
  frameworks: { 'nist-800-190': ['4.4.1'] },
  relatedControls: { 'aws-fsbp': ['EKS.2'] },
  evaluate: (cluster) =>
    whenKnown(cluster.supportedVersions, (versions) =>
      whenKnown(supportOf(cluster.version, versions, 'version', 'a version in standard support'), (support) => {
        if (support.status === 'STANDARD_SUPPORT') return passed();
        if (support.status === 'EXTENDED_SUPPORT') {
          return failed('the Kubernetes version is in extended support', support.evidence);
        }
        return failed('the Kubernetes version is out of all support', support.evidence, {
          severity: 'INFORMATIONAL',
          because: 'eks-cluster-version-supported reports the same cause',
        });
      }),
    ),
});
