import { type Direction, type EffectiveRule, effectiveRules } from '../../domain/network-isolation.ts';
import type { Observed } from '../../domain/observed.ts';
import type { ResourceByType } from '../../domain/resource.ts';
import { failed, notApplicable, unknownBecause, type Verdict, whenKnown, worstOf } from '../../domain/verdict.ts';

export type Namespace = ResourceByType['KubernetesNamespace'];
export type NamespaceWorkload = Extract<Namespace['workloads'], { known: true }>['value'][number];
export type WorkloadPod = NamespaceWorkload['pods'][number];

/** One kind of pod of a workload, with the rules that bind it. */
export interface BoundPod {
  /** `Deployment/api`. */
  readonly workload: string;
  readonly imdsReachable: Observed<boolean>;
  readonly pod: WorkloadPod;
  /** Undefined: nothing isolates it. Empty: isolated, and nothing is allowed. */
  readonly rules: readonly EffectiveRule[] | undefined;
}

/**
 * Judges the pods of all workloads of a namespace by the policies that bind them in one direction; the worst wins and
 * every workload that made it so is evidence. Pods on the host network and on Fargate are bound by no policy (T80).
 *
 * @param judgePod the verdict on one pod, by NetworkPolicy objects alone
 */
export function judgeWorkloads(
  { terminating, workloads, networkPolicies }: Namespace,
  direction: Direction,
  judgePod: (bound: BoundPod) => Verdict,
): Verdict {
  if (terminating) return notApplicable('the namespace is being deleted');
  return whenKnown(workloads, (all) => {
    if (all.length === 0) return notApplicable('nothing runs in the namespace');
    return whenKnown(networkPolicies, (policies) =>
      worstOf(
        all.flatMap(({ kind, name, pods, imdsReachable }) =>
          pods.map((pod) =>
            judgeBound(
              {
                workload: `${kind}/${name}`,
                imdsReachable,
                pod,
                rules: effectiveRules(policies, pod.labels, direction),
              },
              judgePod,
            ),
          ),
        ),
        notApplicable('nothing runs in the namespace'),
      ),
    );
  });
}

function judgeBound(bound: BoundPod, judgePod: (bound: BoundPod) => Verdict): Verdict {
  const { hostNetwork, runsOn } = bound.pod;
  if (hostNetwork) return notApplicable('policies do not bind pods on the host network');
  if (runsOn.known && runsOn.value.includes('fargate')) {
    return unknownBecause({
      kind: 'undecidable',
      message: 'Network policies have no effect on Fargate: the security groups of its pods decide.',
    });
  }
  const verdict = judgePod(bound);
  return verdict.status === 'PASSED' && !runsOn.known ? unknownBecause(runsOn.reason) : verdict;
}

/**
 * What policies of other kinds can change about a verdict by NetworkPolicy objects: one that denies may mend a failure,
 * one that allows may spoil a pass (T81).
 */
export function settleOthers(verdict: Verdict, { otherPolicies }: Namespace, direction: Direction): Verdict {
  const spoiler = { FAILED: 'deny', PASSED: 'allow' } as const;
  if (verdict.status !== 'FAILED' && verdict.status !== 'PASSED') return verdict;
  if (!otherPolicies.known) return unknownBecause(otherPolicies.reason, verdict.evidence);
  const kinds = otherPolicies.value.filter((other) =>
    other[direction].includes(spoiler[verdict.status as 'FAILED' | 'PASSED']),
  );
  if (kinds.length === 0) return verdict;
  const names = kinds.map(({ kind }) => kind).join(', ');
  return unknownBecause(
    { kind: 'undecidable', message: `Policies of other kinds may decide otherwise: ${names}.` },
    verdict.evidence,
  );
}

/**
 * Whether a pass holds where it counts: objects restrict nothing unless something enforces them (T80). That nothing does
 * is the finding of `eks-cluster-network-policy-enforced`; here it is only mentioned.
 */
export function settleEnforcement(verdict: Verdict, namespace: Namespace): Verdict {
  if (verdict.status !== 'PASSED') return verdict;
  return whenKnown(namespace.enforcement, ({ engines }) =>
    engines.length > 0
      ? unlessUnbound(verdict, namespace, engines)
      : failed(
          'nothing enforces the network policies',
          [{ path: 'networkPolicyEngine', observed: null, expected: 'an engine that enforces network policies' }],
          { severity: 'INFORMATIONAL', because: 'eks-cluster-network-policy-enforced reports the cause' },
        ),
  );
}

type Engines = Extract<Namespace['enforcement'], { known: true }>['value']['engines'];

/**
 * The kinds of nodes that an engine of AWS binds pods on: neither knows Windows, and hybrid nodes have a network of their
 * own. Engines that are not listed are installed by somebody who chose their nodes.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/cni-network-policy.html
 * @see https://docs.aws.amazon.com/eks/latest/userguide/hybrid-nodes-cni.html
 */
const BINDS_ON: Readonly<Record<string, string>> = { 'auto-mode': 'auto', 'vpc-cni': 'ec2' };

/** A pass, unless pods run where none of the engines binds them (T80). */
export function unlessUnbound(verdict: Verdict, { workloads }: Namespace, engines: Engines): Verdict {
  const isBound = (kind: string) =>
    kind === 'unscheduled' || engines.some(({ name }) => !Object.hasOwn(BINDS_ON, name) || BINDS_ON[name] === kind);
  const kinds = (workloads.known ? workloads.value : [])
    .flatMap(({ pods }) => pods.filter(({ hostNetwork }) => !hostNetwork))
    .flatMap(({ runsOn }) => (runsOn.known ? runsOn.value : []));
  if (kinds.every(isBound)) return verdict;
  return unknownBecause(
    {
      kind: 'undecidable',
      message: 'The engine that enforces network policies does not bind pods on nodes of every kind that runs them.',
    },
    verdict.evidence,
  );
}

/** The verdict on a pod that no policy isolates, for checks that are about the rules of policies. */
export const NOT_ISOLATED = notApplicable('no policy isolates the pods in this direction');
