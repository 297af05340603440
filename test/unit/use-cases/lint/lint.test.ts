import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { workloadNoHostNamespaces } from '#shared/checks/workload/workload-no-host-namespaces.ts';
import { createRegistry } from '#shared/engine/registry.ts';
import { gapReasons, lintTexts, statusByCheck } from '#test/support/lint.ts';

const manifest = (...documents: readonly object[]) =>
  documents.map((document) => JSON.stringify({ apiVersion: 'v1', ...document })).join('\n---\n');

const ROLE = { kind: 'ClusterRole', apiVersion: 'rbac.authorization.k8s.io/v1', metadata: { name: 'reader' } };
const BINDING = {
  kind: 'ClusterRoleBinding',
  apiVersion: 'rbac.authorization.k8s.io/v1',
  metadata: { name: 'b' },
  roleRef: { kind: 'ClusterRole', name: 'reader' },
  subjects: [{ kind: 'ServiceAccount', name: 'shop', namespace: 'prod' }],
};

/** The least that the API server takes for a pod. */
const SPEC = { containers: [{ name: 'app', image: 'shop:1.0' }] };

describe('what documents say about each other', () => {
  test('counts across files: a policy of one and a workload of another', async () => {
    const policy = {
      kind: 'NetworkPolicy',
      apiVersion: 'networking.k8s.io/v1',
      metadata: { name: 'p', namespace: 'prod' },
      spec: { podSelector: { matchLabels: { app: 'shop' } } },
    };
    const pod = { kind: 'Pod', metadata: { name: 'shop', namespace: 'prod', labels: { app: 'shop' } }, spec: SPEC };

    const linted = await lintTexts({ 'a.yaml': manifest(policy), 'b.yaml': manifest(pod) });

    expect(statusByCheck(linted)).toMatchObject({
      'network-policy-selects-something': 'PASSED',
      'network-ingress-isolated': 'PASSED',
      'network-egress-isolated': 'FAILED',
    });
    expect(linted.findings.find(({ checkId }) => checkId === 'network-egress-isolated')?.source).toMatchObject({
      file: 'b.yaml',
    });
  });

  test('makes a namespace known, and holds its pods to the version of the standards that it is pinned to', async () => {
    const namespace = (version: string) => ({
      kind: 'Namespace',
      metadata: {
        name: 'prod',
        labels: {
          'pod-security.kubernetes.io/enforce': 'baseline',
          'pod-security.kubernetes.io/enforce-version': version,
        },
      },
    });
    const pod = {
      kind: 'Pod',
      metadata: { name: 'shop', namespace: 'prod' },
      spec: { containers: [{ name: 'a', livenessProbe: { httpGet: { host: 'example.com', port: 1 } } }] },
    };

    const pinned = await lintTexts({ 'a.yaml': manifest(namespace('v1.30'), pod) });
    const latest = await lintTexts({ 'a.yaml': manifest(namespace('latest'), pod) });

    expect(statusByCheck(pinned)).toMatchObject({
      'namespace-pss-enforced': 'PASSED',
      'workload-pss-baseline': 'PASSED',
    });
    expect(statusByCheck(latest)['workload-pss-baseline']).toBe('FAILED');
  });

  test('gives a binding the rules of its role, and says so where no document has it', async () => {
    const rules = [{ apiGroups: ['apps'], resources: ['*'], verbs: ['*'] }];

    const whole = await lintTexts({ 'a.yaml': manifest(BINDING, { ...ROLE, rules }) });
    const alone = await lintTexts({ 'a.yaml': manifest(BINDING) });

    expect(statusByCheck(whole)['identity-rbac-no-wildcards']).toBe('FAILED');
    expect(alone.findings.find(({ checkId }) => checkId === 'identity-rbac-no-wildcards')).toMatchObject({
      status: 'UNKNOWN',
      reason: 'No document has the role of the binding.',
    });
  });

  test('knows the one role that every cluster has from the start', async () => {
    const admin = { ...BINDING, roleRef: { kind: 'ClusterRole', name: 'cluster-admin' } };

    expect(statusByCheck(await lintTexts({ 'a.yaml': manifest(admin) }))['identity-rbac-no-cluster-admin']).toBe(
      'FAILED',
    );
  });

  test('a label that says that Kubernetes made a binding excuses nobody from being judged', async () => {
    const labels = { 'kubernetes.io/bootstrapping': 'rbac-defaults' };
    const roleRef = { kind: 'ClusterRole', name: 'cluster-admin' };
    const subjects = [{ kind: 'Group', name: 'system:unauthenticated' }];
    const evil = { ...BINDING, metadata: { name: 'b', labels }, roleRef, subjects };

    expect(statusByCheck(await lintTexts({ 'a.yaml': manifest(evil) }))).toMatchObject({
      'identity-rbac-no-anonymous': 'FAILED',
      'identity-rbac-no-cluster-admin': 'FAILED',
    });
  });

  test('leaves policies of other kinds undecided', async () => {
    const pod = { kind: 'Pod', metadata: { name: 'shop', namespace: 'prod' }, spec: SPEC };
    const policy = {
      kind: 'NetworkPolicy',
      apiVersion: 'networking.k8s.io/v1',
      metadata: { name: 'p', namespace: 'prod' },
      spec: { podSelector: {}, policyTypes: ['Ingress', 'Egress'] },
    };
    const cilium = {
      kind: 'CiliumNetworkPolicy',
      apiVersion: 'cilium.io/v2',
      metadata: { name: 'c', namespace: 'prod' },
    };

    expect(statusByCheck(await lintTexts({ 'a.yaml': manifest(pod, policy) }))['network-ingress-isolated']).toBe(
      'PASSED',
    );
    expect(
      statusByCheck(await lintTexts({ 'a.yaml': manifest(pod, policy, cilium) }))['network-ingress-isolated'],
    ).toBe('UNKNOWN');
  });
});

test('a finding about a namespace is placed at the rule that its evidence names', async () => {
  const policy = [
    'kind: NetworkPolicy',
    'apiVersion: networking.k8s.io/v1',
    'metadata: {name: p, namespace: prod}',
    'spec:',
    '  podSelector: {}',
    '  egress:',
    '    - to: [{podSelector: {}}]',
    '    - ports: [{port: 443}]',
  ].join('\n');
  const pod = { kind: 'Pod', metadata: { name: 'shop', namespace: 'prod' }, spec: SPEC };

  const { findings } = await lintTexts({ 'pod.yaml': manifest(pod), 'policy.yaml': policy });

  expect(findings.find(({ checkId }) => checkId === 'network-no-open-egress')).toMatchObject({
    status: 'FAILED',
    source: { file: 'policy.yaml', document: 0, line: 8 },
  });
});

describe('what the API server would refuse for its value', () => {
  test.for([
    ['policyTypes: [ingress]', 'spec.policyTypes[0]'],
    [
      'podSelector: {matchExpressions: [{key: a, operator: in, values: [b]}]}',
      'spec.podSelector.matchExpressions[0].operator',
    ],
  ] as const)('is not judged, and the field is named: %s', async ([field, path]) => {
    const linted = await lintTexts({
      'policy.yaml': `{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: a}, spec: {${field}}}`,
    });

    expect(linted.findings).toEqual([]);
    expect(gapReasons(linted)).toEqual([
      `policy.yaml:1: document 1 has a NetworkPolicy that would be refused: ${path} has a value that the API does not take.`,
    ]);
  });
});

describe('a task definition', () => {
  test('with a wrong type is not judged, and the field is named', async () => {
    const linted = await lintTexts({
      'task.json': JSON.stringify({ family: 'x', containerDefinitions: [{ name: 'a', privileged: 'true' }] }, null, 2),
    });

    expect(linted.findings).toEqual([]);
    expect(gapReasons(linted)).toEqual([
      'task.json:6: document 1 has a task definition that would be refused: ' +
        'containerDefinitions[0].privileged must be true or false, without quotes.',
    ]);
  });

  test('may be a skeleton of the AWS CLI, in which null stands for what is not set', async () => {
    const skeleton = {
      family: 'x',
      taskRoleArn: null,
      volumes: null,
      containerDefinitions: [{ name: 'a', user: null }],
    };

    const linted = await lintTexts({ 'task.json': JSON.stringify(skeleton) });

    expect(gapReasons(linted)).toEqual([]);
    expect(linted.findings.length).toBeGreaterThan(10);
  });

  test('has the line of the container that evidence names', async () => {
    const task = {
      family: 'x',
      containerDefinitions: [
        { name: 'a', user: '1' },
        { name: 'b', user: 'root' },
      ],
    };

    const linted = await lintTexts({ 'task.json': JSON.stringify(task, null, 2) });
    const finding = linted.findings.find(({ checkId }) => checkId === 'ecs-task-user-nonroot');

    expect(finding).toMatchObject({ status: 'FAILED', source: { line: 10 } });
  });
});

describe('what no check is for', () => {
  test.for([
    ['a permissions policy', { Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: '*' }] }],
    [
      'a resource policy of another service',
      { Statement: { Effect: 'Allow', Principal: '*', Action: 's3:GetObject' } },
    ],
    ['a package', { name: 'x', version: '1.0.0' }],
    ['a list', [1, 2]],
    ['a text', 'hello'],
    ['a kind of somebody else with a familiar name', { kind: 'Deployment', apiVersion: 'example.com/v1', spec: 1 }],
  ] as const)('is no error: %s', async ([, document]) => {
    const { findings, header } = await lintTexts({ 'a.json': JSON.stringify(document) });

    expect(findings).toEqual([]);
    expect(header.complete).toBe(true);
    expect(header.coverage).toContainEqual(expect.objectContaining({ status: 'excluded' }));
  });
});

test('a manifest of 5 MB is judged to its end', async () => {
  const container = { name: 'app', image: 'shop:1.0.0', env: [{ name: 'LOG_LEVEL', value: 'x'.repeat(800) }] };
  const documents = Array.from({ length: 5_000 }, (_, index) =>
    [
      'apiVersion: v1',
      'kind: Pod',
      `metadata: {name: shop-${index}, namespace: prod}`,
      `spec: {hostPID: ${index === 4_999}, containers: [${JSON.stringify(container)}]}`,
    ].join('\n'),
  );
  const text = documents.join('\n---\n');
  const registry = createRegistry([workloadNoHostNamespaces]);

  const { findings } = await lintTexts({ 'big.yaml': text }, { registry });

  expect(text.length).toBeGreaterThan(4_500_000);
  expect(findings).toHaveLength(5_000);
  expect(findings.filter(({ status }) => status === 'FAILED')).toMatchObject([
    { resource: { name: 'shop-4999' }, source: { document: 4_999, line: 24_999 } },
  ]);
});

test('nothing of what documents hold breaks the command, and secrets do not come out of it', async () => {
  const kinds = [
    'Pod',
    'Deployment',
    'CronJob',
    'NetworkPolicy',
    'Namespace',
    'Service',
    'Ingress',
    'ClusterRoleBinding',
  ];
  const groups = ['v1', 'apps/v1', 'batch/v1', 'networking.k8s.io/v1', 'rbac.authorization.k8s.io/v1'];
  const word = fc.constantFrom(
    'spec',
    'metadata',
    'name',
    'labels',
    'template',
    'containers',
    'env',
    'value',
    'rules',
    'podSelector',
    'ingress',
    'ports',
    'port',
    'securityContext',
    'capabilities',
    'add',
    'volumes',
    'Statement',
    'Action',
    'Principal',
    'containerDefinitions',
    'taskDefinition',
    'items',
    '__proto__',
    'constructor',
    'subjects',
    'roleRef',
  );
  const { value } = fc.letrec((tie) => ({
    leaf: fc.oneof(fc.constant('AKIAQYLPMN5HFIQR7XYA'), fc.integer(), fc.boolean(), fc.constant(null), fc.string()),
    value: fc.oneof(
      { depthSize: 'medium' },
      tie('leaf'),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(word, tie('value'), { maxKeys: 5 }),
    ),
  }));
  const object = fc
    .tuple(fc.constantFrom(...kinds), fc.constantFrom(...groups), fc.dictionary(word, value, { maxKeys: 4 }))
    .map(([kind, apiVersion, fields]) => ({ ...fields, kind, apiVersion }));

  await fc.assert(
    fc.asyncProperty(fc.array(fc.oneof(object, value), { maxLength: 4 }), async (documents) => {
      const text = documents.map((document) => JSON.stringify(document)).join('\n---\n');
      const linted = await lintTexts({ 'a.yaml': text });

      expect(linted.header.summary.checkErrors).toBe(0);
      expect(gapReasons(linted).join()).not.toContain('AKIA');
    }),
    { numRuns: 300 },
  );
});
