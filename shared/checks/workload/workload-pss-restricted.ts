import { defineCheck } from '../../domain/check.ts';
import { judgeStandard } from './judge-standard.ts';

/** What it asks for keeps a broken application a broken application. Judged as admission does, in its version. */
export const workloadPssRestricted = defineCheck({
  id: 'workload-pss-restricted',
  title: 'Kubernetes workloads should meet the restricted Pod Security Standard',
  resourceType: 'KubernetesWorkload',
  baseSeverity: 'MEDIUM',
  rationale:
    'The restricted standard asks for the hardening that turns a broken application into a broken container and no more: no root, no escalation, no capabilities, a seccomp profile. It includes the baseline.',
  limits:
    'Judges as the Pod Security admission of Kubernetes does, in the version that the namespace or the cluster enforces. Severity is INFORMATIONAL where every control that is broken has a finding of its own.',
  remediation: {
    text: 'Change the fields that the evidence names to what the standard allows, and enforce the standard with a label on the namespace so that nothing else gets in.',
    url: 'https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted',
  },
  frameworks: { 'nist-800-190': ['4.4.3'] },
  evaluate: (workload, context) =>
    judgeStandard('restricted', workload, context, 'the pod breaks the restricted Pod Security Standard'),
});
