import ipaddr from 'ipaddr.js';
import { z } from 'zod';
import { defineCheck } from '../../domain/check.ts';
import { coversEverything, isWiderThan, malformedCidrs } from '../../domain/cidr.ts';
import { type Evidence, failed, passed, unknownBecause, type Verdict } from '../../domain/verdict.ts';

const PATH = 'resourcesVpcConfig.publicAccessCidrs';

const cidr = z.string().refine((text) => ipaddr.isValidCIDR(text), 'must be an address range such as 203.0.113.0/24');

/** Who may knock at the API server should be the company's own networks, not the internet. */
export const eksClusterEndpointRestricted = defineCheck({
  id: 'eks-cluster-endpoint-restricted',
  title: 'EKS clusters with a public API endpoint should admit only the address ranges that need it',
  resourceType: 'AwsEksCluster',
  baseSeverity: 'HIGH',
  rationale:
    'With an endpoint open to the internet, a leaked token or an unpatched flaw of the API server is enough to take the cluster over from anywhere.',
  limits:
    'Without allowedCidrs only the width of the ranges is judged, not whose they are. Prefix lists do not exist here.',
  remediation: {
    text: 'Set publicAccessCidrs to the egress ranges of your offices, VPN and CI, switch private access on for the nodes, or switch public access off.',
    url: 'https://docs.aws.amazon.com/eks/latest/userguide/cluster-endpoint.html',
  },
  frameworks: { 'cis-eks-1.8.0': ['5.4.1'], 'nist-800-190': ['4.3.2'] },
  relatedControls: { 'aws-fsbp': ['EKS.1'] },
  parameters: z.strictObject({
    allowedCidrs: z
      .array(cidr)
      .default([])
      .describe('The only address ranges the endpoint may admit; when empty, the width of the ranges is judged.'),
    widestIpv4Prefix: z
      .number()
      .int()
      .min(1)
      .max(32)
      .default(16)
      .describe('The shortest IPv4 prefix that neighbouring ranges may add up to.'),
    widestIpv6Prefix: z
      .number()
      .int()
      .min(1)
      .max(128)
      .default(32)
      .describe('The shortest IPv6 prefix that neighbouring ranges may add up to.'),
  }),
  evaluate: ({ endpointPublicAccess, publicAccessCidrs }, { parameters }) => {
    if (endpointPublicAccess === undefined) {
      return unknownBecause({ kind: 'undecidable', message: 'EKS did not say whether the endpoint is public.' });
    }
    // EKS still returns the ranges when public access is off; they have no effect then (T39).
    if (!endpointPublicAccess) return passed('the API endpoint is not public');
    if (publicAccessCidrs.length === 0) {
      return openToAll([{ path: PATH, observed: null, expected: 'the ranges that need access' }]);
    }
    if (coversEverything(publicAccessCidrs)) {
      return openToAll([{ path: PATH, observed: publicAccessCidrs, expected: 'the ranges that need access' }]);
    }
    return judgeRanges(publicAccessCidrs, parameters);
  },
});

/** No range at all is the default of EKS: the whole internet. */
function openToAll(evidence: readonly Evidence[]): Verdict {
  return failed('the API endpoint is open to the whole internet', evidence);
}

function judgeRanges(
  cidrs: readonly string[],
  parameters: {
    readonly allowedCidrs: readonly string[];
    readonly widestIpv4Prefix: number;
    readonly widestIpv6Prefix: number;
  },
): Verdict {
  const { allowedCidrs, widestIpv4Prefix, widestIpv6Prefix } = parameters;
  const malformed = malformedCidrs(cidrs);
  const wellFormed = cidrs.filter((range) => !malformed.includes(range));
  if (allowedCidrs.length > 0) {
    const outside = wellFormed.filter((range) => !allowedCidrs.some((allowed) => liesWithin(range, allowed)));
    if (outside.length > 0) {
      return failed('the API endpoint admits addresses outside the allowed ranges', [
        { path: PATH, observed: outside, expected: allowedCidrs },
      ]);
    }
  } else if (isWiderThan(wellFormed, { ipv4: widestIpv4Prefix, ipv6: widestIpv6Prefix })) {
    return failed('the API endpoint admits address ranges that are too wide', [
      {
        path: PATH,
        observed: cidrs,
        expected: `ranges no wider than /${widestIpv4Prefix} and IPv6 /${widestIpv6Prefix}`,
      },
    ]);
  }
  if (malformed.length === 0) return passed();
  return unknownBecause({ kind: 'undecidable', message: 'An admitted address range is not in CIDR notation.' }, [
    { path: PATH, observed: malformed, expected: 'CIDR notation' },
  ]);
}

function liesWithin(inner: string, outer: string): boolean {
  const [[address, prefix], [network, networkPrefix]] = [ipaddr.parseCIDR(inner), ipaddr.parseCIDR(outer)];
  return address.kind() === network.kind() && prefix >= networkPrefix && address.match(network, networkPrefix);
}
