import { holdsAddress } from '../../domain/cidr.ts';
import { admitsEverybody, allowsPort } from '../../domain/network-isolation.ts';
import type { NetworkPolicyRule } from '../../domain/network-policy.ts';

/**
 * The instance metadata service. Not 169.254.170.23: that is the agent of EKS Pod Identity.
 *
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html
 */
const ADDRESSES = ['169.254.169.254', 'fd00:ec2::254'] as const;
const PORT = { protocol: 'TCP', port: 80 } as const;

/** Whether an egress rule lets a pod call the metadata service: selectors never do, blocks and "everybody" may. */
export function admitsMetadataService(rule: NetworkPolicyRule): boolean {
  if (!allowsPort(rule.ports, PORT)) return false;
  if (admitsEverybody(rule)) return true;
  const blocks = (rule.peers ?? []).flatMap(({ ipBlock }) => ipBlock ?? []);
  return ADDRESSES.some((address) => holdsAddress(blocks, address));
}
