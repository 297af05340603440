import { defineCheck } from '../../domain/check.ts';
import { failed, passed, unknownBecause, whenKnown } from '../../domain/verdict.ts';

/** A node that the internet can reach is attacked from the internet. */
export const eksNodegroupPrivate = defineCheck({
  id: 'eks-nodegroup-private',
  title: 'EKS node groups should run in private subnets',
  resourceType: 'AwsEksNodegroup',
  baseSeverity: 'MEDIUM',
  rationale:
    'Nodes in a public subnet can have public addresses, so that a security group rule too many exposes the kubelet, node ports and pods on the host network to the internet.',
  limits:
    'A subnet is public when its route table leads to an internet gateway, whether or not its nodes have public addresses.',
  remediation: {
    text: 'Create the node group anew in subnets whose route tables lead to a NAT gateway or to VPC endpoints, and leave the public subnets to load balancers.',
    url: 'https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html',
  },
  frameworks: { 'cis-eks-1.8.0': ['5.4.3'] },
  relatedControls: { 'aws-fsbp': ['EC2.9', 'EC2.15', 'EC2.25'], 'nist-800-190': ['4.3.5'] },
  evaluate: ({ subnets }) =>
    whenKnown(subnets, (all) => {
      if (all.length === 0) {
        return unknownBecause({ kind: 'undecidable', message: 'The subnets of the node group are not known.' });
      }
      const open = all.filter(({ internetGatewayId }) => internetGatewayId !== undefined);
      if (open.length === 0) return passed();
      return failed(
        'nodes run in a public subnet',
        open.map(({ subnetId, internetGatewayId }) => ({
          path: `subnets[${subnetId}].route`,
          observed: internetGatewayId ?? null,
          expected: 'no route to an internet gateway',
        })),
      );
    }),
});
