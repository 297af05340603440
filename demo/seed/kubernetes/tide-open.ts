import type { KubernetesState } from '../../world/kubernetes-state.ts';
import { homeAccount, idOf, readRole } from '../tidewater.ts';
import { container, deployment, namespace, object, ownImage, podSpec } from './objects.ts';
import { readerObjects } from './reader.ts';
import { autoNode, ec2Node, systemObjects } from './system.ts';

const openNodes = ['ip-10-20-101-21.ec2.internal', 'ip-10-20-101-22.ec2.internal'];
const rbac = 'rbac.authorization.k8s.io/v1';

/** The cluster that is wide open: everybody who gets in is an administrator, and nothing keeps pods apart. */
export function insideTideOpen(scannerArn: string): KubernetesState {
  const { image } = ownImage('tidewater/pos-gateway', 'v4.4.2');
  const web = container('web', image, {
    imagePullPolicy: 'Always',
    env: [
      { name: 'AWS_REGION', value: 'us-east-1' },
      { name: 'DB_PASSWORD', value: 'tidewater-2019-summer' },
    ],
    securityContext: undefined,
    resources: {},
    livenessProbe: undefined,
    readinessProbe: undefined,
    volumeMounts: [],
  });
  return {
    customGroups: [],
    objects: [
      ...openNodes.map((name, index) => ec2Node(name, `i-${idOf(`instance tide-open-spot-${index + 1}`)}`, 'spot')),
      ...systemObjects(openNodes),
      ...readerObjects(),
      object('v1', 'ConfigMap', 'aws-auth', { namespace: 'kube-system', data: awsAuth(scannerArn) }),
      ...deployment({
        namespace: 'default',
        name: 'web',
        nodes: openNodes,
        spec: podSpec([web], { automountServiceAccountToken: undefined, securityContext: {}, volumes: [] }),
      }),
      object('v1', 'Service', 'web', {
        namespace: 'default',
        spec: {
          type: 'LoadBalancer',
          selector: { app: 'web' },
          ports: [{ port: 80, nodePort: 31080, protocol: 'TCP' }],
        },
      }),
      object(rbac, 'ClusterRoleBinding', 'everybody-helps', {
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
        subjects: [
          { kind: 'Group', apiGroup: 'rbac.authorization.k8s.io', name: 'contractors' },
          { kind: 'ServiceAccount', name: 'default', namespace: 'default' },
        ],
      }),
    ],
  };
}

/** The cluster that EKS Auto Mode looks after: its network policies are switched on by a ConfigMap. */
export function insideTideAuto(): KubernetesState {
  const nodes = ['i-0a70000000000a001'];
  const { image } = ownImage('tidewater/orders-api', 'v8.0.0');
  return {
    customGroups: ['eks.amazonaws.com', 'networking.k8s.aws'],
    objects: [
      ...nodes.map(autoNode),
      ...systemObjects([]),
      ...readerObjects(),
      object('v1', 'ConfigMap', 'amazon-vpc-cni', {
        namespace: 'kube-system',
        data: { 'enable-network-policy-controller': 'true' },
      }),
      ...namespace('orders', { 'pod-security.kubernetes.io/enforce': 'baseline' }),
      ...deployment({ namespace: 'orders', name: 'orders-api', nodes, spec: podSpec([container('api', image)]) }),
    ],
  };
}

/** A cluster that nobody has put anything into yet. */
export function insideEmptyCluster(): KubernetesState {
  return { customGroups: [], objects: [...systemObjects([]), ...readerObjects()] };
}

function awsAuth(scannerArn: string): Record<string, string> {
  const role = (name: string, groups: string[]) => ({
    rolearn: `arn:aws:iam::${homeAccount}:role/${name}`,
    username: name,
    groups,
  });
  return {
    mapRoles: JSON.stringify([
      role('tide-open-node', ['system:bootstrappers', 'system:nodes']),
      role('contractor', ['contractors']),
      role(readRole, ['hullcheck']),
    ]),
    mapUsers: JSON.stringify([{ userarn: scannerArn, username: 'scanner', groups: ['hullcheck'] }]),
  };
}
