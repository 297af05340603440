import type { KubernetesState } from '../../world/kubernetes-state.ts';
import { idOf } from '../tidewater.ts';
import {
  container,
  daemonSet,
  deployment,
  namespace,
  object,
  ownerOf,
  ownImage,
  pod,
  podSpec,
  serviceAccount,
  statefulSet,
} from './objects.ts';
import { readerObjects } from './reader.ts';
import { applied, ec2Node, fargateNode, systemObjects } from './system.ts';

const nodes = ['ip-10-20-1-17.ec2.internal', 'ip-10-20-1-18.ec2.internal'];
const fargate = 'fargate-ip-10-20-2-9.ec2.internal';
const restricted = {
  'pod-security.kubernetes.io/enforce': 'restricted',
  'pod-security.kubernetes.io/enforce-version': 'v1.35',
};

/** The hardened cluster: its shop follows every practice; a corner of old things does not. */
export function insideTideProd(): KubernetesState {
  return {
    customGroups: ['networking.k8s.aws'],
    objects: [
      ...nodes.map((name, index) => ec2Node(name, `i-${idOf(`instance tide-prod-general-${index + 1}`)}`, 'general')),
      fargateNode(fargate),
      ...systemObjects(nodes, true),
      ...readerObjects(),
      ...production(),
      ...batch(),
      ...legacy(),
    ],
  };
}

function production() {
  const place = 'production';
  const { image } = ownImage('tidewater/secure-app', 'v1.2.3');
  const account = { serviceAccountName: 'app-service-account' };
  return [
    ...namespace(place, restricted),
    ...applied(policies),
    serviceAccount(place, 'app-service-account', { automountServiceAccountToken: false }),
    ...deployment({ namespace: place, name: 'storefront', nodes, spec: podSpec([container('app', image)], account) }),
    ...statefulSet({
      namespace: place,
      name: 'ledger',
      nodes,
      replicas: 2,
      spec: podSpec(
        [
          container('app', image, {
            env: [{ name: 'DB_PASSWORD', valueFrom: { secretKeyRef: { name: 'ledger', key: 'password' } } }],
          }),
        ],
        account,
      ),
    }),
    object('v1', 'Service', 'storefront', {
      namespace: place,
      spec: {
        type: 'ClusterIP',
        selector: { app: 'storefront' },
        ports: [{ name: 'http', port: 80, protocol: 'TCP' }],
      },
    }),
    object('networking.k8s.aws/v1alpha1', 'PolicyEndpoint', 'default-deny-x7k2p', {
      namespace: place,
      spec: { policyRef: { name: 'default-deny', namespace: place } },
    }),
  ];
}

/** A CronJob with the run of last night, which is over, and one that is under way on Fargate. */
function batch() {
  const place = 'batch';
  const { image } = ownImage('tidewater/orders-api', 'v8.0.0');
  const labels = { app: 'nightly-report' };
  const spec = podSpec([container('report', image, { livenessProbe: undefined, readinessProbe: undefined })], {
    restartPolicy: 'Never',
  });
  const template = { metadata: { labels }, spec };
  const cronJob = object('batch/v1', 'CronJob', 'nightly-report', {
    namespace: place,
    spec: { schedule: '0 3 * * *', jobTemplate: { spec: { template } } },
  });
  const run = (suffix: string, phase: string) => {
    const job = object('batch/v1', 'Job', `nightly-report-${suffix}`, {
      namespace: place,
      ownerReferences: [ownerOf(cronJob)],
      spec: { template },
    });
    const name = `${job.metadata.name}-${idOf(suffix, 5)}`;
    const jobLabels = { ...labels, 'batch.kubernetes.io/job-name': job.metadata.name, 'job-name': job.metadata.name };
    const fargateLabels = { ...jobLabels, 'eks.amazonaws.com/fargate-profile': 'batch' };
    return [job, pod(name, { namespace: place, labels: fargateLabels, owner: job, spec, node: fargate, phase })];
  };
  return [...namespace(place), cronJob, ...run('29380140', 'Succeeded'), ...run('29381580', 'Running')];
}

/** What nobody dared to touch: no policies, root, the host's files, a shell that somebody forgot. */
function legacy() {
  const place = 'legacy';
  const tuner = container('tuner', 'docker.io/library/busybox:latest', {
    command: ['sh', '-c', 'sysctl -w vm.max_map_count=262144 && sleep infinity'],
    securityContext: { privileged: true },
    resources: {},
    livenessProbe: undefined,
    readinessProbe: undefined,
    volumeMounts: [{ name: 'root', mountPath: '/host' }],
  });
  const shell = { image: 'docker.io/library/alpine:3.20', name: 'shell', command: ['sleep', '86400'] };
  const printer = container('printer', 'mcr.microsoft.com/windows/servercore:ltsc2022', {
    securityContext: { allowPrivilegeEscalation: false },
  });
  return [
    ...namespace(place),
    ...daemonSet({
      namespace: place,
      name: 'node-tuner',
      nodes,
      spec: podSpec([tuner], {
        automountServiceAccountToken: undefined,
        securityContext: {},
        hostPID: true,
        volumes: [{ name: 'root', hostPath: { path: '/', type: '' } }],
      }),
    }),
    pod('debug-shell', {
      namespace: place,
      labels: { run: 'debug-shell' },
      spec: { serviceAccountName: 'default', containers: [shell] },
      node: nodes[0] ?? '',
    }),
    ...deployment({
      namespace: place,
      name: 'label-printer',
      nodes: [],
      replicas: 0,
      spec: podSpec([printer], {
        os: { name: 'windows' },
        nodeSelector: { 'kubernetes.io/os': 'windows' },
        securityContext: { windowsOptions: { runAsUserName: 'ContainerUser' } },
      }),
    }),
  ];
}

const policies = `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: default-deny, namespace: production }
spec:
  podSelector: {}
  policyTypes: [Ingress, Egress]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: allow-dns, namespace: production }
spec:
  podSelector: {}
  policyTypes: [Egress]
  egress:
    - to:
        - namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: kube-system } }
          podSelector: { matchLabels: { k8s-app: kube-dns } }
      ports: [{ protocol: UDP, port: 53 }, { protocol: TCP, port: 53 }]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: storefront-to-ledger, namespace: production }
spec:
  podSelector: { matchLabels: { app: ledger } }
  policyTypes: [Ingress]
  ingress:
    - from: [{ podSelector: { matchLabels: { app: storefront } } }]
      ports: [{ protocol: TCP, port: 8080 }]
---
apiVersion: v1
kind: ResourceQuota
metadata: { name: quota, namespace: production }
spec: { hard: { pods: "40" } }
---
apiVersion: v1
kind: LimitRange
metadata: { name: limits, namespace: production }
spec: { limits: [{ type: Container, default: { memory: 256Mi } }] }
`;
