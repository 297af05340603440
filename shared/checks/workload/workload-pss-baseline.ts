import { defineCheck } from '../../domain/check.ts';
import { judgeStandard } from './judge-standard.ts';

/** What the baseline forbids leads out of the container. Judged as admission does, in its version. */
export const workloadPssBaseline = defineCheck({
  id: 'workload-pss-baseline',
  title: 'Kubernetes workloads should meet the baseline Pod Security Standard',
  resourceType: 'KubernetesWorkload',
  baseSeverity: 'HIGH',
  rationale:
    'The baseline forbids what is known to lead out of a container: privileged mode, namespaces, paths and ports of the node, added capabilities, confinement switched off. A pod that breaks it needs no further flaw.',
  limits:
    'Judges as the Pod Security admission of Kubernetes does, in the version that the namespace or the cluster enforces. Severity is INFORMATIONAL where every control that is broken has a finding of its own.',
  remediation: {
    text: 'Change the fields that the evidence names to what the standard allows, and enforce the standard with a label on the namespace so that nothing else gets in.',
    url: 'https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline',
  },
  frameworks: { 'nist-800-190': ['4.4.3'] },
  evaluate: (workload, context) =>
    judgeStandard('baseline', workload, context, 'the pod breaks the baseline Pod Security Standard'),
});
