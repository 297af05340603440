import { describe, expect, test } from 'vitest';
import type { PodSecurityLevel } from '#shared/domain/pod-security/control.ts';
import { brokenControls } from '#shared/domain/pod-security/standards.ts';
import type { PodSpec } from '#shared/domain/pod-spec.ts';
import { podContainer, podSpec } from '#test/factories/kubernetes.ts';
import { HARDENED, ofContainer, ofPod, sysctl, volume, withContainer, without } from '#test/factories/pods.ts';

const APPARMOR = 'container.apparmor.security.beta.kubernetes.io/app';

type Annotations = Readonly<Record<string, string>>;

function broken(level: PodSecurityLevel, minor: number, spec: PodSpec, annotations: Annotations = {}) {
  return brokenControls(level, minor, { metadata: { labels: {}, annotations }, spec });
}

function paths(level: PodSecurityLevel, minor: number, spec: PodSpec, annotations?: Annotations) {
  return broken(level, minor, spec, annotations).flatMap(({ violations }) => violations.map(({ path }) => path));
}

const VERSIONS = Array.from({ length: 13 }, (_, index) => 25 + index);
const EVERY = () => true;
const NONE = () => false;
const from = (since: number) => (minor: number) => minor >= since;
const before = (until: number) => (minor: number) => minor < until;

interface Row {
  readonly what: string;
  readonly spec: PodSpec;
  readonly annotations?: Annotations;
  /** The only fields that break a rule, where one does. */
  readonly fields: readonly string[];
  readonly baseline: (minor: number) => boolean;
  readonly restricted: (minor: number) => boolean;
}

const refused = (what: string, spec: PodSpec, ...fields: string[]): Row => {
  return { what, spec, fields, baseline: EVERY, restricted: EVERY };
};
const onlyRestricted = (what: string, spec: PodSpec, ...fields: string[]): Row => {
  return { what, spec, fields, baseline: NONE, restricted: EVERY };
};
const admitted = (what: string, spec: PodSpec): Row => {
  return { what, spec, fields: [], baseline: NONE, restricted: NONE };
};

const POD = 'spec.securityContext';
const CONTAINER = 'spec.containers[0].securityContext';
const VOLUME = 'spec.volumes[0]';
const userNamespace = (spec: PodSpec): PodSpec => ({ ...spec, hostUsers: false });
const onWindows = (spec: PodSpec): PodSpec => ({ ...spec, os: 'windows' });
const unmasked = ofContainer({ procMount: 'Unmasked' });
const { allowPrivilegeEscalation: _a, ...escalating } = HARDENED;
const { capabilities: _c, ...keeping } = HARDENED;

const ROWS: readonly Row[] = [
  admitted('a pod that follows every practice', podSpec()),

  refused('a privileged container', ofContainer({ privileged: true }), `${CONTAINER}.privileged`),
  admitted('privileged: false', ofContainer({ privileged: false })),

  refused('the network of the host', podSpec({ hostNetwork: true }), 'spec.hostNetwork'),
  refused('all namespaces of the host', podSpec({ hostPID: true, hostIPC: true }), 'spec.hostPID', 'spec.hostIPC'),
  admitted('namespaces of the host refused', podSpec({ hostNetwork: false, hostPID: false, hostIPC: false })),

  refused('a hostPath volume', volume('hostPath', { hostPath: { path: '/data' } }), `${VOLUME}.hostPath`),
  ...['nfs', 'awsElasticBlockStore', 'gitRepo', 'iscsi', 'flexVolume', 'cephfs', 'storageos', 'notYetInvented'].map(
    (source) => onlyRestricted(`T68: a volume of type ${source}`, volume(source), `${VOLUME}.${source}`),
  ),
  ...[
    'configMap',
    'csi',
    'downwardAPI',
    'emptyDir',
    'ephemeral',
    'image',
    'persistentVolumeClaim',
    'projected',
    'secret',
  ].map((source) => admitted(`T68: a volume of type ${source}`, volume(source))),

  refused(
    'a port of the node',
    withContainer({ ports: [{ containerPort: 1 }, { containerPort: 80, hostPort: 8080 }] }),
    'spec.containers[0].ports[1].hostPort',
  ),
  admitted('T67: hostPort: 0', withContainer({ ports: [{ containerPort: 80, hostPort: 0 }] })),

  refused('SELinux of a foreign type', ofPod({ seLinuxOptions: { type: 'spc_t' } }), `${POD}.seLinuxOptions.type`),
  refused(
    'SELinux user and role',
    ofContainer({ seLinuxOptions: { user: 'system_u', role: 'system_r' } }),
    `${CONTAINER}.seLinuxOptions.user`,
    `${CONTAINER}.seLinuxOptions.role`,
  ),
  ...['', 'container_t', 'container_init_t', 'container_kvm_t'].map((type) =>
    admitted(`SELinux type "${type}"`, ofContainer({ seLinuxOptions: { type } })),
  ),
  admitted('an SELinux level', ofPod({ seLinuxOptions: { level: 's0:c1' } })),
  {
    what: 'SELinux type container_engine_t, which 1.31 allows',
    spec: ofPod({ seLinuxOptions: { type: 'container_engine_t' } }),
    fields: [`${POD}.seLinuxOptions.type`],
    baseline: before(31),
    restricted: before(31),
  },

  refused(
    'AppArmor switched off for the pod',
    ofPod({ appArmorProfile: { type: 'Unconfined' } }),
    `${POD}.appArmorProfile.type`,
  ),
  refused(
    'AppArmor switched off for a container, whatever the pod says',
    podSpec({
      securityContext: { ...podSpec().securityContext, appArmorProfile: { type: 'RuntimeDefault' } },
      containers: [podContainer({ securityContext: { ...HARDENED, appArmorProfile: { type: 'Unconfined' } } })],
    }),
    `${CONTAINER}.appArmorProfile.type`,
  ),
  refused(
    'an AppArmor profile without a type',
    ofContainer({ appArmorProfile: {} }),
    `${CONTAINER}.appArmorProfile.type`,
  ),
  admitted('AppArmor by default', ofPod({ appArmorProfile: { type: 'RuntimeDefault' } })),
  admitted('AppArmor by a profile of the node', ofContainer({ appArmorProfile: { type: 'Localhost' } })),
  {
    ...refused('AppArmor switched off by annotation', podSpec(), `metadata.annotations[${APPARMOR}]`),
    annotations: { [APPARMOR]: 'unconfined' },
  },
  ...['', 'runtime/default', 'localhost/mine'].map((value) => ({
    ...admitted(`the AppArmor annotation "${value}"`, podSpec()),
    annotations: { [APPARMOR]: value },
  })),
  {
    ...admitted('T61: seccomp annotations, which nothing reads any more', podSpec()),
    annotations: { 'seccomp.security.alpha.kubernetes.io/pod': 'unconfined' },
  },

  refused(
    'T62: NET_RAW added',
    ofContainer({ capabilities: { add: ['NET_RAW'], drop: ['ALL'] } }),
    `${CONTAINER}.capabilities.add`,
  ),
  onlyRestricted(
    'T62: a default capability added',
    ofContainer({ capabilities: { add: ['CHOWN'], drop: ['ALL'] } }),
    `${CONTAINER}.capabilities.add`,
  ),
  admitted('NET_BIND_SERVICE added', ofContainer({ capabilities: { add: ['NET_BIND_SERVICE'], drop: ['ALL'] } })),
  onlyRestricted(
    'T62: "all" dropped in small letters',
    ofContainer({ capabilities: { add: [], drop: ['all'] } }),
    `${CONTAINER}.capabilities.drop`,
  ),
  onlyRestricted(
    'no capabilities dropped',
    withContainer({ securityContext: keeping }),
    `${CONTAINER}.capabilities.drop`,
  ),

  onlyRestricted(
    'T63: allowPrivilegeEscalation not set',
    withContainer({ securityContext: escalating }),
    `${CONTAINER}.allowPrivilegeEscalation`,
  ),
  onlyRestricted(
    'allowPrivilegeEscalation: true',
    ofContainer({ allowPrivilegeEscalation: true }),
    `${CONTAINER}.allowPrivilegeEscalation`,
  ),

  onlyRestricted('runAsNonRoot nowhere', without('runAsNonRoot'), `${CONTAINER}.runAsNonRoot`),
  onlyRestricted('T58: a user and no runAsNonRoot', without('runAsNonRoot', 'runAsGroup'), `${CONTAINER}.runAsNonRoot`),
  onlyRestricted(
    'T56: a container overrides the pod',
    ofContainer({ runAsNonRoot: false }),
    `${CONTAINER}.runAsNonRoot`,
  ),
  onlyRestricted(
    'T57: the pod says false and every container true',
    {
      ...ofPod({ runAsNonRoot: false }),
      containers: [podContainer({ securityContext: { ...HARDENED, runAsNonRoot: true } })],
    },
    `${POD}.runAsNonRoot`,
  ),
  admitted('T56: only the containers say it', {
    ...without('runAsNonRoot'),
    containers: [podContainer({ securityContext: { ...HARDENED, runAsNonRoot: true } })],
  }),
  admitted('T59: no user', without('runAsUser')),
  onlyRestricted('T59: user 0 for the pod', ofPod({ runAsUser: 0 }), `${POD}.runAsUser`),
  onlyRestricted('T59: user 0 for a container', ofContainer({ runAsUser: 0 }), `${CONTAINER}.runAsUser`),

  refused(
    'T61: seccomp switched off',
    ofPod({ seccompProfile: { type: 'Unconfined' } }),
    `${POD}.seccompProfile.type`,
    `${CONTAINER}.seccompProfile.type`,
  ),
  refused(
    'T61: seccomp switched off for a container',
    ofContainer({ seccompProfile: { type: 'Unconfined' } }),
    `${CONTAINER}.seccompProfile.type`,
  ),
  refused('a seccomp profile without a type', ofContainer({ seccompProfile: {} }), `${CONTAINER}.seccompProfile.type`),
  onlyRestricted('T61: seccomp not set', without('seccompProfile'), `${CONTAINER}.seccompProfile.type`),
  admitted('T61: seccomp set for containers only', {
    ...without('seccompProfile'),
    containers: [podContainer({ securityContext: { ...HARDENED, seccompProfile: { type: 'Localhost' } } })],
  }),

  refused(
    'Windows processes of the host',
    ofPod({ windowsOptions: { hostProcess: true } }),
    `${POD}.windowsOptions.hostProcess`,
  ),
  refused(
    'a Windows process of the host',
    ofContainer({ windowsOptions: { hostProcess: true } }),
    `${CONTAINER}.windowsOptions.hostProcess`,
  ),

  {
    ...refused('T60: unmasked /proc', unmasked, `${CONTAINER}.procMount`),
  },
  {
    what: 'T60: unmasked /proc in a user namespace, which the baseline of 1.35 allows',
    spec: userNamespace(unmasked),
    fields: [`${CONTAINER}.procMount`],
    baseline: before(35),
    restricted: EVERY,
  },
  {
    what: 'T60: root in a user namespace, which 1.35 allows',
    spec: userNamespace(ofPod({ runAsNonRoot: false, runAsUser: 0 })),
    fields: [`${POD}.runAsNonRoot`, `${CONTAINER}.runAsNonRoot`, `${POD}.runAsUser`],
    baseline: NONE,
    restricted: before(35),
  },
  {
    ...onlyRestricted(
      'T60: root without a user namespace',
      { ...ofPod({ runAsUser: 0 }), hostUsers: true },
      `${POD}.runAsUser`,
    ),
  },

  ...['livenessProbe', 'readinessProbe', 'startupProbe'].map((field) => ({
    what: `a host in a ${field}, which 1.34 forbids`,
    spec: withContainer({ probes: [{ field, kind: 'tcpSocket', host: '169.254.169.254' }] }),
    fields: [`spec.containers[0].${field}.tcpSocket.host`],
    baseline: from(34),
    restricted: from(34),
  })),
  {
    what: 'a host in a lifecycle hook, which 1.34 forbids',
    spec: withContainer({ lifecycle: [{ field: 'lifecycle.preStop', kind: 'httpGet', host: 'example.com' }] }),
    fields: ['spec.containers[0].lifecycle.preStop.httpGet.host'],
    baseline: from(34),
    restricted: from(34),
  },

  refused('an unsafe sysctl', sysctl('kernel.msgmax'), `${POD}.sysctls[0].name`),
  admitted('a sysctl that was always safe', sysctl('net.ipv4.ip_unprivileged_port_start')),
  ...(
    [
      ['net.ipv4.ip_local_reserved_ports', 27],
      ['net.ipv4.tcp_keepalive_time', 29],
      ['net.ipv4.tcp_fin_timeout', 29],
      ['net.ipv4.tcp_keepalive_intvl', 29],
      ['net.ipv4.tcp_keepalive_probes', 29],
      ['net.ipv4.tcp_rmem', 32],
      ['net.ipv4.tcp_wmem', 32],
      ['net.ipv4.tcp_slow_start_after_idle', 37],
      ['net.ipv4.tcp_notsent_lowat', 37],
    ] as const
  ).map(([name, since]) => ({
    what: `the sysctl ${name}, which 1.${since} allows`,
    spec: sysctl(name),
    fields: [`${POD}.sysctls[0].name`],
    baseline: before(since),
    restricted: before(since),
  })),

  admitted(
    'T66: a Windows pod without the fields that only Linux has',
    onWindows({
      ...without('seccompProfile'),
      containers: [podContainer({ securityContext: {} })],
    }),
  ),
  onlyRestricted(
    'T66: a Windows pod that may run as its administrator',
    onWindows({ ...without('seccompProfile', 'runAsNonRoot'), containers: [podContainer({ securityContext: {} })] }),
    `${CONTAINER}.runAsNonRoot`,
  ),
  onlyRestricted(
    'T66: a pod that only a node selector sends to Windows',
    podSpec({
      nodeSelector: { 'kubernetes.io/os': 'windows' },
      containers: [podContainer({ securityContext: {} })],
    }),
    `${CONTAINER}.allowPrivilegeEscalation`,
    `${CONTAINER}.capabilities.drop`,
  ),
  {
    what: 'T66: what restricted replaces is not judged again: capabilities of a Windows pod',
    spec: onWindows(ofContainer({ capabilities: { add: ['SYS_ADMIN'], drop: [] } })),
    fields: [`${CONTAINER}.capabilities.add`],
    baseline: EVERY,
    restricted: NONE,
  },
];

describe.for(VERSIONS)('in Kubernetes 1.%i', (minor) => {
  test.for(ROWS.map((row) => [row.what, row] as const))('%s', ([, { spec, annotations, fields, ...row }]) => {
    const inBaseline = paths('baseline', minor, spec, annotations);
    const inRestricted = paths('restricted', minor, spec, annotations);

    if (row.baseline(minor)) expect(fields).toEqual(expect.arrayContaining(inBaseline));
    expect(inBaseline.length > 0, `baseline says ${inBaseline}`).toBe(row.baseline(minor));
    expect(inRestricted).toEqual(row.restricted(minor) ? fields : []);
  });
});

test.for(['initContainers', 'containers', 'ephemeralContainers'] as const)('T64: %s are judged', (list) => {
  const path = `spec.${list}[0]`;
  const spec = podSpec({ containers: [podContainer({ list, path, securityContext: { privileged: true } })] });

  expect(paths('baseline', 33, spec)).toEqual([`${path}.securityContext.privileged`]);
});

test('T65: a writable root file system breaks no standard', () => {
  expect(broken('restricted', 37, ofContainer({ readOnlyRootFilesystem: false }))).toEqual([]);
});

test('fields of a template are named by their place in it', () => {
  const spec = { ...podSpec({ hostNetwork: true }), path: 'spec.template.spec' };

  expect(paths('baseline', 33, spec, { [APPARMOR]: 'unconfined' })).toEqual([
    `spec.template.metadata.annotations[${APPARMOR}]`,
    'spec.template.spec.hostNetwork',
  ]);
});
