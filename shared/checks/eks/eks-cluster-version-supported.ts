import { defineCheck } from '../../domain/check.ts';
import { failed, passed, whenKnown } from '../../domain/verdict.ts';
import { supportOf } from './version-support.ts';

/** Out of all support, nobody mends the control plane any more until EKS upgrades it on its own. */
export const eksClusterVersionSupported = defineCheck({
  id: 'eks-cluster-version-supported',
  title: 'EKS clusters should run a Kubernetes version that EKS still supports',
  resourceType: 'AwsEksCluster',
  baseSeverity: 'HIGH',
  rationale:
    'A version out of standard and extended support gets no security patches, and EKS upgrades the cluster by itself at a time nobody chose.',
  limits: 'AWS fails EKS.2 for extended support as well; here that is eks-cluster-version-standard-support.',
  remediation: {
    text: 'Upgrade the control plane one minor version at a time to a version in standard support, then the node groups and add-ons.',
    url: 'https://docs.aws.amazon.com/eks/latest/userguide/update-cluster.html',
  },
  frameworks: { 'nist-800-190': ['4.4.1'] },
  relatedControls: { 'aws-fsbp': ['EKS.2'] },
  evaluate: (cluster) =>
    whenKnown(cluster.supportedVersions, (versions) =>
      whenKnown(
        supportOf(cluster.version, versions, 'version', 'a version in standard or extended support'),
        ({ status, evidence }) =>
          status === 'UNSUPPORTED' ? failed('the Kubernetes version is out of all support', evidence) : passed(),
      ),
    ),
});
