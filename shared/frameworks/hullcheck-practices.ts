import type { Framework } from '../domain/framework.ts';

/** The practices that Hullcheck exists to see on a live account, in seven areas. */
export const hullcheckPractices: Framework = {
  id: 'hullcheck-practices',
  name: 'Hullcheck practices',
  version: '1',
  sourceUrl: 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/security-tasks-containers.html',
  subset: 'The own list of Hullcheck; the source is the published guide that it is closest to.',
  requirements: [
    {
      id: 'images/base-version',
      title: 'Images are built on a version that is named, never on latest',
      byHand: 'Read the FROM lines of the Dockerfiles: a pushed image does not carry them.',
    },
    {
      id: 'images/non-root',
      title: 'Images run as a user other than root',
      checks: ['image-user-nonroot'],
    },
    {
      id: 'images/minimal',
      title: 'Images hold what runs and no build tools',
      checks: ['image-no-build-tools'],
    },
    {
      id: 'images/updated',
      title: 'Images have their security updates and are rebuilt regularly',
      checks: ['image-recently-built'],
    },
    {
      id: 'images/clean-layers',
      title: 'No keys, histories or environment files lie in any layer',
      checks: ['image-layers-clean'],
    },
    {
      id: 'images/exec-form',
      title: 'Commands are given in exec form',
      checks: ['image-command-exec-form'],
    },
    {
      id: 'images/scanned',
      title: 'Images are scanned, and what is critical does not reach production',
      checks: [
        'image-scanned',
        'image-no-critical-vulnerabilities',
        'ecr-repository-scanning-enabled',
        'inspector-ecr-enabled',
      ],
    },
    {
      id: 'ecr/immutable-tags',
      title: 'Tags in repositories cannot be moved',
      checks: ['ecr-repository-tags-immutable'],
    },
    {
      id: 'ecr/scan-on-push',
      title: 'Images are scanned when they are pushed',
      checks: ['ecr-repository-scanning-enabled'],
      related: ['ecr-registry-scanning-covers-all'],
    },
    {
      id: 'ecr/customer-key',
      title: 'Repositories are encrypted with a key of the customer',
      checks: ['ecr-repository-customer-key'],
    },
    {
      id: 'ecr/lifecycle',
      title: 'The number of images is bounded, and untagged ones expire',
      checks: ['ecr-repository-lifecycle-policy', 'ecr-repository-untagged-expire'],
      related: ['ecr-repository-lifecycle-spares-in-use'],
    },
    {
      id: 'ecr/gate',
      title: 'Images with critical vulnerabilities are not deployed',
      related: ['ecs-service-gate-attached', 'cluster-admission-images-verified'],
    },
    {
      id: 'ecs/network',
      title: 'Tasks have a network interface of their own',
      checks: ['ecs-task-network-awsvpc', 'ecs-task-no-host-network'],
    },
    { id: 'ecs/roles', title: 'Execution role and task role are separate', checks: ['ecs-task-roles-separate'] },
    {
      id: 'ecs/image',
      title: 'Images are pinned and come from a registry that is trusted',
      checks: ['ecs-task-image-pinned', 'ecs-task-image-trusted-registry'],
    },
    {
      id: 'ecs/read-only',
      title: 'Containers can only read their root file system',
      checks: ['ecs-task-root-filesystem-readonly'],
    },
    {
      id: 'ecs/non-root',
      title: 'Containers run as a user other than root',
      checks: ['ecs-task-user-nonroot'],
      related: ['ecs-task-windows-user-nonadmin'],
    },
    {
      id: 'ecs/capabilities',
      title: 'Containers drop all capabilities',
      checks: ['ecs-task-capabilities-dropped'],
      related: ['ecs-task-no-dangerous-capabilities'],
    },
    { id: 'ecs/init', title: 'Containers have an init process', checks: ['ecs-task-init-process-enabled'] },
    { id: 'ecs/logs', title: 'Containers deliver their logs', checks: ['ecs-task-logging-configured'] },
    {
      id: 'ecs/secrets',
      title: 'Secrets are given by reference, none in plain text',
      checks: ['ecs-task-no-plaintext-secrets'],
    },
    { id: 'ecs/health', title: 'Containers have a health check', checks: ['ecs-task-health-check-present'] },
    { id: 'ecs/bounds', title: 'CPU and memory are bounded', checks: ['ecs-task-resources-bounded'] },
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
      checks: [
        'workload-no-privilege-escalation',
        'workload-root-filesystem-readonly',
        'workload-capabilities-dropped',
      ],
    },
    {
      id: 'pods/bounds',
      title: 'Pods have requests and limits',
      checks: ['workload-resources-requested', 'workload-resources-limited'],
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
      id: 'network/isolated',
      title: 'Pods accept and open only the connections that are named',
      checks: [
        'network-ingress-isolated',
        'network-egress-isolated',
        'network-no-open-ingress',
        'network-no-open-egress',
        'network-rules-name-ports',
      ],
    },
    {
      id: 'network/dns',
      title: 'DNS stays reachable where egress is isolated',
      checks: ['network-egress-dns-allowed'],
    },
    {
      id: 'network/enforced',
      title: 'Something enforces the network policies',
      checks: ['eks-cluster-network-policy-enforced'],
    },
    {
      id: 'identity/provider',
      title: 'The cluster has an OIDC provider with the audience of STS',
      checks: ['identity-oidc-provider-present', 'identity-oidc-provider-audience'],
    },
    {
      id: 'identity/trust',
      title: 'Roles trust exactly the service accounts that use them',
      checks: ['identity-role-trust-subject', 'identity-role-trust-audience'],
    },
    {
      id: 'identity/minimal',
      title: 'Policies allow what is needed',
      checks: ['identity-role-not-admin', 'identity-role-no-privilege-escalation', 'identity-role-data-scoped'],
    },
    {
      id: 'identity/own-role',
      title: 'Pods do not use the role of the node, and it holds little',
      checks: ['identity-workload-own-role', 'identity-node-role-minimal', 'eks-node-imds-restricted'],
    },
    {
      id: 'guardduty/detector',
      title: 'GuardDuty is on in each region in use',
      checks: ['guardduty-detector-enabled'],
    },
    {
      id: 'guardduty/eks-runtime',
      title: 'EKS is watched at run time with an agent that GuardDuty manages',
      checks: ['guardduty-eks-runtime-enabled', 'guardduty-eks-agent-managed'],
    },
    {
      id: 'guardduty/beyond',
      title: 'ECS is watched at run time, audit logs are read, coverage is real',
      checks: [
        'guardduty-ecs-runtime-enabled',
        'guardduty-eks-audit-logs-enabled',
        'guardduty-malware-protection-enabled',
        'guardduty-coverage-healthy',
      ],
    },
  ],
};
