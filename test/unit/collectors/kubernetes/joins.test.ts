import { describe, expect, test } from 'vitest';
import type { ClusterReader } from '#shared/collectors/kubernetes/cluster-reader.ts';
import { readController } from '#shared/collectors/kubernetes/controllers.ts';
import { enginesOf } from '#shared/collectors/kubernetes/enforcement.ts';
import { awsAuthOf } from '#shared/collectors/kubernetes/facts.ts';
import { otherPoliciesOf } from '#shared/collectors/kubernetes/other-policies.ts';
import { Rbac } from '#shared/collectors/kubernetes/rbac.ts';
import { readRole, readRoleBinding } from '#shared/collectors/kubernetes/read-rbac.ts';
import { KUBERNETES_READS, pathOf } from '#shared/collectors/kubernetes/reads.ts';
import { type ClusterSnapshot, type CustomObject, readSnapshot } from '#shared/collectors/kubernetes/snapshot.ts';
import { policyVersion } from '#shared/collectors/kubernetes/workloads.ts';
import { known, type Observed } from '#shared/domain/observed.ts';
import { clusterSnapshot as snapshot } from '#test/factories/cluster-snapshot.ts';
import { denied } from '#test/support/judge.ts';

const custom = (resource: string, ...objects: readonly CustomObject[]) =>
  new Map<string, Observed<readonly CustomObject[]>>([[resource, known(objects)]]);

describe('what enforces network policies (T80)', () => {
  const daemonSet = (namespace: string, name: string, args: readonly string[] = []) =>
    readController(KUBERNETES_READS.daemonSets, {
      metadata: { namespace, name },
      spec: { template: { spec: { containers: [{ name: 'agent', args }] } } },
    });
  const engines = (parts: Partial<ClusterSnapshot>, autoMode = false) => enginesOf(snapshot(parts), autoMode);

  test('is the VPC CNI where its agent was told to', () => {
    const on = daemonSet('kube-system', 'aws-node', ['--enable-network-policy=true']);
    const off = daemonSet('kube-system', 'aws-node', ['--enable-network-policy=false']);

    expect(engines({ daemonSets: known([on]) })).toEqual(
      known([{ name: 'vpc-cni', seenAs: 'kube-system/daemonsets/aws-node' }]),
    );
    expect(engines({ daemonSets: known([off]) })).toEqual(known([]));
  });

  test.for([
    ['calico-system', 'calico-node', 'calico'],
    ['kube-system', 'cilium', 'cilium'],
  ] as const)('in %s %s is %s', ([namespace, name, engine]) => {
    expect(engines({ daemonSets: known([daemonSet(namespace, name)]) })).toEqual(
      known([{ name: engine, seenAs: `${namespace}/daemonsets/${name}` }]),
    );
  });

  test('is undecided, not proven, by the name of an engine where anybody may have put it', () => {
    const stranger = daemonSet('team-a', 'cilium');
    const on = daemonSet('kube-system', 'aws-node', ['--enable-network-policy=true']);

    expect(engines({ daemonSets: known([stranger]) })).toMatchObject({ reason: { kind: 'undecidable' } });
    expect(engines({ daemonSets: known([stranger, on]) })).toMatchObject({ value: [{ name: 'vpc-cni' }] });
  });

  test('is Auto Mode where its ConfigMap says so, and only there', () => {
    const vpcCni = known({ data: { 'enable-network-policy-controller': 'true' } });

    expect(engines({ vpcCni }, true)).toMatchObject({ value: [{ name: 'auto-mode' }] });
    expect(engines({ vpcCni }, false)).toEqual(known([]));
  });

  test('is not proven by PolicyEndpoints, which stay when enforcement is switched off', () => {
    const endpoints = custom('policyendpoints.networking.k8s.aws', { namespace: 'shop', name: 'deny-x1', raw: {} });
    const off = daemonSet('kube-system', 'aws-node', ['--enable-network-policy=false']);

    expect(engines({ daemonSets: known([off]), custom: endpoints })).toEqual(known([]));
    expect(engines({ custom: endpoints }, true)).toEqual(known([]));
  });

  test('is unknown, not nothing, where it could not be looked for', () => {
    const unread = denied('kubernetes:list daemonsets.apps');

    expect(engines({ daemonSets: unread })).toEqual(unread);
    expect(engines({ vpcCni: denied('kubernetes:get configmaps') }, true).known).toBe(false);
  });
});

describe('policies of other kinds (T81)', () => {
  const shop = { team: 'shop' };
  const policy = (spec: object, namespace = '') => ({ namespace, name: 'p', raw: { spec } });
  const CLUSTER = 'clusternetworkpolicies.networking.k8s.aws';

  test('count where they select the namespace, with what their rules can do', () => {
    const one = policy({
      subject: { namespaces: { matchLabels: shop } },
      ingress: [{ action: 'Deny' }, { action: 'Pass' }],
      egress: [{ action: 'Accept' }, { action: 'Deny' }],
    });

    expect(otherPoliciesOf(snapshot({ custom: custom(CLUSTER, one) }), 'shop', shop)).toEqual(
      known([
        { kind: 'ClusterNetworkPolicy.networking.k8s.aws', count: 1, ingress: ['deny'], egress: ['allow', 'deny'] },
      ]),
    );
    expect(otherPoliciesOf(snapshot({ custom: custom(CLUSTER, one) }), 'web', { team: 'web' })).toEqual(known([]));
  });

  test('count everywhere where it cannot be told whom they are about', () => {
    const one = policy({ subject: { pods: 'all' } });

    expect(otherPoliciesOf(snapshot({ custom: custom(CLUSTER, one) }), 'web', {})).toMatchObject({
      value: [{ count: 1, ingress: ['allow', 'deny'], egress: ['allow', 'deny'] }],
    });
  });

  test('of Cilium can do everything, in their own namespace', () => {
    const found = snapshot({ custom: custom('ciliumnetworkpolicies.cilium.io', policy({}, 'shop')) });

    expect(otherPoliciesOf(found, 'shop', shop)).toMatchObject({ value: [{ ingress: ['allow', 'deny'] }] });
    expect(otherPoliciesOf(found, 'web', {})).toEqual(known([]));
  });

  test('can do everything with an action that nobody knows here', () => {
    const one = policy({ subject: { namespaces: {} }, ingress: [{ action: 'Redirect' }] });

    expect(otherPoliciesOf(snapshot({ custom: custom(CLUSTER, one) }), 'web', {})).toMatchObject({
      value: [{ ingress: ['allow', 'deny'], egress: [] }],
    });
  });

  test.for([
    [['crd.antrea.io'], false],
    [['projectcalico.org'], false],
    [['projectcalico.org', 'crd.projectcalico.org'], true],
    [['apps'], true],
  ] as const)(
    'of kinds that are not read are undecidable where their groups are served: %o',
    async ([groups, isKnown]) => {
      const none = async () => known([]);
      const reader = {
        cluster: { inside: { authenticationMode: 'API' }, autoMode: false },
        groups: new Set(groups),
        versionsOf: () => [],
        ...{ listBuiltIn: none, list: none, get: none, stream: none },
      } as unknown as ClusterReader;

      expect(otherPoliciesOf(await readSnapshot(reader), 'shop', shop).known).toBe(isKnown);
    },
  );

  test('are unknown where a kind could not be listed', () => {
    const unread = denied('kubernetes:list ciliumnetworkpolicies.cilium.io');

    expect(
      otherPoliciesOf(snapshot({ custom: new Map([['ciliumnetworkpolicies.cilium.io', unread]]) }), 'shop', shop),
    ).toEqual(unread);
  });
});

describe('RBAC (T82)', () => {
  const bootstrap = { 'kubernetes.io/bootstrapping': 'rbac-defaults' };
  const binding = (subjects: readonly object[], more: object = {}) =>
    readRoleBinding({
      metadata: { name: 'b', ...more },
      roleRef: { kind: 'ClusterRole', name: 'cluster-admin' },
      subjects,
    });
  const account = { kind: 'ServiceAccount', name: 'api', namespace: 'shop' };
  const discovery = () =>
    readRoleBinding({
      metadata: { name: 'system:discovery', labels: bootstrap },
      roleRef: { kind: 'ClusterRole', name: 'system:discovery' },
      subjects: [{ kind: 'Group', name: 'system:authenticated' }],
    });
  const rbacOf = (one: ReturnType<typeof binding>, rules: readonly object[] = []) => {
    const roles = ['cluster-admin', 'system:discovery'].map((name) =>
      readRole({ metadata: { name, labels: bootstrap }, rules }),
    );
    return new Rbac(snapshot({ clusterRoleBindings: known([one]), clusterRoles: known(roles) }));
  };
  const rbac = (one: ReturnType<typeof binding>) => rbacOf(one);

  test('what is bound to an account is its right', () => {
    expect(rbac(binding([account])).bindingsOf('shop', 'api')).toEqual(known(['ClusterRoleBinding b']));
    expect(rbac(binding([account])).bindingsOf('web', 'api')).toEqual(known([]));
  });

  test('a group that holds it is as good as its name, unless Kubernetes itself has bound it', () => {
    const group = { kind: 'Group', name: 'system:serviceaccounts:shop' };

    expect(rbac(binding([group])).bindingsOf('shop', 'api')).toEqual(known(['ClusterRoleBinding b']));
    expect(rbac(discovery()).bindingsOf('shop', 'api')).toEqual(known([]));
  });

  test('the user that the API server takes an account for is the account', () => {
    const user = { kind: 'User', name: 'system:serviceaccount:shop:api' };

    expect(rbac(binding([user])).bindingsOf('shop', 'api')).toEqual(known(['ClusterRoleBinding b']));
    expect(rbac(binding([user])).bindingsOf('shop', 'web')).toEqual(known([]));
  });

  describe('a binding that says that Kubernetes made it', () => {
    const labels = bootstrap;
    const reaches = (one: ReturnType<typeof binding>, rules?: readonly object[]) => {
      const of = { base: () => ({}) } as unknown as Parameters<Rbac['resources']>[0];
      return [...rbacOf(one, rules).resources(of)].map(({ isBootstrap }) => isBootstrap);
    };

    test('is believed where it names whom Kubernetes names', () => {
      expect(reaches(binding([{ kind: 'Group', name: 'system:masters' }], { labels }))).toEqual([true]);
      expect(reaches(discovery())).toEqual([true]);
    });

    test.for([
      { kind: 'Group', name: 'system:unauthenticated' },
      { kind: 'User', name: 'mallory' },
      { kind: 'ServiceAccount', namespace: 'shop', name: 'api' },
    ])('is judged like any other where it gives cluster-admin to %o', (subject) => {
      const masters = { kind: 'Group', name: 'system:masters' };

      expect(reaches(binding([subject], { labels }))).toEqual([false]);
      expect(reaches(binding([masters, subject], { labels }))).toEqual([false]);
    });

    test('is judged where somebody added rights to what everybody has', () => {
      const added = { apiGroups: [''], resources: ['secrets'], verbs: ['get'] };

      expect(reaches(discovery(), [{ nonResourceURLs: ['/api'], verbs: ['get'] }])).toEqual([true]);
      expect(reaches(discovery(), [{ nonResourceURLs: ['/api'], verbs: ['get'] }, added])).toEqual([false]);
      expect(reaches(discovery(), [{ nonResourceURLs: ['*'], verbs: ['*'] }])).toEqual([false]);
    });
  });

  test('who is bound to cluster-admin administers the cluster', () => {
    const people = [{ kind: 'Group', name: 'ops' }, { kind: 'User', name: 'ann' }, account];

    expect(rbac(binding(people)).clusterAdmins()).toEqual(known(['ann', 'ops']));
    expect(rbac(binding(people)).clusterAdmins('User')).toEqual(known(['ann']));
  });

  test('is unknown where bindings of either kind could not be listed', () => {
    const roleBindings = denied('kubernetes:list rolebindings.rbac.authorization.k8s.io');

    expect(new Rbac(snapshot({ roleBindings })).bindingsOf('shop', 'api')).toEqual(roleBindings);
  });
});

describe('aws-auth', () => {
  const mapRoles = '- rolearn: arn:aws:iam::111122223333:role/node\n  groups: [system:nodes, system:bootstrappers]\n';

  test('gives principals with their groups', () => {
    expect(awsAuthOf(known({ data: { mapRoles } }))).toEqual(
      known([
        { principalArn: 'arn:aws:iam::111122223333:role/node', groups: ['system:bootstrappers', 'system:nodes'] },
      ]),
    );
  });

  test('that does not exist maps nobody', () => {
    expect(awsAuthOf(known(null))).toEqual(known([]));
  });

  test.for([
    ['is no YAML', '{'],
    ['is no list', 'rolearn: x'],
  ])('that %s is undecidable, not empty', ([, text]) => {
    expect(awsAuthOf(known({ data: { mapRoles: text } }))).toMatchObject({ reason: { kind: 'undecidable' } });
  });
});

test.for([
  ['v1.30', '1.35', '1.30'],
  ['latest', '1.35', '1.35'],
  [undefined, '1.35', '1.35'],
  ['nonsense', '1.35', '1.35'],
] as const)('a namespace that pins %s in a cluster of %s is judged by %s (T69)', ([pinned, cluster, version]) => {
  expect(policyVersion(cluster, known(pinned))).toEqual(known(version));
});

test('a look at one namespace still sees what enforces its policies and what its accounts may do elsewhere', () => {
  expect(pathOf(KUBERNETES_READS.pods, 'shop')).toBe('/api/v1/namespaces/shop/pods');
  expect(pathOf(KUBERNETES_READS.daemonSets, 'shop')).toBe('/apis/apps/v1/daemonsets');
  expect(pathOf(KUBERNETES_READS.roleBindings, 'shop')).toBe('/apis/rbac.authorization.k8s.io/v1/rolebindings');
});
