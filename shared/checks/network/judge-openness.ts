import { holdsMostOfTheInternet } from '../../domain/cidr.ts';
import { admitsEverybody, type Direction, type EffectiveRule, isEveryPod } from '../../domain/network-isolation.ts';
import type { NetworkPolicyRule } from '../../domain/network-policy.ts';
import { type Evidence, failed, type LoweredSeverity, passed, type Verdict, worstOf } from '../../domain/verdict.ts';
import { type BoundPod, judgeWorkloads, type Namespace, NOT_ISOLATED, settleOthers } from './judge-workloads.ts';

/** How a rule that is open for too many is told of; undefined = it is fine as it is. */
export type Openness = 'everybody' | 'every pod';
export type JudgeRule = (
  openness: Openness,
  rule: NetworkPolicyRule,
  bound: BoundPod,
) => { readonly reason: string; readonly lowered?: LoweredSeverity } | undefined;

/** Judges the rules of the policies that isolate pods: whether one of them lets everybody through (T76, T77, T79). */
export function judgeOpenness(namespace: Namespace, direction: Direction, judgeRule: JudgeRule): Verdict {
  const byObjects = judgeWorkloads(namespace, direction, (bound) => {
    const { rules } = bound;
    if (rules === undefined) return NOT_ISOLATED;
    const verdicts = openRules(rules).flatMap(({ rule, openness }): Verdict[] => {
      const judged = judgeRule(openness, rule.rule, bound);
      return judged === undefined
        ? []
        : [failed(judged.reason, [evidenceOf(bound, rule, openness, direction)], judged.lowered)];
    });
    return worstOf(verdicts, passed());
  });
  return settleOthers(byObjects, namespace, direction);
}

function openRules(rules: readonly EffectiveRule[]): readonly { rule: EffectiveRule; openness: Openness }[] {
  const open = rules.flatMap((rule) => {
    const openness = opennessOf(rule.rule);
    return openness === undefined ? [] : [{ rule, openness }];
  });
  if (open.some(({ openness }) => openness === 'everybody')) return open;
  // Halves of the internet in two rules are the internet.
  const withBlocks = rules.filter(({ rule }) => blocksOf(rule).length > 0);
  return holdsMostOfTheInternet(withBlocks.flatMap(({ rule }) => blocksOf(rule)))
    ? [...open, ...withBlocks.map((rule) => ({ rule, openness: 'everybody' as const }))]
    : open;
}

function opennessOf(rule: NetworkPolicyRule): Openness | undefined {
  if (admitsEverybody(rule) || holdsMostOfTheInternet(blocksOf(rule))) return 'everybody';
  return rule.peers?.some(isEveryPod) ? 'every pod' : undefined;
}

function blocksOf({ peers = [] }: NetworkPolicyRule) {
  return peers.flatMap(({ ipBlock }) => ipBlock ?? []);
}

function evidenceOf(bound: BoundPod, rule: EffectiveRule, openness: Openness, direction: Direction): Evidence {
  const side = direction === 'ingress' ? 'from' : 'to';
  const blocks = blocksOf(rule.rule).map(({ cidr, except }) =>
    except.length === 0 ? cidr : `${cidr} except ${except.join(', ')}`,
  );
  const everybody = blocks.length > 0 ? `${side} ${blocks.join(', ')}` : `no "${side}": everybody`;
  return {
    path: `${bound.workload}: ${rule.path}`,
    observed: openness === 'everybody' ? everybody : `${side} every pod of the cluster`,
    expected: `"${side}" that names peers`,
  };
}

/** Whether a rule lets nothing but DNS through. */
export function isDnsOnly({ ports }: NetworkPolicyRule): boolean {
  return (
    ports !== undefined &&
    ports.length > 0 &&
    ports.every(({ port, endPort }) => port === DNS && (endPort ?? DNS) === DNS)
  );
}

const DNS = 53;
