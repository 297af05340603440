import type { FrameworkRequirement } from '../../domain/framework.ts';

/** Control planes and nodes, and what runs on them. */
export const eks: readonly FrameworkRequirement[] = [
  {
    id: 'clusters/endpoint',
    title: 'The API endpoint admits only who needs it',
    checks: ['eks-cluster-endpoint-restricted'],
    related: ['eks-cluster-endpoint-private'],
  },
  {
    id: 'clusters/access',
    title: 'Access is given by access entries, to few administrators, from known providers',
    checks: ['eks-cluster-access-entries-used', 'eks-cluster-admins-bounded', 'eks-cluster-identity-providers-known'],
  },
  {
    id: 'clusters/logs',
    title: 'Control planes deliver their logs, and audit logs are kept',
    checks: ['eks-cluster-logging-enabled', 'eks-cluster-audit-logs-retained'],
  },
  {
    id: 'clusters/secrets-key',
    title: 'Kubernetes secrets are encrypted with a key of the customer',
    checks: ['eks-cluster-secrets-customer-key'],
  },
  {
    id: 'clusters/version',
    title: 'Clusters and nodes run a Kubernetes version that is supported',
    checks: [
      'eks-cluster-version-supported',
      'eks-cluster-version-standard-support',
      'eks-nodegroup-version-supported',
    ],
  },
  {
    id: 'clusters/health',
    title: 'Add-ons are healthy, and what EKS advises is done',
    checks: ['eks-cluster-addons-healthy', 'eks-cluster-insights-clean'],
  },
  {
    id: 'clusters/deletion',
    title: 'Clusters are protected from deletion',
    checks: ['eks-cluster-deletion-protection'],
  },
  {
    id: 'clusters/nodes',
    title: 'Nodes are private, and nobody logs in from the internet',
    checks: ['eks-nodegroup-private', 'eks-nodegroup-no-open-ssh'],
  },
  {
    id: 'clusters/node-images',
    title: 'Machine images of nodes are supported and recent',
    checks: ['eks-nodegroup-ami-supported', 'eks-nodegroup-release-current'],
  },
  {
    id: 'clusters/admission',
    title: 'Admission refuses what breaks the rules',
    checks: ['cluster-admission-policy-present'],
    related: ['cluster-admission-images-verified'],
  },
  {
    id: 'pods/service-account',
    title: 'Pods have a service account of their own and mount its token only where they need it',
    checks: ['workload-service-account-dedicated', 'workload-token-not-mounted'],
  },
  {
    id: 'pods/non-root',
    title: 'Pods run as a user and group other than root',
    checks: ['workload-run-as-nonroot', 'workload-run-as-group-nonroot'],
  },
  { id: 'pods/seccomp', title: 'Pods are confined by seccomp', checks: ['workload-seccomp-confined'] },
  {
    id: 'pods/confined',
    title: 'No privilege escalation, a read-only root file system, no capabilities',
    checks: ['workload-no-privilege-escalation', 'workload-root-filesystem-readonly', 'workload-capabilities-dropped'],
    related: ['workload-no-dangerous-capabilities'],
  },
  {
    id: 'pods/bounds',
    title: 'Pods have requests and limits',
    checks: ['workload-resources-requested', 'workload-resources-limited'],
    related: ['namespace-resources-bounded'],
  },
  {
    id: 'pods/scratch',
    title: 'Writable paths are volumes of limited size',
    checks: ['workload-scratch-volumes-limited'],
  },
  {
    id: 'pods/standards',
    title: 'The Pod Security Standards hold, and namespaces enforce them',
    checks: ['workload-pss-baseline', 'workload-pss-restricted', 'namespace-pss-enforced'],
  },
  {
    id: 'pods/privileges',
    title: 'Pods are not privileged and add no dangerous capabilities',
    checks: ['workload-not-privileged', 'workload-no-dangerous-capabilities'],
  },
  {
    id: 'pods/host',
    title: 'Pods keep out of their node',
    checks: [
      'workload-no-host-namespaces',
      'workload-no-host-paths',
      'workload-no-host-ports',
      'workload-no-container-socket',
    ],
  },
  {
    id: 'pods/image',
    title: 'Images are pinned and come from a registry that is trusted',
    checks: ['workload-image-pinned', 'workload-image-trusted-registry'],
  },
  {
    id: 'pods/secrets',
    title: 'Secrets are no plain text and no environment variables',
    checks: ['workload-no-plaintext-secrets', 'workload-secrets-not-in-env'],
  },
  {
    id: 'pods/namespaces',
    title: 'Nothing runs in the default namespace, and namespaces are bounded',
    checks: ['workload-not-in-default-namespace', 'namespace-resources-bounded'],
  },
  { id: 'pods/probes', title: 'Containers have probes', checks: ['workload-probes-present'] },
];
