import type { KubernetesObject } from '../../world/kubernetes-state.ts';
import { releaseDigest } from '../images.ts';
import { homeAccount, idOf, imageUri, uuidOf } from '../tidewater.ts';

type Fields = Record<string, unknown>;

/** An object of the API, with the metadata that the API server adds to each. */
export function object(
  apiVersion: string,
  kind: string,
  name: string,
  more: { namespace?: string; labels?: Record<string, string>; annotations?: Record<string, string> } & Fields = {},
): KubernetesObject {
  const { namespace, labels, annotations, ownerReferences, ...fields } = more;
  return {
    apiVersion,
    kind,
    metadata: {
      name,
      ...(namespace === undefined ? {} : { namespace }),
      uid: uuidOf(`${kind} ${namespace ?? ''} ${name}`),
      resourceVersion: '4711',
      creationTimestamp: '2025-06-02T08:00:00Z',
      ...(labels === undefined ? {} : { labels }),
      ...(annotations === undefined ? {} : { annotations }),
      ...(ownerReferences === undefined ? {} : { ownerReferences: ownerReferences as [] }),
      managedFields: [
        { manager: 'argocd-controller', operation: 'Update', apiVersion, time: '2025-06-02T08:00:00Z', fieldsV1: {} },
      ],
    },
    ...fields,
  };
}

/** A namespace, with the labels of Pod Security admission where it has any. */
export function namespace(name: string, labels: Record<string, string> = {}): KubernetesObject[] {
  return [
    object('v1', 'Namespace', name, {
      labels: { 'kubernetes.io/metadata.name': name, ...labels },
      status: { phase: 'Active' },
    }),
    serviceAccount(name, 'default'),
  ];
}

export function serviceAccount(
  namespaceName: string,
  name: string,
  more: { annotations?: Record<string, string> } & Fields = {},
): KubernetesObject {
  return object('v1', 'ServiceAccount', name, { namespace: namespaceName, ...more });
}

/** A container that follows every practice. */
export function container(name: string, image: string, more: Fields = {}): Fields {
  return {
    name,
    image,
    imagePullPolicy: 'IfNotPresent',
    ports: [{ name: 'http', containerPort: 8080, protocol: 'TCP' }],
    env: [{ name: 'LOG_LEVEL', value: 'info' }],
    resources: { requests: { cpu: '100m', memory: '128Mi' }, limits: { cpu: '500m', memory: '256Mi' } },
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    },
    livenessProbe: { httpGet: { path: '/healthz', port: 8080 } },
    readinessProbe: { httpGet: { path: '/ready', port: 8080 } },
    volumeMounts: [{ name: 'tmp', mountPath: '/tmp' }],
    terminationMessagePath: '/dev/termination-log',
    ...more,
  };
}

/** A PodSpec that follows every practice. */
export function podSpec(containers: Fields[], more: Fields = {}): Fields {
  return {
    serviceAccountName: 'default',
    automountServiceAccountToken: false,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: 1000,
      runAsGroup: 1000,
      fsGroup: 1000,
      seccompProfile: { type: 'RuntimeDefault' },
    },
    containers,
    volumes: [{ name: 'tmp', emptyDir: { sizeLimit: '64Mi' } }],
    restartPolicy: 'Always',
    ...more,
  };
}

/** A release of the company's own, by the tag it was pushed with. */
export function ownImage(repository: string, tag: string): { image: string; imageID: string } {
  const image = imageUri(repository, tag);
  return { image, imageID: `${image.slice(0, image.lastIndexOf(':'))}@${releaseDigest(repository, tag)}` };
}

interface WorkloadSettings {
  namespace: string;
  name: string;
  labels?: Record<string, string>;
  spec: Fields;
  /** Pods that run. */
  replicas?: number;
  nodes: readonly string[];
}

/** A Deployment with its ReplicaSets and pods: the last one is scaled to nothing, as each rollout leaves it. */
export function deployment({ namespace: place, name, spec, replicas = 2, nodes, ...more }: WorkloadSettings) {
  const labels = more.labels ?? { app: name };
  const [hash, oldHash] = [idOf(`${place} ${name}`, 10), idOf(`${place} ${name} before`, 10)];
  const template = { metadata: { labels }, spec };
  const owner = object('apps/v1', 'Deployment', name, {
    namespace: place,
    labels,
    spec: { replicas, selector: { matchLabels: labels }, template },
    status: { replicas },
  });
  const replicaSet = (suffix: string, count: number) =>
    object('apps/v1', 'ReplicaSet', `${name}-${suffix}`, {
      namespace: place,
      labels: { ...labels, 'pod-template-hash': suffix },
      ownerReferences: [ownerOf(owner)],
      spec: { replicas: count, selector: { matchLabels: labels }, template },
      status: { replicas: count },
    });
  const current = replicaSet(hash, replicas);
  const pods = Array.from({ length: replicas }, (_, index) =>
    pod(`${current.metadata.name}-${idOf(`${name} ${index}`, 5)}`, {
      namespace: place,
      labels: { ...labels, 'pod-template-hash': hash },
      owner: current,
      spec,
      node: nodes[index % nodes.length] ?? '',
    }),
  );
  return [owner, current, replicaSet(oldHash, 0), ...pods];
}

/** A StatefulSet with its pods. */
export function statefulSet({ namespace: place, name, spec, replicas = 1, nodes, ...more }: WorkloadSettings) {
  const labels = more.labels ?? { app: name };
  const owner = object('apps/v1', 'StatefulSet', name, {
    namespace: place,
    labels,
    spec: { replicas, serviceName: name, selector: { matchLabels: labels }, template: { metadata: { labels }, spec } },
    status: { replicas },
  });
  const pods = Array.from({ length: replicas }, (_, index) =>
    pod(`${name}-${index}`, {
      namespace: place,
      labels: {
        ...labels,
        'statefulset.kubernetes.io/pod-name': `${name}-${index}`,
        'apps.kubernetes.io/pod-index': String(index),
        'controller-revision-hash': `${name}-${idOf(name, 9)}`,
      },
      owner,
      spec: {
        ...spec,
        hostname: `${name}-${index}`,
        volumes: [
          ...((spec.volumes ?? []) as Fields[]),
          { name: 'data', persistentVolumeClaim: { claimName: `data-${name}-${index}` } },
        ],
      },
      node: nodes[index % nodes.length] ?? '',
    }),
  );
  return [owner, ...pods];
}

/** A DaemonSet with a pod on each node. */
export function daemonSet({ namespace: place, name, spec, nodes, ...more }: WorkloadSettings) {
  const labels = more.labels ?? { app: name };
  const owner = object('apps/v1', 'DaemonSet', name, {
    namespace: place,
    labels,
    spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec } },
    status: { desiredNumberScheduled: nodes.length },
  });
  const pods = nodes.map((node) =>
    pod(`${name}-${idOf(`${name} ${node}`, 5)}`, {
      namespace: place,
      labels: { ...labels, 'controller-revision-hash': idOf(name, 10), 'pod-template-generation': '3' },
      owner,
      // The controller binds each pod to its node by an affinity of its own.
      spec: {
        ...spec,
        affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [node] } } },
      },
      node,
    }),
  );
  return [owner, ...pods];
}

interface PodSettings {
  namespace: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  owner?: KubernetesObject;
  spec: Fields;
  node: string;
  phase?: string;
}

/** A pod as admission and the kubelet leave it: with the token volume of its service account, a node and a status. */
export function pod(name: string, settings: PodSettings): KubernetesObject {
  const { namespace: place, labels, annotations, owner, spec, node, phase = 'Running' } = settings;
  const token = `kube-api-access-${idOf(`${place} ${name} token`, 5)}`;
  const hasToken = spec.automountServiceAccountToken !== false;
  const containers = (spec.containers as Fields[]).map((one) => ({
    ...one,
    ...(hasToken
      ? {
          volumeMounts: [
            ...((one.volumeMounts ?? []) as Fields[]),
            { name: token, readOnly: true, mountPath: '/var/run/secrets/kubernetes.io/serviceaccount' },
          ],
        }
      : {}),
  }));
  return object('v1', 'Pod', name, {
    namespace: place,
    ...(labels === undefined ? {} : { labels }),
    ...(annotations === undefined ? {} : { annotations }),
    ...(owner === undefined ? {} : { ownerReferences: [ownerOf(owner)] }),
    spec: {
      ...spec,
      containers,
      volumes: [...((spec.volumes ?? []) as Fields[]), ...(hasToken ? [tokenVolume(token)] : [])],
      nodeName: node,
      schedulerName: 'default-scheduler',
      tolerations: [{ key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute' }],
    },
    status: {
      phase,
      podIP: '10.20.1.99',
      startTime: '2026-11-01T08:00:00Z',
      containerStatuses: containers.map((one) => statusOf(one, phase)),
    },
  });
}

function statusOf(one: Fields, phase: string): Fields {
  const image = String(one.image);
  const tag = image.slice(image.lastIndexOf(':') + 1);
  const repository = image.slice(image.indexOf('/') + 1, image.lastIndexOf(':'));
  const imageID = image.startsWith(homeAccount)
    ? ownImage(repository, tag).imageID
    : `${image.slice(0, image.lastIndexOf(':'))}@sha256:${idOf(image, 64)}`;
  return { name: one.name, image, imageID, ready: phase === 'Running', restartCount: 0 };
}

function tokenVolume(name: string): Fields {
  return {
    name,
    projected: {
      defaultMode: 420,
      sources: [
        { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } },
        { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
        { downwardAPI: { items: [{ path: 'namespace', fieldRef: { fieldPath: 'metadata.namespace' } }] } },
      ],
    },
  };
}

/** How a dependent names the controller that made it. */
export function ownerOf({ apiVersion, kind, metadata }: KubernetesObject): Fields {
  return { apiVersion, kind, name: metadata.name, uid: metadata.uid, controller: true, blockOwnerDeletion: true };
}
