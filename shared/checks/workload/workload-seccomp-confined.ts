import { defineCheck } from '../../domain/check.ts';
import { fieldPath, type PodContainer, type PodSpec } from '../../domain/pod-spec.ts';
import { failed, passed, unknownBecause, type Verdict } from '../../domain/verdict.ts';
import { judgeContainers, unlessOnLinux } from './judge-pods.ts';

const CONFINING = ['RuntimeDefault', 'Localhost'];

/** The profile that a container really has: its own, else the pod's. */
export const workloadSeccompConfined = defineCheck({
  id: 'workload-seccomp-confined',
  title: 'Kubernetes workloads should confine containers by a seccomp profile',
  resourceType: 'KubernetesWorkload',
  baseSeverity: 'MEDIUM',
  rationale:
    'Without a seccomp profile a container may make every system call of the kernel it shares with all others; most flaws in the kernel need calls that no application makes.',
  limits:
    'Kubelets can be told to confine what names no profile (seccompDefault); pods do not show that, and another node may not do it, so that a pod without a profile fails.',
  remediation: {
    text: 'Set seccompProfile.type to RuntimeDefault in the security context of the pod.',
    url: 'https://kubernetes.io/docs/tutorials/security/seccomp/',
  },
  frameworks: { 'nist-800-190': ['4.4.3'] },
  evaluate: (workload) =>
    judgeContainers(workload, (container, { spec }) => unlessOnLinux(spec, 'seccomp') ?? judgeProfile(container, spec)),
});

function judgeProfile({ path, securityContext: own }: PodContainer, spec: PodSpec): Verdict {
  const profile = own?.seccompProfile ?? spec.securityContext?.seccompProfile;
  const inherits = own?.seccompProfile === undefined && profile !== undefined;
  const field = 'securityContext.seccompProfile.type';
  const evidence = [
    {
      path: inherits ? fieldPath(spec, field) : `${path}.${field}`,
      observed: profile?.type ?? null,
      expected: CONFINING,
    },
  ];
  if (profile === undefined) return failed('no seccomp profile is set', evidence);
  if (CONFINING.includes(profile.type ?? '')) return passed();
  if (profile.type === 'Unconfined') return failed('seccomp is switched off', evidence);
  return unknownBecause({ kind: 'undecidable', message: 'The type of the seccomp profile is not known.' }, evidence);
}
