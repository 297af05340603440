import { defineCheck } from '../../domain/check.ts';
import { failed, passed, unknownBecause, type Verdict, whenKnown } from '../../domain/verdict.ts';
import { eksImageName } from './eks-images.ts';
import { judgeAmis, type Nodegroup } from './judge-nodes.ts';
import { supportOf } from './version-support.ts';

/** A kubelet stays behind when only the control plane is upgraded. */
export const eksNodegroupVersionSupported = defineCheck({
  id: 'eks-nodegroup-version-supported',
  title: 'EKS node groups should run a Kubernetes version that EKS still supports',
  resourceType: 'AwsEksNodegroup',
  baseSeverity: 'MEDIUM',
  severityNote:
    'AWS rates EKS.9 High. The control plane, which every workload depends on, is judged as HIGH; a kubelet out of support is behind it.',
  rationale:
    'AWS publishes no images and no patches for kubelets of a version out of support, and one that lags too far behind the control plane stops working with it.',
  limits:
    'Extended support passes here, and fails in EKS.9 of AWS. The version of self-managed nodes is read from the name of an EKS image; with other images it is not known.',
  remediation: {
    text: 'Update the node group to the version of its control plane; upgrade the control plane first where that is out of support too.',
    url: 'https://docs.aws.amazon.com/eks/latest/userguide/update-managed-node-group.html',
  },
  frameworks: { 'nist-800-190': ['4.4.1'] },
  relatedControls: { 'aws-fsbp': ['EKS.9'], 'nist-800-190': ['4.5.3'] },
  evaluate: (nodegroup) =>
    whenKnown(nodegroup.configuration, (configuration) => {
      if (configuration?.version !== undefined) return judgeVersion(nodegroup, configuration.version, 'version');
      return judgeAmis(nodegroup, (ami, path) => {
        const version = eksImageName(ami)?.version;
        if (version !== undefined) return judgeVersion(nodegroup, version, `${path}.version`);
        return unknownBecause(
          { kind: 'undecidable', message: 'The Kubernetes version of an image that is not of EKS is not known.' },
          [{ path: `${path}.name`, observed: ami.name ?? null, expected: 'an image of EKS' }],
        );
      });
    }),
});

function judgeVersion({ supportedVersions }: Nodegroup, version: string, path: string): Verdict {
  return whenKnown(supportedVersions, (versions) =>
    whenKnown(
      supportOf(version, versions, path, 'a version in standard or extended support'),
      ({ status, evidence }) =>
        status === 'UNSUPPORTED' ? failed('the Kubernetes version is out of all support', evidence) : passed(),
    ),
  );
}
