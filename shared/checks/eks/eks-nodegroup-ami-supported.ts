import { defineCheck } from '../../domain/check.ts';
import { failed, passed, unknownBecause, type Verdict, whenKnown } from '../../domain/verdict.ts';
import { eksImageName } from './eks-images.ts';
import { type Ami, judgeAmis } from './judge-nodes.ts';

const REASON = 'nodes run a machine image that is out of support';

/** An operating system without patches undoes what is patched above it. */
export const eksNodegroupAmiSupported = defineCheck({
  id: 'eks-nodegroup-ami-supported',
  title: 'EKS node groups should run a machine image that is supported',
  resourceType: 'AwsEksNodegroup',
  baseSeverity: 'MEDIUM',
  rationale:
    'AWS publishes no more EKS images for Amazon Linux 2: kernels and container runtimes on such nodes keep every vulnerability that is found from now on.',
  limits:
    'Images of your own are judged only by the deprecation date they carry; what they were built from cannot be seen.',
  remediation: {
    text: 'Move the workloads to a new node group with an AL2023 or Bottlerocket image and delete the old one.',
    url: 'https://docs.aws.amazon.com/eks/latest/userguide/eks-ami-deprecation-faqs.html',
  },
  frameworks: { 'nist-800-190': ['4.4.1', '4.5.3'] },
  relatedControls: { 'nist-800-190': ['4.5.1'] },
  evaluate: (nodegroup, { now }) =>
    whenKnown(nodegroup.configuration, (configuration) => {
      const amiType = configuration?.amiType;
      if (amiType === undefined || amiType === 'CUSTOM') {
        return judgeAmis(nodegroup, (ami, path) => judgeImage(ami, path, now));
      }
      const evidence = [{ path: 'amiType', observed: amiType, expected: 'an AL2023, Bottlerocket or Windows image' }];
      if (amiType.startsWith('AL2_')) return failed(REASON, evidence);
      if (/^(AL2023|BOTTLEROCKET|WINDOWS)_/.test(amiType)) return passed();
      return unknownBecause(
        { kind: 'undecidable', message: 'The image type of the node group is not known here.' },
        evidence,
      );
    }),
});

function judgeImage(ami: Ami, path: string, now: Date): Verdict {
  const image = eksImageName(ami);
  if (image?.family === 'AL2') {
    return failed(REASON, [{ path: `${path}.name`, observed: ami.name ?? null, expected: 'not Amazon Linux 2' }]);
  }
  if (ami.deprecatedAt !== undefined && Date.parse(ami.deprecatedAt) <= now.getTime()) {
    return failed(REASON, [{ path: `${path}.deprecationTime`, observed: ami.deprecatedAt, expected: null }]);
  }
  if (image !== undefined) return passed();
  return unknownBecause(
    { kind: 'undecidable', message: 'What an image that is not of EKS was built from is not known.' },
    [{ path: `${path}.name`, observed: ami.name ?? null, expected: 'an image of EKS' }],
  );
}
