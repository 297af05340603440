import { known } from '#shared/domain/observed.ts';
import type { ResourceByType, ResourceType } from '#shared/domain/resource.ts';
import { otherDockerfiles } from '#test/factories/dockerfile.ts';
import {
  creationTemplate,
  imageSummary,
  KEEP_LAST,
  lifecycle,
  policy,
  registry,
  repository,
} from '#test/factories/ecr.ts';
import { container, revision, serviceUse, suspiciousText, taskDefinitionFamily } from '#test/factories/ecs.ts';
import {
  containerInstance,
  ecsCluster,
  ecsClusterWithoutInstances,
  ecsService,
  metadataOptions,
  runningTask,
} from '#test/factories/ecs-services.ts';
import {
  accessEntry,
  eksCluster,
  node,
  securityGroup as nodeFirewall,
  nodegroup,
  ami as nodeImage,
  selfManagedNodes,
} from '#test/factories/eks.ts';
import {
  clusterCoverage,
  detectorWith,
  feature,
  featureOff,
  guardDutyDetector,
  settings,
  workloads,
} from '#test/factories/guardduty.ts';
import {
  admissionPolicy,
  kubernetesCluster,
  kubernetesNamespace,
  kubernetesWorkload,
  podContainer,
  podSpec,
  podVariant,
  workloadOf,
} from '#test/factories/kubernetes.ts';

/** A task definition on instances that breaks what a container on Fargate cannot break. */
function recklessFamily() {
  const app = container({
    privileged: true,
    user: 'root',
    readonlyRootFilesystem: false,
    capabilitiesAdd: ['SYS_ADMIN'],
    capabilitiesDrop: [],
    dockerSecurityOptions: [],
    image: 'nginx:latest',
    mountPoints: [
      { sourceVolume: 'host', containerPath: '/host' },
      { sourceVolume: 'socket', containerPath: '/var/run/docker.sock' },
      { sourceVolume: 'efs', containerPath: '/data' },
    ],
  });
  const definition = revision({
    networkMode: 'host',
    pidMode: 'host',
    ipcMode: 'host',
    requiresCompatibilities: ['EC2'],
    enableFaultInjection: true,
    operatingSystemFamily: 'LINUX',
    volumes: [
      { name: 'host', kind: 'host', hostSourcePath: '/etc' },
      { name: 'socket', kind: 'host', hostSourcePath: '/var/run/docker.sock' },
      { name: 'efs', kind: 'efs', efs: { fileSystemId: 'fs-1', transitEncryption: 'DISABLED', iam: 'DISABLED' } },
    ],
    containers: [app, container({ name: 'sidecar' })],
  });
  return taskDefinitionFamily(definition, [serviceUse({ launchTypes: ['EC2'] })]);
}

/** A workload that breaks every rule of pods that it can. */
function recklessWorkload() {
  const { securityContext: _, ...rest } = podContainer();
  const reckless = podContainer({
    ...rest,
    image: 'nginx:latest',
    securityContext: {
      privileged: true,
      runAsUser: 0,
      procMount: 'Unmasked',
      capabilities: { add: ['ALL'], drop: [] },
    },
    ports: [{ containerPort: 80, hostPort: 80, protocol: 'TCP' }],
    env: [
      { name: 'TOKEN', value: suspiciousText('github') },
      { name: 'PASSWORD', from: 'secretKeyRef', object: 'database' },
    ],
    envFrom: [{ from: 'secretRef', object: 'database' }],
    volumeMounts: [{ name: 'host', mountPath: '/host', readOnly: true }],
    resources: { requests: {}, limits: {} },
    probes: [{ field: 'livenessProbe', kind: 'tcpSocket', host: '10.0.0.1' }],
  });
  const { serviceAccountName: _name, automountServiceAccountToken: _token, ...spec } = podSpec();
  return kubernetesWorkload({
    namespace: 'default',
    variants: [
      podVariant(),
      podVariant({
        metadata: {
          labels: {},
          annotations: { 'container.apparmor.security.beta.kubernetes.io/app': 'unconfined' },
        },
        spec: {
          ...spec,
          hostPID: true,
          hostUsers: false,
          securityContext: { fsGroup: 0, sysctls: [{ name: 'kernel.msgmax', value: '1' }] },
          containers: [reckless, podContainer({ ...rest, list: 'initContainers', path: 'spec.initContainers[0]' })],
          volumes: [
            { name: 'host', path: 'spec.volumes[0]', sources: ['hostPath'], hostPath: { path: '/run' }, tokens: [] },
            { name: 'scratch', path: 'spec.volumes[1]', sources: ['emptyDir'], emptyDir: {}, tokens: [] },
          ],
        },
      }),
    ],
  });
}

/** Root in a user namespace of its own, which only new versions know. */
function mappedRoot() {
  return workloadOf({ hostUsers: false, securityContext: { runAsUser: 0, runAsGroup: 1000 } });
}

/** A family that nothing runs. */
function unusedFamily() {
  return taskDefinitionFamily(revision(), []);
}

function windowsFamily() {
  return taskDefinitionFamily(revision({ operatingSystemFamily: 'WINDOWS_SERVER_2022_CORE' }));
}

/**
 * Resources that follow not every practice, or none: more bases for the contract tests to vary, because what a check
 * does with an unknown depends on what the rest of the resource says.
 */
export const otherResources = {
  AwsEcrRepository: [
    () => repository({ images: known(imageSummary({ running: [] })), deployedTags: [], inUse: 'no', usedBy: [] }),
    () =>
      repository({
        tagMutability: 'MUTABLE',
        encryptionType: 'AES256',
        keyManager: known(null),
        scanning: known({ frequency: 'MANUAL', appliedFilters: [] }),
        lifecyclePolicy: known(null),
        policy: policy({ Effect: 'Allow', Principal: '*', Action: 'ecr:*' }),
      }),
    () => repository({ tagMutability: 'MUTABLE_WITH_EXCLUSION', lifecyclePolicy: lifecycle(KEEP_LAST(1)) }),
  ],
  AwsEcsCluster: [
    () => ecsClusterWithoutInstances(),
    () =>
      ecsCluster({
        containerInstances: known([
          containerInstance({ attributes: [], agentConnected: false, agentVersion: '1.50.0' }),
        ]),
        instanceMetadata: known([metadataOptions({ httpTokens: 'optional', hopLimit: 2 })]),
      }),
  ],
  AwsEcsService: [
    () => ecsService({ runningTasks: known([]), lifecycleHooks: [], hasLoadBalancer: false }),
    () => ecsService({ launchTypes: ['EC2'], networkMode: 'bridge', subnetIds: [], enableExecuteCommand: true }),
    () => ecsService({ runningTasks: known([runningTask({ taskDefinitionArn: revision({ revision: 6 }).arn })]) }),
  ],
  AwsEcsTaskDefinition: [recklessFamily, unusedFamily, windowsFamily],
  AwsEksCluster: [
    () =>
      eksCluster({
        endpointPublicAccess: true,
        publicAccessCidrs: ['0.0.0.0/0'],
        version: '1.30',
        enabledLogTypes: [],
        encryption: [],
        authenticationMode: 'CONFIG_MAP',
        deletionProtection: false,
        addons: known([]),
        accessEntries: known([accessEntry('user/alice')]),
      }),
    () => eksCluster({ autoMode: true, nodegroups: known([]), addons: known([]) }),
    () =>
      eksCluster({
        nodegroups: known([]),
        fargateProfiles: known([
          { name: 'default', details: known({ status: 'ACTIVE', subnetIds: [], selectors: [] }) },
        ]),
      }),
  ],
  AwsEksNodegroup: [
    () => selfManagedNodes(),
    () => nodegroup({ nodes: known([]) }),
    () =>
      nodegroup({
        nodes: known([
          node({ hasPublicIp: true, metadataOptions: { httpEndpoint: 'enabled', httpTokens: 'optional' } }),
        ]),
        amis: known([nodeImage({ createdAt: '2025-01-01T00:00:00.000Z', deprecatedAt: '2026-01-01T00:00:00.000Z' })]),
        securityGroups: known([nodeFirewall([{ protocol: 'tcp', fromPort: 22, toPort: 22, cidrs: ['0.0.0.0/0'] }])]),
      }),
  ],
  AwsGuardDutyDetector: [
    () => guardDutyDetector({ detector: known(null) }),
    () => guardDutyDetector({ detector: known(settings({ status: 'DISABLED' })) }),
    () => detectorWith(featureOff('RUNTIME_MONITORING'), feature('EKS_RUNTIME_MONITORING', ['EKS_ADDON_MANAGEMENT'])),
    () =>
      guardDutyDetector({
        organization: known(null),
        workloads: workloads({
          ecsOnFargate: known(false),
          eksClusters: known(false),
          eksNodes: known(false),
          onEc2: known(false),
        }),
      }),
  ],
  Dockerfile: otherDockerfiles,
  ClusterRuntimeCoverage: [() => clusterCoverage({ coverage: known(null) })],
  KubernetesCluster: [
    () => kubernetesCluster({ admissionPolicies: known([]) }),
    () =>
      kubernetesCluster({
        admissionPolicies: known([
          admissionPolicy({ enforces: known(false) }),
          admissionPolicy({ kind: 'MutatingWebhook', name: 'sidecars', verifiesImages: known(false) }),
        ]),
      }),
  ],
  KubernetesNamespace: [
    () => kubernetesNamespace({ podSecurity: known({}), networkPolicies: known([]), resourceQuotas: known([]) }),
    () => kubernetesNamespace({ podSecurity: known({ enforce: 'privileged', warn: 'restricted', audit: 'baseline' }) }),
    () => kubernetesNamespace({ podSecurity: known({}), workloads: known([]) }),
  ],
  KubernetesWorkload: [
    recklessWorkload,
    mappedRoot,
    () => workloadOf({ nodeSelector: { 'kubernetes.io/os': 'windows' } }),
    () => workloadOf({ os: 'windows', containers: [] }),
    () => kubernetesWorkload({ isStatic: true, kind: 'Job', namespaceStated: false }),
  ],
  EcrRegistry: [
    () =>
      registry({
        policy: policy({ Effect: 'Allow', Principal: '*', Action: 'ecr:*' }),
        scanning: known({ scanType: 'BASIC', rules: [] }),
        signing: known([]),
        creationTemplates: known([creationTemplate({ tagMutability: 'MUTABLE', lifecyclePolicy: known(null) })]),
      }),
  ],
} satisfies Partial<{ [T in ResourceType]: readonly (() => ResourceByType[T])[] }>;
