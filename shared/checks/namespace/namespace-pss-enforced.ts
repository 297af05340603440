import { defineCheck } from '../../domain/check.ts';
import type { ResourceByType } from '../../domain/resource.ts';
import {
  type Evidence,
  failed,
  type LoweredSeverity,
  passed,
  unknownBecause,
  type Verdict,
  whenKnown,
} from '../../domain/verdict.ts';
import { unlessOfApplications } from './system-namespaces.ts';

type Namespace = ResourceByType['KubernetesNamespace'];
type Labels = Extract<Namespace['podSecurity'], { known: true }>['value'];

const ENFORCE = 'metadata.labels[pod-security.kubernetes.io/enforce]';
const ENFORCE_VERSION = 'metadata.labels[pod-security.kubernetes.io/enforce-version]';
const LEVELS = ['baseline', 'restricted'];

/** Only `enforce` refuses pods; EKS offers no setting of the cluster in its place. */
export const namespacePssEnforced = defineCheck({
  id: 'namespace-pss-enforced',
  title: 'Kubernetes namespaces should enforce a Pod Security Standard',
  resourceType: 'KubernetesNamespace',
  baseSeverity: 'MEDIUM',
  rationale:
    'Nothing else built into EKS refuses a privileged pod: without the label whoever may create pods in the namespace may take over its nodes.',
  limits:
    'Enforcing does not touch pods that run already; workload-pss-baseline judges them. Policy engines count only where their policies can be read; where one is seen and cannot, a missing label proves nothing.',
  remediation: {
    text: 'Label the namespace with pod-security.kubernetes.io/enforce: baseline, or restricted where its pods meet it; warn and audit with the next level show beforehand what would be refused.',
    url: 'https://kubernetes.io/docs/concepts/security/pod-security-admission/',
  },
  frameworks: { 'nist-800-190': ['4.4.3'] },
  relatedControls: { 'cis-eks-1.8.0': ['4.2.1', '4.2.2', '4.2.3', '4.2.4', '4.2.5'] },
  evaluate: (namespace) =>
    unlessOfApplications(namespace) ?? whenKnown(namespace.podSecurity, (labels) => judgeLabels(labels, namespace)),
});

function judgeLabels(labels: Labels, namespace: Namespace): Verdict {
  const { enforce, enforceVersion } = labels;
  const evidence = [{ path: ENFORCE, observed: enforce ?? null, expected: LEVELS }];
  if (enforce !== undefined && enforce !== 'privileged') {
    const pinned = enforceVersion !== undefined && enforceVersion !== 'latest';
    const version = { path: ENFORCE_VERSION, observed: enforceVersion ?? null, expected: 'latest' };
    const seen = pinned ? [...evidence, version] : evidence;
    if (LEVELS.includes(enforce)) return pinned ? passed('an older version is enforced', seen) : passed();
    return passed('the level is invalid, which admission takes for restricted', seen);
  }
  return judgeUnlabelled(namespace, [...evidence, ...reporting(labels)]);
}

function judgeUnlabelled(namespace: Namespace, evidence: readonly Evidence[]): Verdict {
  const { workloads, unreadPolicyEngines } = namespace;
  if (!unreadPolicyEngines.known) return unknownBecause(unreadPolicyEngines.reason, evidence);
  if (unreadPolicyEngines.value.length > 0)
    return unknownBecause(
      { kind: 'undecidable', message: 'A policy engine is installed and its policies were not read.' },
      [...evidence, { path: 'policyEngines', observed: [...unreadPolicyEngines.value], expected: 'policies read' }],
    );
  return whenKnown(workloads, () => failed('no Pod Security Standard is enforced', evidence, lowering(namespace)));
}

/** What only tells and refuses nothing. */
function reporting({ warn, audit }: Labels): readonly Evidence[] {
  return Object.entries({ warn, audit }).flatMap(([mode, level]) =>
    level === undefined
      ? []
      : [{ path: `metadata.labels[pod-security.kubernetes.io/${mode}]`, observed: level, expected: 'refuses nothing' }],
  );
}

function lowering({ allPodsPassBaseline }: Namespace): LoweredSeverity | undefined {
  if (!allPodsPassBaseline.known || !allPodsPassBaseline.value) return undefined;
  return { severity: 'LOW', because: 'every pod meets the baseline already' };
}
