import { onEvents, type Touched, type Trigger, textAt } from '../../domain/trigger.ts';

/** What the fragment in `infra/kubernetes` sends for a line of a cluster's audit log. */
export const AUDIT_SOURCE = 'hullcheck.kubernetes';
export const AUDIT_DETAIL_TYPE = 'Kubernetes Audit Event';

/** Kinds of workloads by the name that audit events give their resource. */
const WORKLOADS: Readonly<Record<string, string>> = {
  cronjobs: 'CronJob',
  daemonsets: 'DaemonSet',
  deployments: 'Deployment',
  jobs: 'Job',
  pods: 'Pod',
  statefulsets: 'StatefulSet',
};

/**
 * A line of an audit log is a signal and nothing more: it says which namespace to read again. What it holds of an object
 * may be cut short, and admission may have changed it since.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/control-plane-logs.html
 */
export const kubernetesTriggers: readonly Trigger[] = [
  onEvents(AUDIT_SOURCE, [AUDIT_DETAIL_TYPE], ({ accountId, region, detail }): readonly Touched[] => {
    const [cluster, resource] = [textAt(detail, 'cluster'), textAt(detail, 'resource')];
    if (cluster === undefined || resource === undefined) return [];
    const place = { service: 'kubernetes', accountId, region };
    const [namespace, name] = [textAt(detail, 'namespace'), textAt(detail, 'name')];
    // What is of the whole cluster concerns everything in it.
    if (namespace === undefined || name === undefined) return [place];
    const kind = WORKLOADS[resource];
    if (kind !== undefined) {
      const named = `${namespace}/${kind}/${name}`;
      return [{ ...place, resource: { type: 'KubernetesWorkload', name: named, cluster } }];
    }
    if (resource === 'networkpolicies') {
      const named = `${namespace}/NetworkPolicy/${name}`;
      return [{ ...place, resource: { type: 'KubernetesNetworkPolicy', name: named, cluster } }];
    }
    return [];
  }),
];
