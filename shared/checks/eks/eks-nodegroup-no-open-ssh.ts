import { defineCheck } from '../../domain/check.ts';
import { coversEverything } from '../../domain/cidr.ts';
import { type Evidence, failed, passed, type Verdict, whenKnown, worstOf } from '../../domain/verdict.ts';
import type { Nodegroup } from './judge-nodes.ts';

type SecurityGroup = Extract<Nodegroup['securityGroups'], { known: true }>['value'][number];

/** SSH, and what EKS opens in its place for Windows nodes. */
const ADMINISTRATION_PORTS = [22, 3389];

/** A node that everybody may log in to is only as safe as one private key. */
export const eksNodegroupNoOpenSsh = defineCheck({
  id: 'eks-nodegroup-no-open-ssh',
  title: 'EKS node groups should not open SSH or RDP to the internet',
  resourceType: 'AwsEksNodegroup',
  baseSeverity: 'HIGH',
  rationale:
    'An open administration port is found within minutes and tried for ever; whoever gets in owns the node and every pod and credential on it.',
  limits: 'Rules that name a prefix list instead of address ranges are not looked into.',
  remediation: {
    text: 'Remove remote access from the node group, or name source security groups in it, and reach nodes through Session Manager.',
    url: 'https://docs.aws.amazon.com/eks/latest/userguide/create-managed-node-group.html',
  },
  frameworks: { 'nist-800-190': ['4.5.4'] },
  relatedControls: {
    'aws-fsbp': ['EC2.18', 'EC2.19'],
    'aws-security-hub': ['EC2.13', 'EC2.14', 'EC2.53', 'EC2.54'],
  },
  evaluate: ({ configuration, securityGroups }) =>
    worstOf(
      [
        whenKnown(configuration, (declared) => judgeRemoteAccess(declared?.remoteAccess)),
        whenKnown(securityGroups, judgeSecurityGroups),
      ],
      passed(),
    ),
});

/** A key without source security groups makes EKS open the port to 0.0.0.0/0. */
function judgeRemoteAccess(
  remoteAccess: NonNullable<Extract<Nodegroup['configuration'], { known: true }>['value']>['remoteAccess'],
): Verdict {
  if (remoteAccess?.ec2SshKey === undefined || remoteAccess.sourceSecurityGroups.length > 0) return passed();
  return failed('remote access is open to the whole internet', [
    { path: 'remoteAccess.sourceSecurityGroups', observed: [], expected: 'the security groups that need access' },
  ]);
}

function judgeSecurityGroups(groups: readonly SecurityGroup[]): Verdict {
  const evidence = ADMINISTRATION_PORTS.flatMap((port): Evidence[] => {
    const rules = groups.flatMap(({ id, ingress }) =>
      ingress.filter((rule) => admits(rule, port)).map(({ cidrs }) => ({ id, cidrs })),
    );
    // All groups of a node add up.
    const cidrs = [...new Set(rules.flatMap((rule) => rule.cidrs))].sort();
    if (!coversEverything(cidrs)) return [];
    const ids = [...new Set(rules.map(({ id }) => id))].sort();
    return [{ path: `securityGroups[${ids.join(',')}].ingress[${port}]`, observed: cidrs, expected: [] }];
  });
  return evidence.length === 0 ? passed() : failed('a security group opens SSH or RDP to the whole internet', evidence);
}

function admits({ protocol, fromPort, toPort }: SecurityGroup['ingress'][number], port: number): boolean {
  if (protocol === '-1') return true;
  if (protocol !== 'tcp' && protocol !== '6') return false;
  return (fromPort ?? 0) <= port && port <= (toPort ?? 65_535);
}
