import type {
  AdmissionPolicy,
  KubernetesCluster,
  KubernetesIngress,
  KubernetesNamespace,
  KubernetesNetworkPolicy,
  KubernetesRoleBinding,
  KubernetesService,
  KubernetesServiceAccountSummary,
  KubernetesWorkload,
  NetworkWorkload,
  PodVariant,
  RbacRule,
} from '#shared/collectors/kubernetes/model.ts';
import type { NetworkPolicy } from '#shared/domain/network-policy.ts';
import { known } from '#shared/domain/observed.ts';
import type { PodContainer, PodSpec } from '#shared/domain/pod-spec.ts';
import { ACCOUNT, REGION, resourceBase } from './resource.ts';

export const CLUSTER = 'harbour';
export const CLUSTER_ARN = `arn:aws:eks:${REGION}:${ACCOUNT}:cluster/${CLUSTER}`;
export const NAMESPACE = 'shop';

/** A container that follows every practice. */
export function podContainer(change: Partial<PodContainer> = {}): PodContainer {
  return {
    list: 'containers',
    path: 'spec.containers[0]',
    name: 'app',
    image: `${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com/shop:v1.2.3`,
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { add: [], drop: ['ALL'] },
    },
    ports: [{ containerPort: 8080, protocol: 'TCP', name: 'http' }],
    env: [],
    envFrom: [],
    volumeMounts: [{ name: 'tmp', mountPath: '/tmp', readOnly: false }],
    volumeDevices: [],
    resources: { requests: { cpu: '250m', memory: '256Mi' }, limits: { cpu: '500m', memory: '512Mi' } },
    probes: [
      { field: 'livenessProbe', kind: 'httpGet' },
      { field: 'readinessProbe', kind: 'httpGet' },
    ],
    lifecycle: [],
    words: [],
    awsSigns: [],
    ...change,
  };
}

/** A pod that follows every practice. */
export function podSpec(change: Partial<PodSpec> = {}): PodSpec {
  return {
    path: 'spec',
    serviceAccountName: 'shop',
    automountServiceAccountToken: false,
    nodeSelector: {},
    securityContext: {
      runAsNonRoot: true,
      runAsUser: 1000,
      runAsGroup: 1000,
      fsGroup: 1000,
      seccompProfile: { type: 'RuntimeDefault' },
    },
    containers: [podContainer()],
    volumes: [
      {
        name: 'tmp',
        path: 'spec.volumes[0]',
        sources: ['emptyDir'],
        emptyDir: { medium: 'Memory', sizeLimit: '64Mi' },
        tokens: [],
      },
    ],
    imagePullSecrets: [],
    ...change,
  };
}

export function podVariant(change: Partial<PodVariant> = {}): PodVariant {
  return {
    metadata: { labels: { app: 'shop' }, annotations: {} },
    spec: podSpec(),
    runsOn: known(['ec2']),
    ...change,
  };
}

export function serviceAccountSummary(
  change: Partial<KubernetesServiceAccountSummary> = {},
): KubernetesServiceAccountSummary {
  return { name: 'shop', podIdentityRoleArn: known(null), rbac: known({ bindings: [] }), ...change };
}

/** A Deployment whose pods follow every practice. */
export function kubernetesWorkload(change: Partial<KubernetesWorkload> = {}): KubernetesWorkload {
  return {
    ...resourceBase('KubernetesWorkload', `${CLUSTER_ARN}/${NAMESPACE}/Deployment/shop`, 'shop'),
    cluster: CLUSTER,
    namespace: NAMESPACE,
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    source: 'pods',
    variants: [podVariant()],
    isStatic: false,
    policyVersion: known('1.33'),
    serviceAccount: known(serviceAccountSummary()),
    imdsReachable: known(false),
    namespaceStated: true,
    ...change,
  };
}

/** The same Deployment with another pod. */
export function workloadOf(spec: Partial<PodSpec>, change: Partial<KubernetesWorkload> = {}): KubernetesWorkload {
  return kubernetesWorkload({ variants: [podVariant({ spec: podSpec(spec) })], ...change });
}

/** The same Deployment with another container. */
export function workloadWith(container: Partial<PodContainer>): KubernetesWorkload {
  return workloadOf({ containers: [podContainer(container)] });
}

/** A policy that isolates all pods of the namespace in both directions and lets only named peers and ports through. */
export function networkPolicy(change: Partial<NetworkPolicy> = {}): NetworkPolicy {
  const frontend = { podSelector: { matchLabels: { app: 'frontend' }, matchExpressions: [] } };
  const everyNamespace = { namespaceSelector: { matchLabels: {}, matchExpressions: [] } };
  return {
    name: 'shop',
    namespace: NAMESPACE,
    podSelector: { matchLabels: {}, matchExpressions: [] },
    policyTypes: ['Ingress', 'Egress'],
    ingress: [{ peers: [frontend], ports: [{ protocol: 'TCP', port: 8080 }] }],
    egress: [
      {
        peers: [everyNamespace],
        ports: [
          { protocol: 'UDP', port: 53 },
          { protocol: 'TCP', port: 53 },
        ],
      },
    ],
    ...change,
  };
}

export function networkWorkload(change: Partial<NetworkWorkload> = {}): NetworkWorkload {
  return {
    kind: 'Deployment',
    name: 'shop',
    pods: [
      {
        labels: { app: 'shop' },
        ports: [{ name: 'http', port: 8080, protocol: 'TCP' }],
        hostNetwork: false,
        runsOn: known(['ec2']),
      },
    ],
    imdsReachable: known(false),
    ...change,
  };
}

/** A namespace that is enforced, bounded and isolated. */
export function kubernetesNamespace(change: Partial<KubernetesNamespace> = {}): KubernetesNamespace {
  return {
    ...resourceBase('KubernetesNamespace', `${CLUSTER_ARN}/${NAMESPACE}`, NAMESPACE),
    cluster: CLUSTER,
    namespace: NAMESPACE,
    labels: known({ 'kubernetes.io/metadata.name': NAMESPACE }),
    podSecurity: known({ enforce: 'restricted' }),
    terminating: false,
    workloads: known([networkWorkload()]),
    allPodsPassBaseline: known(true),
    networkPolicies: known([networkPolicy()]),
    otherPolicies: known([]),
    enforcement: known({ engines: [{ name: 'vpc-cni', seenAs: 'add-on vpc-cni' }] }),
    clusterNamespaces: known({ [NAMESPACE]: { 'kubernetes.io/metadata.name': NAMESPACE } }),
    resourceQuotas: known(['quota']),
    limitRanges: known(['limits']),
    unreadPolicyEngines: known([]),
    ...change,
  };
}

/** A policy that isolates the namespace's one workload. */
export function kubernetesNetworkPolicy(change: Partial<KubernetesNetworkPolicy> = {}): KubernetesNetworkPolicy {
  return {
    ...resourceBase('KubernetesNetworkPolicy', `${CLUSTER_ARN}/${NAMESPACE}/NetworkPolicy/shop`, 'shop'),
    cluster: CLUSTER,
    namespace: NAMESPACE,
    policy: networkPolicy(),
    selects: known(['Deployment/shop']),
    ...change,
  };
}

/** A service inside the cluster. */
export function kubernetesService(change: Partial<KubernetesService> = {}): KubernetesService {
  return {
    ...resourceBase('KubernetesService', `${CLUSTER_ARN}/${NAMESPACE}/Service/shop`, 'shop'),
    cluster: CLUSTER,
    namespace: NAMESPACE,
    serviceType: 'ClusterIP',
    loadBalancerSourceRanges: [],
    nodePorts: [],
    annotations: {},
    ports: [{ name: 'http', port: 80, protocol: 'TCP' }],
    ...change,
  };
}

/** A public ingress of the AWS Load Balancer Controller with a certificate. */
export function kubernetesIngress(change: Partial<KubernetesIngress> = {}): KubernetesIngress {
  return {
    ...resourceBase('KubernetesIngress', `${CLUSTER_ARN}/${NAMESPACE}/Ingress/shop`, 'shop'),
    cluster: CLUSTER,
    namespace: NAMESPACE,
    ingressClassName: 'alb',
    tlsHosts: [],
    hosts: ['shop.example.com'],
    annotations: {
      'alb.ingress.kubernetes.io/scheme': 'internet-facing',
      'alb.ingress.kubernetes.io/certificate-arn': `arn:aws:acm:${REGION}:${ACCOUNT}:certificate/1`,
    },
    classDefaults: known({ controller: 'ingress.k8s.aws/alb' }),
    ...change,
  };
}

/** A cluster with a policy that verifies images and refuses what is not verified. */
export function kubernetesCluster(change: Partial<KubernetesCluster> = {}): KubernetesCluster {
  return {
    ...resourceBase('KubernetesCluster', CLUSTER_ARN, CLUSTER),
    cluster: CLUSTER,
    version: '1.34',
    admissionPolicies: known([admissionPolicy()]),
    accountsWithRole: known([`${NAMESPACE}/shop`]),
    oidcProvider: known({
      arn: `arn:aws:iam::${ACCOUNT}:oidc-provider/oidc.eks.${REGION}.amazonaws.com/id/EXAMPLE`,
      clientIds: known(['sts.amazonaws.com']),
    }),
    ...change,
  };
}

export function admissionPolicy(change: Partial<AdmissionPolicy> = {}): AdmissionPolicy {
  return {
    kind: 'ValidatingAdmissionPolicy',
    name: 'own-registries',
    enforces: known(true),
    verifiesImages: known(true),
    source: 'admissionregistration.k8s.io/v1',
    ...change,
  };
}

export function rbacRule(change: Partial<RbacRule> = {}): RbacRule {
  return {
    apiGroups: [''],
    resources: ['configmaps'],
    resourceNames: [],
    verbs: ['get'],
    nonResourceURLs: [],
    ...change,
  };
}

/** A ClusterRoleBinding that lets one service account read configuration. */
export function kubernetesRoleBinding(change: Partial<KubernetesRoleBinding> = {}): KubernetesRoleBinding {
  return {
    ...resourceBase('KubernetesRoleBinding', `${CLUSTER_ARN}/ClusterRoleBinding/shop`, 'shop'),
    cluster: CLUSTER,
    kind: 'ClusterRoleBinding',
    roleKind: 'ClusterRole',
    roleName: 'configuration-reader',
    subjects: [{ kind: 'ServiceAccount', namespace: NAMESPACE, name: 'shop' }],
    rules: known([rbacRule()]),
    isBootstrap: false,
    ...change,
  };
}

/** The same binding with other rules. */
export function bindingOf(...rules: readonly Partial<RbacRule>[]): KubernetesRoleBinding {
  return kubernetesRoleBinding({ rules: known(rules.map(rbacRule)) });
}
