import { known, mapObserved, type Observed, undecidable } from '../../domain/observed.ts';
import type { Controller } from './controllers.ts';
import type { NetworkPolicyEnforcement } from './model.ts';
import { objectAt } from './pod-identity.ts';
import type { ClusterSnapshot } from './snapshot.ts';

type Engine = NetworkPolicyEnforcement['engines'][number];

/** DaemonSets of engines that enforce NetworkPolicy objects on every node, and the namespaces they are installed in. */
const ENGINES: Readonly<Record<string, { readonly engine: string; readonly namespaces: readonly string[] }>> = {
  'antrea-agent': { engine: 'antrea', namespaces: ['kube-system'] },
  'calico-node': { engine: 'calico', namespaces: ['calico-system', 'kube-system'] },
  cilium: { engine: 'cilium', namespaces: ['cilium', 'cilium-system', 'kube-system'] },
  'kube-router': { engine: 'kube-router', namespaces: ['kube-system'] },
};

/**
 * What makes NetworkPolicy objects take effect in a cluster (T80). The agent of the VPC CNI shows it in its arguments,
 * whether an add-on or a chart set them; Auto Mode in a ConfigMap. PolicyEndpoints prove nothing: they stay behind when
 * both are switched off again.
 *
 * @returns known and empty only where everything was looked through, and nobody bears the name of an engine in a
 *   namespace where anybody may have put it
 * @see https://docs.aws.amazon.com/eks/latest/userguide/cni-network-policy.html
 * @see https://docs.aws.amazon.com/eks/latest/userguide/auto-net-pol.html
 */
export function enginesOf({ daemonSets, vpcCni }: EngineSigns, autoMode: boolean): Observed<readonly Engine[]> {
  const engines: Engine[] = [];
  let stranger = false;
  for (const daemonSet of daemonSets.known ? daemonSets.value : []) {
    const { namespace, name } = daemonSet;
    const seenAs = `${namespace}/daemonsets/${name}`;
    if (namespace === 'kube-system' && name === 'aws-node') {
      if (isAgentOn(daemonSet.raw)) engines.push({ name: 'vpc-cni', seenAs });
      continue;
    }
    const found = Object.hasOwn(ENGINES, name) ? ENGINES[name] : undefined;
    if (found?.namespaces.includes(namespace)) engines.push({ name: found.engine, seenAs });
    else if (found !== undefined) stranger = true;
  }
  const data = vpcCni.known ? objectAt(vpcCni.value ?? {}, 'data') : {};
  if (String(data['enable-network-policy-controller']).toLowerCase() === 'true' && autoMode) {
    engines.push({ name: 'auto-mode', seenAs: 'kube-system/configmaps/amazon-vpc-cni' });
  }
  if (engines.length > 0) return known(engines.sort((left, right) => (left.seenAs < right.seenAs ? -1 : 1)));
  if (!daemonSets.known) return daemonSets;
  if (stranger)
    return undecidable('A DaemonSet bears the name of a policy engine outside of where engines are installed.');
  return mapObserved(vpcCni, () => []);
}

type EngineSigns = Pick<ClusterSnapshot, 'daemonSets' | 'vpcCni'>;

function isAgentOn(raw: Controller['raw']): boolean {
  return wordsOf(raw).some((word) => word === '--enable-network-policy=true');
}

function wordsOf(raw: Controller['raw']): readonly unknown[] {
  const { containers } = objectAt(objectAt(objectAt(raw ?? {}, 'spec'), 'template'), 'spec');
  return (Array.isArray(containers) ? containers : []).flatMap(
    (container: { args?: unknown; command?: unknown } | null) => [container?.command, container?.args].flat(),
  );
}
