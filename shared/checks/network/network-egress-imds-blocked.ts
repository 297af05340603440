import { defineCheck } from '../../domain/check.ts';
import { failed, notApplicable, passed, unknownBecause, type Verdict, whenKnown } from '../../domain/verdict.ts';
import { type BoundPod, judgeWorkloads, settleOthers, unlessUnbound } from './judge-workloads.ts';
import { admitsMetadataService } from './metadata-service.ts';

/** What the node's hop limit does not stop, a policy must. */
export const networkEgressImdsBlocked = defineCheck({
  id: 'network-egress-imds-blocked',
  title: "Kubernetes pods should not reach their node's metadata service",
  resourceType: 'KubernetesNamespace',
  baseSeverity: 'HIGH',
  rationale:
    'Where neither the node nor a policy shuts pods out, whoever breaks into one fetches the credentials of the node from the metadata service and acts as the node.',
  limits:
    'Pods on the host network reach the metadata service whatever policies say: see workload-no-host-namespaces. Nodes that keep pods away themselves are judged by eks-node-imds-restricted.',
  remediation: {
    text: 'Set the hop limit of the nodes to 1 with IMDSv2 required; or isolate the pods for egress and except 169.254.169.254/32 and fd00:ec2::254/128 from every block that holds them.',
    url: 'https://docs.aws.amazon.com/eks/latest/best-practices/identity-and-access-management.html',
  },
  frameworks: { 'nist-800-190': ['4.4.2'] },
  evaluate: (namespace) => {
    const enforced = namespace.enforcement;
    const byObjects = judgeWorkloads(namespace, 'egress', (bound) => {
      if (bound.imdsReachable.known && !bound.imdsReachable.value) {
        return notApplicable('the nodes keep pods away from their metadata service');
      }
      return whenReachable(judgeRules(bound), bound);
    });
    const settled = settleOthers(byObjects, namespace, 'egress');
    if (settled.status !== 'PASSED') return settled;
    return whenKnown(enforced, ({ engines }) =>
      engines.length > 0
        ? unlessUnbound(settled, namespace, engines)
        : failed(REASON, [
            { path: 'networkPolicyEngine', observed: null, expected: 'an engine that enforces network policies' },
          ]),
    );
  },
});

const REASON = 'pods can reach the metadata service of their node';

function judgeRules({ workload, rules }: BoundPod): Verdict {
  if (rules === undefined) {
    return failed(REASON, [
      {
        path: workload,
        observed: 'no network policy isolates its pods for egress',
        expected: 'a policy of type Egress',
      },
    ]);
  }
  const open = rules.filter(({ rule }) => admitsMetadataService(rule));
  if (open.length === 0) return passed();
  return failed(
    REASON,
    open.map(({ path }) => ({
      path: `${workload}: ${path}`,
      observed: 'lets 169.254.169.254 or fd00:ec2::254 be called',
      expected: 'a block that excepts them',
    })),
  );
}

/** A failure counts only where the node lets pods through. */
function whenReachable(verdict: Verdict, { imdsReachable }: BoundPod): Verdict {
  return verdict.status === 'FAILED' && !imdsReachable.known
    ? unknownBecause(imdsReachable.reason, verdict.evidence)
    : verdict;
}
