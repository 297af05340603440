import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { readNamespace } from '#shared/collectors/kubernetes/read-namespace.ts';
import { readNetworkPolicy } from '#shared/collectors/kubernetes/read-network-policy.ts';
import { isBootstrap, readRole, readRoleBinding } from '#shared/collectors/kubernetes/read-rbac.ts';
import { readIngress, readService } from '#shared/collectors/kubernetes/read-service.ts';
import { readServiceAccount } from '#shared/collectors/kubernetes/read-service-account.ts';
import { isWorkloadKind, readWorkload } from '#shared/collectors/kubernetes/read-workload.ts';
import { createClassifier } from '#shared/collectors/secrets/classifier.ts';

const classify = createClassifier({ hashKey: randomBytes(32) });

describe('a workload', () => {
  const pod = { metadata: { labels: { app: 'shop' } }, spec: { containers: [{ name: 'app' }] } };

  test.each([
    ['v1', 'Pod', pod, 'spec'],
    ['v1', 'PodTemplate', { template: pod }, 'template.spec'],
    ['v1', 'ReplicationController', { spec: { template: pod } }, 'spec.template.spec'],
    ['apps/v1', 'Deployment', { spec: { template: pod } }, 'spec.template.spec'],
    ['apps/v1', 'ReplicaSet', { spec: { template: pod } }, 'spec.template.spec'],
    ['apps/v1', 'StatefulSet', { spec: { template: pod } }, 'spec.template.spec'],
    ['apps/v1', 'DaemonSet', { spec: { template: pod } }, 'spec.template.spec'],
    ['batch/v1', 'Job', { spec: { template: pod } }, 'spec.template.spec'],
    [
      'batch/v1',
      'CronJob',
      { spec: { jobTemplate: { spec: { template: pod } } } },
      'spec.jobTemplate.spec.template.spec',
    ],
  ])('of %s %s has its pod at its own place', async (apiVersion, kind, fields, path) => {
    expect(isWorkloadKind(apiVersion, kind)).toBe(true);

    const workload = await readWorkload({ apiVersion, kind, ...fields }, classify);

    expect(workload).toMatchObject({ apiVersion, kind });
    expect(workload.pod.spec.path).toBe(path);
    expect(workload.pod.spec.containers.map((container) => container.path)).toEqual([`${path}.containers[0]`]);
    expect(workload.pod.metadata.labels).toEqual({ app: 'shop' });
  });

  test('of a kind of somebody else is not one of the built-in ones', () => {
    expect(isWorkloadKind('serving.knative.dev/v1', 'Deployment')).toBe(false);
    expect(isWorkloadKind('argoproj.io/v1alpha1', 'Rollout')).toBe(false);
    expect(isWorkloadKind('v1', 'constructor')).toBe(false);
  });

  test('names who made it, and how many there are to be', async () => {
    const workload = await readWorkload(
      {
        apiVersion: 'apps/v1',
        kind: 'ReplicaSet',
        metadata: {
          name: 'shop-1',
          namespace: 'prod',
          ownerReferences: [{ apiVersion: 'apps/v1', kind: 'Deployment', name: 'shop', uid: 'u', controller: true }],
        },
        spec: { replicas: 0 },
      },
      classify,
    );

    expect(workload.replicas).toBe(0);
    expect(workload.metadata).toMatchObject({
      name: 'shop-1',
      namespace: 'prod',
      owners: [{ kind: 'Deployment', name: 'shop', controller: true }],
    });
    expect(workload.pod.spec.containers).toEqual([]);
  });

  test('from a list, whose items have no kind of their own, takes that of the list', async () => {
    const workload = await readWorkload({ spec: {} }, classify, { apiVersion: 'v1', kind: 'Pod' });

    expect(workload).toMatchObject({ apiVersion: 'v1', kind: 'Pod', pod: { spec: { path: 'spec' } } });
  });

  test('with something else than a mapping on the way is refused with the place', async () => {
    await expect(
      readWorkload({ apiVersion: 'apps/v1', kind: 'Deployment', spec: { template: 'x' } }, classify),
    ).rejects.toThrow('spec.template: must be a mapping');
  });
});

describe('a network policy', () => {
  const read = (spec: unknown) => readNetworkPolicy({ metadata: { name: 'p', namespace: 'prod' }, spec }, classify);
  const everything = { matchLabels: {}, matchExpressions: [] };

  test('keeps absent and empty apart', async () => {
    expect(await read({ podSelector: {} })).toEqual({ name: 'p', namespace: 'prod', podSelector: everything });
    expect(await read({ podSelector: {}, ingress: [], egress: [{}] })).toMatchObject({ ingress: [], egress: [{}] });
    expect(await read({ ingress: [{ from: [], ports: [] }] })).toMatchObject({ ingress: [{ peers: [], ports: [] }] });
  });

  test('takes null for absent, and null in a list of rules for the empty rule', async () => {
    const policy = await read({ podSelector: null, policyTypes: null, ingress: null, egress: [null] });

    expect(policy).toEqual({ name: 'p', namespace: 'prod', podSelector: everything, egress: [{}] });
  });

  test('takes an empty list of policy types for none, as the API server does', async () => {
    expect(await read({ policyTypes: [] })).not.toHaveProperty('policyTypes');
  });

  test('has peers and ports as they are written, with TCP where no protocol is', async () => {
    const policy = await read({
      podSelector: { matchLabels: { app: 'api' } },
      policyTypes: ['Ingress'],
      ingress: [
        {
          from: [
            { namespaceSelector: {}, podSelector: { matchExpressions: [{ key: 'a', operator: 'In', values: ['1'] }] } },
            { ipBlock: { cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] } },
          ],
          ports: [{ port: 'http' }, { port: 8000, endPort: 9000, protocol: 'UDP' }, {}],
        },
      ],
    });

    expect(policy).toEqual({
      name: 'p',
      namespace: 'prod',
      podSelector: { matchLabels: { app: 'api' }, matchExpressions: [] },
      policyTypes: ['Ingress'],
      ingress: [
        {
          peers: [
            {
              podSelector: { matchLabels: {}, matchExpressions: [{ key: 'a', operator: 'In', values: ['1'] }] },
              namespaceSelector: everything,
            },
            { ipBlock: { cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] } },
          ],
          ports: [
            { protocol: 'TCP', port: 'http' },
            { protocol: 'UDP', port: 8000, endPort: 9000 },
            { protocol: 'TCP' },
          ],
        },
      ],
    });
  });
});

describe('other objects', () => {
  test('a namespace has its Pod Security labels, and the label with its name that the API server gives it', async () => {
    const namespace = await readNamespace(
      {
        metadata: {
          name: 'prod',
          labels: {
            'pod-security.kubernetes.io/enforce': 'restricted',
            'pod-security.kubernetes.io/enforce-version': 'v1.30',
          },
          deletionTimestamp: '2026-01-01T00:00:00Z',
        },
      },
      classify,
    );

    expect(namespace.podSecurity).toEqual({ enforce: 'restricted', enforceVersion: 'v1.30' });
    expect(namespace.labels).toMatchObject({ 'kubernetes.io/metadata.name': 'prod' });
    expect(namespace.metadata.terminating).toBe(true);
  });

  test('a service account has its role and whether its token is mounted', () => {
    expect(
      readServiceAccount({
        metadata: { name: 'shop', annotations: { 'eks.amazonaws.com/role-arn': 'arn:aws:iam::1:role/x' } },
        automountServiceAccountToken: false,
      }),
    ).toMatchObject({ roleArn: 'arn:aws:iam::1:role/x', automountServiceAccountToken: false });
  });

  test('an empty annotation names no role: its pods call AWS as their node', () => {
    const annotations = { 'eks.amazonaws.com/role-arn': '' };

    expect(readServiceAccount({ metadata: { name: 'shop', annotations } })).not.toHaveProperty('roleArn');
  });

  test('a service has its type, ports and the annotations of its load balancer', () => {
    const service = readService({
      metadata: {
        name: 's',
        annotations: {
          'service.beta.kubernetes.io/aws-load-balancer-scheme': 'internal',
          'service.beta.kubernetes.io/aws-load-balancer-additional-resource-tags': 'token=x',
        },
      },
      spec: {
        type: 'LoadBalancer',
        loadBalancerSourceRanges: ['10.0.0.0/8'],
        ports: [{ port: 80, nodePort: 30080 }],
      },
    });

    expect(service).toMatchObject({
      serviceType: 'LoadBalancer',
      loadBalancerSourceRanges: ['10.0.0.0/8'],
      nodePorts: [30080],
      ports: [{ port: 80, protocol: 'TCP' }],
      annotations: { 'service.beta.kubernetes.io/aws-load-balancer-scheme': 'internal' },
    });
    expect(Object.keys(service.annotations)).toHaveLength(1);
    expect(readService({}).serviceType).toBe('ClusterIP');
  });

  test('an ingress has its hosts, with a star where an entry names none', () => {
    expect(
      readIngress({
        metadata: { annotations: { 'alb.ingress.kubernetes.io/scheme': 'internet-facing', other: 'x' } },
        spec: { ingressClassName: 'alb', tls: [{}, { hosts: ['b'] }], rules: [{ host: 'b' }, { http: {} }] },
      }),
    ).toMatchObject({
      ingressClassName: 'alb',
      tlsHosts: ['*', 'b'],
      hosts: ['*', 'b'],
      annotations: { 'alb.ingress.kubernetes.io/scheme': 'internet-facing' },
    });
  });

  test('roles have their rules, and a cluster role what it aggregates', () => {
    const rule = { apiGroups: [''], resources: ['pods'], verbs: ['get'] };

    expect(readRole({ rules: [rule] }).rules).toEqual([{ ...rule, resourceNames: [], nonResourceURLs: [] }]);
    expect(
      readRole({ rules: null, aggregationRule: { clusterRoleSelectors: [{ matchLabels: { a: 'b' } }] } }),
    ).toMatchObject({ rules: [], aggregates: [{ matchLabels: { a: 'b' }, matchExpressions: [] }] });
  });

  test('bindings have their role and subjects', () => {
    const binding = readRoleBinding({
      metadata: { name: 'b', labels: { 'kubernetes.io/bootstrapping': 'rbac-defaults' } },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'admin' },
      subjects: [
        { kind: 'ServiceAccount', name: 'shop', namespace: 'prod' },
        { kind: 'Group', name: 'dev' },
      ],
    });

    expect(binding).toMatchObject({
      roleKind: 'ClusterRole',
      roleName: 'admin',
      subjects: [
        { kind: 'ServiceAccount', name: 'shop', namespace: 'prod' },
        { kind: 'Group', name: 'dev' },
      ],
    });
    expect(isBootstrap(binding.metadata)).toBe(true);
  });
});
