import type { FrameworkRequirement } from '../../domain/framework.ts';

export const ecs: readonly FrameworkRequirement[] = [
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
    title: 'Containers run as a user other than root or the administrator',
    checks: ['ecs-task-user-nonroot', 'ecs-task-windows-user-nonadmin'],
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
    id: 'ecs/privileges',
    title: 'Containers are not privileged and gain no privileges',
    checks: ['ecs-task-not-privileged', 'ecs-task-no-new-privileges', 'ecs-task-no-dangerous-capabilities'],
  },
  {
    id: 'ecs/host',
    title: 'Tasks keep out of their host',
    checks: [
      'ecs-task-no-host-namespaces',
      'ecs-task-no-host-mounts',
      'ecs-task-no-container-socket',
      'ecs-instance-imds-restricted',
    ],
  },
  {
    id: 'ecs/reachable',
    title: 'Tasks have no public address, and their groups admit only who must reach them',
    checks: ['ecs-service-no-public-ip', 'ecs-taskset-no-public-ip', 'ecs-service-security-group-restricted'],
  },
  {
    id: 'ecs/volumes',
    title: 'EFS volumes are encrypted in transit and mounted with the role of the task',
    checks: ['ecs-task-efs-encrypted-in-transit', 'ecs-task-efs-iam-authorized'],
  },
  {
    id: 'ecs/encryption',
    title: 'Traffic between services and storage of tasks are encrypted with keys of the customer',
    checks: ['ecs-service-connect-encrypted', 'ecs-cluster-storage-customer-key'],
  },
  {
    id: 'ecs/exec',
    title: 'Nobody opens a shell in containers unnoticed',
    checks: ['ecs-service-exec-off', 'ecs-cluster-exec-logged-encrypted'],
  },
  {
    id: 'ecs/deployed',
    title: 'What runs is what was deployed',
    checks: ['ecs-service-tasks-current', 'ecs-service-images-resolved', 'ecs-service-revision-active'],
  },
  {
    id: 'ecs/platform',
    title: 'Platform versions, agents and instances are current',
    checks: ['ecs-service-platform-current', 'ecs-cluster-agents-current', 'ecs-instance-ami-current'],
  },
  {
    id: 'ecs/insights',
    title: 'Clusters are watched with Container Insights',
    checks: ['ecs-cluster-container-insights-enabled'],
  },
  {
    id: 'ecs/capacity',
    title: 'Instances with tasks are not taken away',
    checks: ['ecs-capacity-provider-managed-termination'],
  },
  { id: 'ecs/faults', title: 'Tasks accept no injected faults', checks: ['ecs-task-fault-injection-off'] },
];
