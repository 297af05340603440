import { defineCheck } from '../../domain/check.ts';
import { failed, passed, unknownBecause } from '../../domain/verdict.ts';

/** A private endpoint puts the network in front of whatever may be wrong with credentials and the API server. */
export const eksClusterEndpointPrivate = defineCheck({
  id: 'eks-cluster-endpoint-private',
  title: 'EKS clusters should have a private API endpoint only',
  resourceType: 'AwsEksCluster',
  baseSeverity: 'MEDIUM',
  severityNote:
    'AWS rates EKS.1 High however narrow the public access is; here eks-cluster-endpoint-restricted is HIGH for an endpoint that is open wide.',
  rationale:
    'A public API endpoint can be reached with stolen credentials, or a flaw of the API server, from anywhere its address ranges allow.',
  remediation: {
    text: 'Switch private endpoint access on and public access off, and reach the API through the VPC, a VPN or Direct Connect.',
    url: 'https://docs.aws.amazon.com/eks/latest/userguide/cluster-endpoint.html',
  },
  frameworks: { 'aws-fsbp': ['EKS.1'], 'cis-eks-1.8.0': ['5.4.2'], 'nist-800-190': ['4.3.2'] },
  overlapsWith: ['EKS.1'],
  evaluate: ({ endpointPublicAccess, endpointPrivateAccess }) => {
    if (endpointPublicAccess === undefined) {
      return unknownBecause({ kind: 'undecidable', message: 'EKS did not say whether the endpoint is public.' });
    }
    // Both can be on at once (T38): private access alone says nothing. EKS never has both off.
    if (!endpointPublicAccess) return passed();
    return failed('the API endpoint is public', [
      { path: 'resourcesVpcConfig.endpointPublicAccess', observed: true, expected: false },
      { path: 'resourcesVpcConfig.endpointPrivateAccess', observed: endpointPrivateAccess ?? null, expected: true },
    ]);
  },
});
