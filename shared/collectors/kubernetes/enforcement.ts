import { known, mapObserved, type Observed } from '../../domain/observed.ts';
import type { Controller } from './controllers.ts';
import type { NetworkPolicyEnforcement } from './model.ts';
import { objectAt } from './pod-identity.ts';
import type { ClusterSnapshot } from './snapshot.ts';

type Engine = NetworkPolicyEnforcement['engines'][number];

/** DaemonSets of engines that enforce NetworkPolicy objects on every node, whatever namespace they live in. */
const ENGINES: Readonly<Record<string, string>> = {
  'antrea-agent': 'antrea',
  'calico-node': 'calico',
  cilium: 'cilium',
  'kube-router': 'kube-router',
};

const POLICY_ENDPOINTS = 'policyendpoints.networking.k8s.aws';

/**
 * What makes NetworkPolicy objects take effect in a cluster (T80). The agent of the VPC CNI shows it in its arguments,
 * whether an add-on or a chart set them; Auto Mode in a ConfigMap. A PolicyEndpoint is only made by a controller that
 * works.
 *
 * @returns known and empty only where everything was looked through
 * @see https://docs.aws.amazon.com/eks/latest/userguide/cni-network-policy.html
 * @see https://docs.aws.amazon.com/eks/latest/userguide/auto-net-pol.html
 */
export function enginesOf(snapshot: ClusterSnapshot, autoMode: boolean): Observed<readonly Engine[]> {
  const { daemonSets, vpcCni, custom } = snapshot;
  const engines: Engine[] = [];
  if (daemonSets.known) {
    for (const daemonSet of daemonSets.value) {
      const name = engineOf(daemonSet);
      if (name !== undefined) engines.push({ name, seenAs: `${daemonSet.namespace}/daemonsets/${daemonSet.name}` });
    }
  }
  const data = vpcCni.known ? objectAt(vpcCni.value ?? {}, 'data') : {};
  if (String(data['enable-network-policy-controller']).toLowerCase() === 'true' && autoMode) {
    engines.push({ name: 'auto-mode', seenAs: 'kube-system/configmaps/amazon-vpc-cni' });
  }
  const endpoints = custom.get(POLICY_ENDPOINTS);
  if (engines.length === 0 && endpoints?.known && endpoints.value.length > 0) {
    engines.push({ name: autoMode ? 'auto-mode' : 'vpc-cni', seenAs: POLICY_ENDPOINTS });
  }
  if (engines.length > 0) return known(engines.sort((left, right) => (left.seenAs < right.seenAs ? -1 : 1)));
  if (!daemonSets.known) return daemonSets;
  return mapObserved(vpcCni, () => []);
}

function engineOf({ namespace, name, raw }: Controller): string | undefined {
  if (name === 'aws-node' && namespace === 'kube-system') {
    return wordsOf(raw).some((word) => word === '--enable-network-policy=true') ? 'vpc-cni' : undefined;
  }
  return Object.hasOwn(ENGINES, name) ? ENGINES[name] : undefined;
}

function wordsOf(raw: Controller['raw']): readonly unknown[] {
  const { containers } = objectAt(objectAt(objectAt(raw ?? {}, 'spec'), 'template'), 'spec');
  return (Array.isArray(containers) ? containers : []).flatMap(
    (container: { args?: unknown; command?: unknown } | null) => [container?.command, container?.args].flat(),
  );
}
