import { defineCheck } from '../../domain/check.ts';
import { coversEverything } from '../../domain/cidr.ts';
import { type Evidence, failed, notApplicable, passed, unknownBecause, whenKnown } from '../../domain/verdict.ts';
import { hasOwnInterface, type Service } from './judge-services.ts';

type SecurityGroup = Extract<Service['securityGroups'], { known: true }>['value'][number];
type IpPermission = SecurityGroup['ingress'][number];

/** What the rules of a security group say for "every protocol". */
const ALL_PROTOCOLS = '-1';
/** Echo and path MTU discovery reach no program in a task, and AWS advises to let the latter in from everywhere. */
const CONTROL_PROTOCOLS = new Set(['icmp', 'icmpv6']);

/** A load balancer should be the only door: tasks take traffic from its security group, not from everywhere. */
export const ecsServiceSecurityGroupRestricted = defineCheck({
  id: 'ecs-service-security-group-restricted',
  title: 'ECS services should not accept traffic from every address',
  resourceType: 'AwsEcsService',
  baseSeverity: 'HIGH',
  rationale:
    'Tasks whose security groups accept every source can be reached past the load balancer, its TLS, its firewall and its logs, by whatever gets into their network.',
  limits:
    'Judges address ranges only: prefix lists and peer security groups are not followed, ICMP is not counted. Tasks in bridge or host mode use the security groups of their instance, which are not judged here.',
  remediation: {
    text: 'Replace the rules for 0.0.0.0/0 and ::/0 by rules that name the security group of the load balancer or of the callers, and the port of the application.',
    url: 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/security-network.html',
  },
  frameworks: { 'nist-800-190': ['4.3.3'] },
  relatedControls: { 'aws-fsbp': ['EC2.18', 'EC2.19'] },
  evaluate: (service) => {
    if (!hasOwnInterface(service)) return notApplicable('the service does not use the awsvpc network mode');
    return whenKnown(service.securityGroups, (groups) => {
      if (groups.length === 0) {
        return unknownBecause({
          kind: 'undecidable',
          message: 'The service names no security group, so its tasks use the default one of the VPC.',
        });
      }
      const open = openPermissions(groups);
      return open.length === 0 ? passed() : failed('a security group accepts traffic from every address', open);
    });
  },
});

/**
 * The rules through which every address reaches one same port, as evidence. All rules of all groups of a task add up,
 * so the halves of the address space may stand in different rules and groups.
 */
function openPermissions(groups: readonly SecurityGroup[]): readonly Evidence[] {
  const rules = groups.flatMap((group) =>
    group.ingress
      .filter(({ protocol, cidrs }) => !CONTROL_PROTOCOLS.has(protocol) && cidrs.length > 0)
      .map((permission) => ({ group, permission })),
  );
  // Ranges of ports that have a port in common have the first port of one of them in common.
  const open = rules.filter(({ permission }) => {
    const reaching = rules.filter((other) => reaches(other.permission, permission.protocol, permission.fromPort));
    return coversEverything(reaching.flatMap((other) => other.permission.cidrs));
  });
  const alone = open.filter(({ permission }) => coversEverything(permission.cidrs));
  return (alone.length > 0 ? alone : open).map(({ group, permission }) => ({
    path: `securityGroups[${group.id}].ipPermissions[${nameOf(permission)}]`,
    observed: [...permission.cidrs].sort(),
    expected: 'the addresses or security groups of the callers',
  }));
}

function reaches(permission: IpPermission, protocol: string, port: number | undefined): boolean {
  if (permission.protocol === ALL_PROTOCOLS) return true;
  if (permission.protocol !== protocol) return false;
  const { fromPort, toPort } = permission;
  if (fromPort === undefined || toPort === undefined || fromPort === -1) return true;
  return port !== undefined && fromPort <= port && port <= toPort;
}

function nameOf({ protocol, fromPort, toPort }: IpPermission): string {
  if (protocol === ALL_PROTOCOLS) return 'all';
  if (fromPort === undefined) return protocol;
  return fromPort === toPort ? `${protocol}/${fromPort}` : `${protocol}/${fromPort}-${toPort}`;
}
