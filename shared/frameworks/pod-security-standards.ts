import type { Framework, FrameworkRequirement } from '../domain/framework.ts';

type Profile = 'baseline' | 'restricted';

/**
 * The controls of the Pod Security Standards, baseline and restricted. Kubernetes gives them names and no ids, so the
 * ids here are made of the profile and the name. Those without a check of their own are judged by the check on the
 * whole profile, of whose failures only those count that are about the control.
 *
 * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/
 */
export const podSecurityStandards: Framework = {
  id: 'pod-security-standards',
  name: 'Pod Security Standards',
  version: 'Kubernetes v1.37',
  sourceUrl: 'https://kubernetes.io/docs/concepts/security/pod-security-standards/',
  requirements: [
    {
      id: 'baseline',
      title: 'Pods keep to the baseline profile as a whole',
      checks: ['workload-pss-baseline'],
      related: ['namespace-pss-enforced'],
    },
    control('baseline', 'host-process', 'Windows pods do not run as host processes', '^\\S*hostProcess'),
    {
      id: 'baseline/host-namespaces',
      title: 'Pods share no namespace of the host',
      checks: ['workload-no-host-namespaces'],
    },
    { id: 'baseline/privileged', title: 'Containers are not privileged', checks: ['workload-not-privileged'] },
    control(
      'baseline',
      'capabilities',
      'Containers add no capability beyond the usual ones',
      '^\\S*\\.capabilities\\.',
      ['workload-no-dangerous-capabilities'],
    ),
    control('baseline', 'host-path-volumes', 'Pods mount no paths of the host', '^\\S*\\.hostPath ', [
      'workload-no-host-paths',
      'workload-no-container-socket',
    ]),
    control('baseline', 'host-ports', 'Containers take no ports of the host', '^\\S*\\.hostPort ', [
      'workload-no-host-ports',
    ]),
    control('baseline', 'host-probes', 'Probes and lifecycle hooks name no host (since v1.34)', '^\\S*\\.host '),
    control('baseline', 'apparmor', 'AppArmor is not switched off', '^\\S*[aA]pp[aA]rmor'),
    control('baseline', 'selinux', 'SELinux users and roles are not set', '^\\S*seLinuxOptions'),
    control('baseline', 'proc-mount', '/proc stays masked', '^\\S*procMount'),
    control('baseline', 'seccomp', 'Seccomp is not switched off', '^\\S*seccomp'),
    control('baseline', 'sysctls', 'Only safe kernel parameters are set', '^\\S*sysctls'),
    {
      id: 'restricted',
      title: 'Pods keep to the restricted profile as a whole',
      checks: ['workload-pss-restricted'],
      related: ['namespace-pss-enforced'],
    },
    control('restricted', 'volume-types', 'Pods use only volumes of harmless kinds', '^\\S*\\bvolumes\\['),
    {
      id: 'restricted/privilege-escalation',
      title: 'Containers cannot gain privileges',
      checks: ['workload-no-privilege-escalation'],
    },
    control('restricted', 'running-as-non-root', 'Containers must run as another user than root', '^\\S*runAsNonRoot', [
      'workload-run-as-nonroot',
    ]),
    control('restricted', 'running-as-non-root-user', 'No container names root as its user', '^\\S*runAsUser', [
      'workload-run-as-nonroot',
    ]),
    {
      id: 'restricted/seccomp',
      title: 'Containers are confined by a seccomp profile',
      checks: ['workload-seccomp-confined'],
    },
    control(
      'restricted',
      'capabilities',
      'Containers drop all capabilities and add back at most the binding of low ports',
      '^\\S*\\.capabilities\\.',
      ['workload-capabilities-dropped'],
    ),
    control('restricted', 'proc-mount', '/proc stays masked in user namespaces too (since v1.35)', '^\\S*procMount'),
  ],
};

/** A control that the check on the profile judges; its evidence names fields as Kubernetes does. */
function control(
  profile: Profile,
  name: string,
  title: string,
  evidence: string,
  related: readonly string[] = [],
): FrameworkRequirement {
  const check = `workload-pss-${profile}`;
  return { id: `${profile}/${name}`, title, checks: [check], related, parts: [{ check, evidence, exhaustive: true }] };
}
