import { defineCheck } from '../../domain/check.ts';
import { admitsEverybody, allowsEveryPort, type Direction, isolates } from '../../domain/network-isolation.ts';
import type { NetworkPolicy } from '../../domain/network-policy.ts';
import { type Evidence, failed, notApplicable, passed } from '../../domain/verdict.ts';

/** A peer that is named gets what it needs, and no port more. */
export const networkRulesNamePorts = defineCheck({
  id: 'network-rules-name-ports',
  title: 'Kubernetes network policies should name the ports they open',
  resourceType: 'KubernetesNetworkPolicy',
  baseSeverity: 'LOW',
  rationale:
    'A rule that names a peer but no port opens debug ports, administration interfaces and every port of a later sidecar to that peer as well.',
  limits: 'Rules that name no peer are the findings of network-no-open-ingress and network-no-open-egress.',
  remediation: {
    text: 'Give every rule of the policy a list of ports, with protocol and number or name.',
    url: 'https://kubernetes.io/docs/concepts/services-networking/network-policies/#networkpolicy-resource',
  },
  frameworks: {},
  evaluate: ({ policy }) => {
    const rules = [...rulesOf(policy, 'ingress'), ...rulesOf(policy, 'egress')];
    if (rules.length === 0) return notApplicable('the policy has no rule that names a peer');
    const open = rules.filter(({ everyPort }) => everyPort);
    if (open.length === 0) return passed();
    return failed(
      'a rule opens every port to its peers',
      open.map(({ path }): Evidence => ({ path, observed: 'every port', expected: 'ports by number or name' })),
    );
  },
});

/** The rules that have an effect and name a peer. */
function rulesOf(policy: NetworkPolicy, direction: Direction) {
  if (!isolates(policy, direction)) return [];
  return (policy[direction] ?? []).flatMap((rule, index) =>
    admitsEverybody(rule) ? [] : [{ path: `spec.${direction}[${index}].ports`, everyPort: allowsEveryPort(rule) }],
  );
}
