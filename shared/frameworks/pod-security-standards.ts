import type { Framework } from '../domain/framework.ts';

/**
 * The controls of the Pod Security Standards, baseline and restricted. Kubernetes gives them names and no ids, so the
 * ids here are made of the profile and the name.
 *
 * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/
 */
export const podSecurityStandards: Framework = {
  id: 'pod-security-standards',
  name: 'Pod Security Standards',
  version: '2026-11',
  sourceUrl: 'https://kubernetes.io/docs/concepts/security/pod-security-standards/',
  requirements: [
    {
      id: 'baseline',
      title: 'Pods keep to the baseline profile as a whole',
      checks: ['workload-pss-baseline'],
      related: ['namespace-pss-enforced'],
    },
    {
      id: 'baseline/host-process',
      title: 'Windows pods do not run as host processes',
      related: ['workload-pss-baseline'],
    },
    {
      id: 'baseline/host-namespaces',
      title: 'Pods share no namespace of the host',
      checks: ['workload-no-host-namespaces'],
    },
    { id: 'baseline/privileged', title: 'Containers are not privileged', checks: ['workload-not-privileged'] },
    {
      id: 'baseline/capabilities',
      title: 'Containers add no capability beyond the usual ones',
      related: ['workload-pss-baseline', 'workload-no-dangerous-capabilities'],
    },
    {
      id: 'baseline/host-path-volumes',
      title: 'Pods mount no paths of the host',
      related: ['workload-no-host-paths', 'workload-pss-baseline'],
    },
    { id: 'baseline/host-ports', title: 'Containers take no ports of the host', related: ['workload-no-host-ports'] },
    { id: 'baseline/apparmor', title: 'AppArmor is not switched off', related: ['workload-pss-baseline'] },
    { id: 'baseline/selinux', title: 'SELinux users and roles are not set', related: ['workload-pss-baseline'] },
    { id: 'baseline/proc-mount', title: '/proc stays masked', related: ['workload-pss-baseline'] },
    { id: 'baseline/seccomp', title: 'Seccomp is not switched off', related: ['workload-pss-baseline'] },
    { id: 'baseline/sysctls', title: 'Only safe kernel parameters are set', related: ['workload-pss-baseline'] },
    {
      id: 'restricted',
      title: 'Pods keep to the restricted profile as a whole',
      checks: ['workload-pss-restricted'],
      related: ['namespace-pss-enforced'],
    },
    {
      id: 'restricted/volume-types',
      title: 'Pods use only volumes of harmless kinds',
      related: ['workload-pss-restricted'],
    },
    {
      id: 'restricted/privilege-escalation',
      title: 'Containers cannot gain privileges',
      checks: ['workload-no-privilege-escalation'],
    },
    {
      id: 'restricted/running-as-non-root',
      title: 'Containers must run as another user than root',
      related: ['workload-run-as-nonroot', 'workload-pss-restricted'],
    },
    {
      id: 'restricted/running-as-non-root-user',
      title: 'No container names root as its user',
      related: ['workload-run-as-nonroot', 'workload-pss-restricted'],
    },
    {
      id: 'restricted/seccomp',
      title: 'Containers are confined by a seccomp profile',
      checks: ['workload-seccomp-confined'],
    },
    {
      id: 'restricted/capabilities',
      title: 'Containers drop all capabilities and add back at most the binding of low ports',
      related: ['workload-capabilities-dropped', 'workload-pss-restricted'],
    },
  ],
};
