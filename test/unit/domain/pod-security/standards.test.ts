import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  brokenControls,
  minorVersionOf,
  NEWEST_MINOR,
  POD_SECURITY_CONTROLS,
} from '#shared/domain/pod-security/standards.ts';
import type { ContainerSecurityContext, PodSecurityContext, PodSpec } from '#shared/domain/pod-spec.ts';
import { podContainer, podSpec } from '#test/factories/kubernetes.ts';

const BARE = podSpec();

/** A field that may be left out. */
function orAbsent<T>(values: fc.Arbitrary<T>) {
  return fc.option(values, { nil: undefined });
}

function set<T extends object>(fields: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never;
}

const profileType = fc.constantFrom('RuntimeDefault', 'Localhost', 'Unconfined');
const common = {
  runAsNonRoot: orAbsent(fc.boolean()),
  runAsUser: orAbsent(fc.constantFrom(0, 1000)),
  seccomp: orAbsent(profileType),
};
const anyPod = fc.record({
  hostUsers: orAbsent(fc.boolean()),
  windows: fc.boolean(),
  ...common,
  containers: fc.array(
    fc.record({
      ...common,
      escalation: orAbsent(fc.boolean()),
      procMount: orAbsent(fc.constantFrom('Default', 'Unmasked')),
      drop: orAbsent(fc.constantFrom<string[]>([], ['ALL'], ['all'], ['NET_RAW', 'ALL'])),
      add: fc.constantFrom<string[]>([], ['NET_BIND_SERVICE'], ['CHOWN'], ['SYS_ADMIN']),
    }),
    { minLength: 1, maxLength: 3 },
  ),
});
type AnyPod = typeof anyPod extends fc.Arbitrary<infer T> ? T : never;

function specOf(pod: AnyPod): PodSpec {
  const contextOf = (one: {
    runAsNonRoot?: boolean | undefined;
    runAsUser?: number | undefined;
    seccomp?: string | undefined;
  }) =>
    set({
      runAsNonRoot: one.runAsNonRoot,
      runAsUser: one.runAsUser,
      seccompProfile: one.seccomp === undefined ? undefined : { type: one.seccomp },
    });
  const lists = ['containers', 'initContainers', 'ephemeralContainers'] as const;
  return {
    ...BARE,
    ...set({ hostUsers: pod.hostUsers, os: pod.windows ? 'windows' : undefined }),
    securityContext: contextOf(pod) as PodSecurityContext,
    containers: pod.containers.map((container, index) =>
      podContainer({
        list: lists[index] ?? 'containers',
        path: `spec.${lists[index]}[0]`,
        securityContext: {
          ...contextOf(container),
          ...set({
            allowPrivilegeEscalation: container.escalation,
            procMount: container.procMount,
            capabilities: container.drop === undefined ? undefined : { add: container.add, drop: container.drop },
          }),
        } as ContainerSecurityContext,
      }),
    ),
  };
}

/** The text of the standards, sentence by sentence, as somebody would check a pod by hand. */
function isRestricted(pod: AnyPod, minor: number): boolean {
  const ownNamespace = pod.hostUsers === false && minor >= 35;
  return pod.containers.every((container) => {
    const runsAsNonRoot = container.runAsNonRoot === undefined ? pod.runAsNonRoot : container.runAsNonRoot;
    const seccomp = container.seccomp === undefined ? pod.seccomp : container.seccomp;
    const refusesRoot = runsAsNonRoot === true && pod.runAsNonRoot !== false;
    const asksForRoot = container.runAsUser === 0 || pod.runAsUser === 0;
    const masked = container.procMount !== 'Unmasked';
    const added = container.drop === undefined ? [] : container.add;
    const linux =
      pod.windows ||
      (container.escalation === false &&
        (container.drop ?? []).includes('ALL') &&
        !added.includes('CHOWN') &&
        !added.includes('SYS_ADMIN') &&
        (seccomp === 'RuntimeDefault' || seccomp === 'Localhost') &&
        pod.seccomp !== 'Unconfined');
    return masked && linux && (ownNamespace || (refusesRoot && !asksForRoot));
  });
}

function isBaseline(pod: AnyPod, minor: number): boolean {
  const ownNamespace = pod.hostUsers === false && minor >= 35;
  if (pod.seccomp === 'Unconfined') return false;
  return pod.containers.every((container) => {
    const adds = container.drop !== undefined && container.add.includes('SYS_ADMIN');
    return container.seccomp !== 'Unconfined' && !adds && (ownNamespace || container.procMount !== 'Unmasked');
  });
}

describe('a naive reading of the standards agrees', () => {
  const metadata = { labels: {}, annotations: {} };

  test.for(['baseline', 'restricted'] as const)('on %s, for what pod and containers say or leave out', (level) => {
    fc.assert(
      fc.property(anyPod, fc.integer({ min: 25, max: 40 }), (pod, minor) => {
        const naive = level === 'baseline' ? isBaseline(pod, minor) : isRestricted(pod, minor);
        expect(brokenControls(level, minor, { metadata, spec: specOf(pod) }).length === 0).toBe(naive);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('the controls', () => {
  test('have the ids of admission, each once', () => {
    expect(POD_SECURITY_CONTROLS.map(({ id }) => id)).toEqual([
      'appArmorProfile',
      'capabilities_baseline',
      'hostNamespaces',
      'hostPathVolumes',
      'hostPorts',
      'hostProbesAndHostLifecycle',
      'privileged',
      'procMount',
      'seLinuxOptions',
      'seccompProfile_baseline',
      'sysctls',
      'windowsHostProcess',
      'allowPrivilegeEscalation',
      'capabilities_restricted',
      'procMount_restricted',
      'restrictedVolumes',
      'runAsNonRoot',
      'runAsUser',
      'seccompProfile_restricted',
    ]);
  });

  test('are revised in order', () => {
    for (const { id, versions } of POD_SECURITY_CONTROLS) {
      const since = versions.map((version) => version.since);
      expect(since, id).toEqual([...new Set(since)].sort((left, right) => left - right));
    }
  });

  test('are known up to the newest version that is offered', () => {
    const revisions = POD_SECURITY_CONTROLS.flatMap(({ versions }) => versions.map(({ since }) => since));

    expect(Math.max(...revisions)).toBeLessThanOrEqual(NEWEST_MINOR);
  });

  test('T69: an old version forbids less', () => {
    const { securityContext: _, ...rest } = podContainer();
    const spec = podSpec({ securityContext: { runAsNonRoot: true, runAsUser: 0 }, containers: [rest] });
    const ids = (minor: number) =>
      brokenControls('restricted', minor, { metadata: { labels: {}, annotations: {} }, spec }).map(
        ({ control }) => control,
      );

    expect(ids(7)).toEqual([]);
    expect(ids(18)).toEqual(['allowPrivilegeEscalation']);
    expect(ids(19)).toEqual(['allowPrivilegeEscalation', 'seccompProfile_restricted']);
    expect(ids(22)).toContain('capabilities_restricted');
    expect(ids(22)).not.toContain('runAsUser');
    expect(ids(23)).toContain('runAsUser');
  });

  test('before 1.19 seccomp was an annotation', () => {
    const annotations = {
      'seccomp.security.alpha.kubernetes.io/pod': 'unconfined',
      'container.seccomp.security.alpha.kubernetes.io/app': 'docker/default',
      'container.seccomp.security.alpha.kubernetes.io/another': 'unconfined',
    };
    const fields = (minor: number) =>
      brokenControls('baseline', minor, { metadata: { labels: {}, annotations }, spec: podSpec() }).flatMap(
        ({ violations }) => violations.map(({ path }) => path),
      );

    expect(fields(18)).toEqual(['metadata.annotations[seccomp.security.alpha.kubernetes.io/pod]']);
    expect(fields(19)).toEqual([]);
  });
});

test.for([
  ['1.33', 33],
  ['v1.25', 25],
  ['v1.0', 0],
  ['latest', Number.POSITIVE_INFINITY],
  ['1.05', undefined],
  ['2.1', undefined],
  ['1.33.1', undefined],
  ['', undefined],
] as const)('the minor version of %s is %s', ([version, minor]) => {
  expect(minorVersionOf(version)).toBe(minor);
});
