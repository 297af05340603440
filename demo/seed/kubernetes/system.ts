import { parse } from 'yaml';
import type { KubernetesObject } from '../../world/kubernetes-state.ts';
import { container, daemonSet, deployment, namespace, object, podSpec, serviceAccount } from './objects.ts';

const registry = '602401143452.dkr.ecr.us-east-1.amazonaws.com';
const bootstrap = { labels: { 'kubernetes.io/bootstrapping': 'rbac-defaults' } };

/** A worker node of EC2, of a managed node group. */
export function ec2Node(name: string, instanceId: string, nodegroup: string): KubernetesObject {
  return object('v1', 'Node', name, {
    labels: { 'eks.amazonaws.com/nodegroup': nodegroup, 'kubernetes.io/os': 'linux' },
    spec: { providerID: `aws:///us-east-1a/${instanceId}` },
  });
}

/** A node that EKS looks after itself. */
export function autoNode(instanceId: string): KubernetesObject {
  return object('v1', 'Node', instanceId, {
    labels: { 'eks.amazonaws.com/compute-type': 'auto', 'kubernetes.io/os': 'linux' },
    spec: { providerID: `aws:///us-east-1b/${instanceId}` },
  });
}

/** The node that is one pod of Fargate. */
export function fargateNode(name: string): KubernetesObject {
  return object('v1', 'Node', name, {
    labels: { 'eks.amazonaws.com/compute-type': 'fargate', 'kubernetes.io/os': 'linux' },
    spec: { providerID: `aws:///us-east-1a/0123456789-${name}` },
  });
}

/** What is in every cluster before anybody has put anything into it. */
export function systemObjects(nodes: readonly string[], enforcesPolicies = false): KubernetesObject[] {
  return [
    ...namespace('default'),
    ...namespace('kube-system'),
    ...namespace('kube-public'),
    ...namespace('kube-node-lease'),
    ...bootstrapRoles(),
    // Auto Mode and Fargate bring their own.
    ...(nodes.length === 0 ? [] : [...networkOfNodes(nodes, enforcesPolicies), ...dns(nodes)]),
  ];
}

/** Objects of a manifest, as `kubectl apply` stores them. */
export function applied(manifest: string): KubernetesObject[] {
  return manifest
    .split(/^---$/m)
    .map((document) => parse(document))
    .filter((document) => document !== null)
    .map(({ apiVersion, kind, metadata, ...fields }) =>
      object(apiVersion, kind, metadata.name, { ...metadata, ...fields, name: undefined }),
    );
}

function bootstrapRoles(): KubernetesObject[] {
  const role = (name: string, rules: object[]) =>
    object('rbac.authorization.k8s.io/v1', 'ClusterRole', name, { ...bootstrap, rules });
  const binding = (name: string, roleName: string, group: string) =>
    object('rbac.authorization.k8s.io/v1', 'ClusterRoleBinding', name, {
      ...bootstrap,
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: roleName },
      subjects: [{ kind: 'Group', apiGroup: 'rbac.authorization.k8s.io', name: group }],
    });
  return [
    role('cluster-admin', [
      { apiGroups: ['*'], resources: ['*'], verbs: ['*'] },
      { nonResourceURLs: ['*'], verbs: ['*'] },
    ]),
    role('system:discovery', [{ nonResourceURLs: ['/api', '/api/*', '/apis', '/apis/*', '/version'], verbs: ['get'] }]),
    role('view', [{ apiGroups: [''], resources: ['pods', 'services'], verbs: ['get', 'list', 'watch'] }]),
    binding('cluster-admin', 'cluster-admin', 'system:masters'),
    binding('system:discovery', 'system:discovery', 'system:authenticated'),
  ];
}

/** The VPC CNI and kube-proxy, as the add-ons install them. */
function networkOfNodes(nodes: readonly string[], enforcesPolicies: boolean): KubernetesObject[] {
  const privileged = { privileged: true };
  const cni = container('aws-node', `${registry}/amazon-k8s-cni:v1.23.1`, {
    ports: [{ name: 'metrics', containerPort: 61678 }],
    securityContext: { capabilities: { add: ['NET_ADMIN', 'NET_RAW'] } },
    volumeMounts: [{ name: 'cni-bin-dir', mountPath: '/host/opt/cni/bin' }],
  });
  const agent = container('aws-eks-nodeagent', `${registry}/amazon/aws-network-policy-agent:v1.3.2`, {
    args: [`--enable-network-policy=${enforcesPolicies}`],
    ports: [],
    securityContext: privileged,
    volumeMounts: [{ name: 'cni-bin-dir', mountPath: '/host/opt/cni/bin' }],
  });
  const hostNetwork = { hostNetwork: true, automountServiceAccountToken: true, securityContext: {} };
  return [
    serviceAccount('kube-system', 'aws-node'),
    serviceAccount('kube-system', 'kube-proxy'),
    ...daemonSet({
      namespace: 'kube-system',
      name: 'aws-node',
      labels: { 'k8s-app': 'aws-node' },
      nodes,
      spec: podSpec([cni, agent], {
        ...hostNetwork,
        serviceAccountName: 'aws-node',
        volumes: [{ name: 'cni-bin-dir', hostPath: { path: '/opt/cni/bin' } }],
      }),
    }),
    ...daemonSet({
      namespace: 'kube-system',
      name: 'kube-proxy',
      labels: { 'k8s-app': 'kube-proxy' },
      nodes,
      spec: podSpec(
        [
          container('kube-proxy', `${registry}/eks/kube-proxy:v1.35.2-minimal-eksbuild.2`, {
            ports: [],
            securityContext: privileged,
            volumeMounts: [{ name: 'xtables-lock', mountPath: '/run/xtables.lock' }],
          }),
        ],
        {
          ...hostNetwork,
          serviceAccountName: 'kube-proxy',
          volumes: [{ name: 'xtables-lock', hostPath: { path: '/run/xtables.lock', type: 'FileOrCreate' } }],
        },
      ),
    }),
  ];
}

function dns(nodes: readonly string[]): KubernetesObject[] {
  const coredns = container('coredns', `${registry}/eks/coredns:v1.13.1-eksbuild.1`, {
    ports: [
      { name: 'dns', containerPort: 53, protocol: 'UDP' },
      { name: 'dns-tcp', containerPort: 53, protocol: 'TCP' },
    ],
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { add: ['NET_BIND_SERVICE'], drop: ['ALL'] },
    },
    volumeMounts: [],
  });
  return [
    serviceAccount('kube-system', 'coredns'),
    ...deployment({
      namespace: 'kube-system',
      name: 'coredns',
      labels: { 'k8s-app': 'kube-dns' },
      nodes,
      spec: podSpec([coredns], {
        serviceAccountName: 'coredns',
        automountServiceAccountToken: true,
        securityContext: {},
        volumes: [],
      }),
    }),
    object('v1', 'Service', 'kube-dns', {
      namespace: 'kube-system',
      spec: { type: 'ClusterIP', ports: [{ name: 'dns', port: 53, protocol: 'UDP' }] },
    }),
  ];
}
