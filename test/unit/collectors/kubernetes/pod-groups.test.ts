import { describe, expect, test } from 'vitest';
import { container, deployment, object, ownerOf, pod, podSpec, statefulSet } from '#demo/seed/kubernetes/objects.ts';
import type { KubernetesObject } from '#demo/world/kubernetes-state.ts';
import { type Controller, readController, topOwnerOf } from '#shared/collectors/kubernetes/controllers.ts';
import { PodGroups } from '#shared/collectors/kubernetes/pod-groups.ts';
import { KUBERNETES_READS } from '#shared/collectors/kubernetes/reads.ts';
import { known } from '#shared/domain/observed.ts';
import { denied } from '#test/support/judge.ts';

const image = '111122223333.dkr.ecr.us-east-1.amazonaws.com/shop:v1.2.3';
const spec = podSpec([container('app', image)], { automountServiceAccountToken: true });
const place = { namespace: 'shop', spec, nodes: ['node-1', 'node-2'] };

function groupsOf(objects: readonly KubernetesObject[]) {
  const groups = new PodGroups();
  groups.begin();
  for (const one of objects) if (one.kind === 'Pod') groups.item(one);
  return groups.list();
}

function controllersOf(objects: readonly KubernetesObject[]): ReadonlyMap<string, Controller> {
  const reads = Object.values(KUBERNETES_READS);
  return new Map(
    objects.flatMap((one) => {
      const what = reads.find(({ kind }) => kind === one.kind && kind !== 'Pod');
      return what === undefined ? [] : [[one.metadata.uid ?? '', readController(what, one)] as const];
    }),
  );
}

function ownersOf(objects: readonly KubernetesObject[], index = controllersOf(objects)) {
  return groupsOf(objects).map((group) => topOwnerOf(group, index, new Map()));
}

const owner = (apiVersion: string, kind: string, name: string) => known({ apiVersion, kind, namespace: 'shop', name });

describe('T70: pods are told of by their top controller', () => {
  test('replicas of a Deployment are one, however many nodes they run on', () => {
    const objects = deployment({ ...place, name: 'api', replicas: 4 });
    const [group] = groupsOf(objects);

    expect(group?.variants.size).toBe(1);
    expect([...(group?.variants.values() ?? [])][0]?.nodes).toEqual(new Set(['node-1', 'node-2']));
    expect(ownersOf(objects)).toEqual([owner('apps/v1', 'Deployment', 'api')]);
  });

  test('pods of a StatefulSet are one, though each has a claim and a name of its own', () => {
    const objects = statefulSet({ ...place, name: 'ledger', replicas: 3 });

    expect(groupsOf(objects).map(({ variants }) => variants.size)).toEqual([1]);
    expect(ownersOf(objects)).toEqual([owner('apps/v1', 'StatefulSet', 'ledger')]);
  });

  test('a pod of a Job is its CronJob’s', () => {
    const cronJob = object('batch/v1', 'CronJob', 'report', { namespace: 'shop', spec: {} });
    const job = object('batch/v1', 'Job', 'report-29380140', {
      namespace: 'shop',
      ownerReferences: [ownerOf(cronJob)],
    });
    const run = pod('report-29380140-x1', { namespace: 'shop', owner: job, spec, node: 'node-1' });

    expect(ownersOf([cronJob, job, run])).toEqual([owner('batch/v1', 'CronJob', 'report')]);
  });

  test('a bare pod is itself', () => {
    expect(ownersOf([pod('shell', { namespace: 'shop', spec, node: 'node-1' })])).toEqual([
      owner('v1', 'Pod', 'shell'),
    ]);
  });

  test('a pod of somebody else’s controller is that controller’s', () => {
    const rollout = object('argoproj.io/v1alpha1', 'Rollout', 'api', { namespace: 'shop' });
    const replicaSet = object('apps/v1', 'ReplicaSet', 'api-5d9c', {
      namespace: 'shop',
      ownerReferences: [ownerOf(rollout)],
    });
    const run = pod('api-5d9c-x1', { namespace: 'shop', owner: replicaSet, spec, node: 'node-1' });

    expect(ownersOf([replicaSet, run])).toEqual([owner('argoproj.io/v1alpha1', 'Rollout', 'api')]);
  });

  test('a static pod is one on all nodes: its name without the node’s', () => {
    const annotations = { 'kubernetes.io/config.mirror': 'abc' };
    const mirrored = ['node-1', 'node-2'].map((node) =>
      pod(`proxy-${node}`, { namespace: 'shop', annotations, spec, node }),
    );

    expect(groupsOf(mirrored)).toMatchObject([{ name: 'proxy', isStatic: true }]);
  });

  test.for(['Succeeded', 'Failed'])('a pod that has %s runs nothing', (phase) => {
    expect(groupsOf([pod('done', { namespace: 'shop', spec, node: 'node-1', phase })])).toEqual([]);
  });

  test('where ReplicaSets could not be read, the hash of the template still names the Deployment', () => {
    const objects = deployment({ ...place, name: 'api', replicas: 1 });

    expect(ownersOf(objects, new Map())).toEqual([owner('apps/v1', 'Deployment', 'api')]);
  });

  test('where Jobs could not be read, nobody knows whose a pod is', () => {
    const job = object('batch/v1', 'Job', 'report-29380140', { namespace: 'shop' });
    const [group] = groupsOf([pod('run', { namespace: 'shop', owner: job, spec, node: 'node-1' })]);
    const { reason } = denied('kubernetes:list jobs.batch') as Extract<ReturnType<typeof denied>, { known: false }>;

    expect(group && topOwnerOf(group, new Map(), new Map([['Job', reason]]))).toEqual({ known: false, reason });
  });
});

describe('T71: what runs is judged, not what was written', () => {
  test('pods that a webhook changed are a variant of their own', () => {
    const objects = deployment({ ...place, name: 'api', replicas: 2 });
    const changed = objects.findLast(({ kind }) => kind === 'Pod');
    const { containers = [] } = (changed?.spec ?? {}) as { containers?: object[] };
    containers.push({ name: 'sidecar', image: 'registry.example/proxy:v1' });

    expect(groupsOf(objects).map(({ variants }) => variants.size)).toEqual([2]);
  });

  test('the volume of the token keeps its place, and loses the name that each pod has of its own', () => {
    const [group] = groupsOf([pod('shell', { namespace: 'shop', spec, node: 'node-1' })]);
    const [alike] = [...(group?.variants.values() ?? [])];
    const { volumes = [], containers = [] } = (alike?.raw.spec ?? {}) as {
      volumes?: { name: string }[];
      containers?: { volumeMounts: { name: string }[] }[];
    };

    expect(volumes.map(({ name }) => name)).toEqual(['tmp', 'kube-api-access']);
    expect(containers[0]?.volumeMounts.map(({ name }) => name)).toEqual(['tmp', 'kube-api-access']);
  });
});

test('images are known by the digests that the kubelet resolved, never by their tags (T17)', () => {
  const run = pod('shell', { namespace: 'shop', spec, node: 'node-1' });
  const [group] = groupsOf([run]);
  const images = [...(group?.variants.values() ?? [])].flatMap((alike) => [...alike.images.values()]);

  expect(images).toEqual([{ image, digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/), setsUser: true }]);
});

test('a list that begins again forgets what it gave before', () => {
  const groups = new PodGroups();
  groups.begin();
  groups.item(pod('old', { namespace: 'shop', spec, node: 'node-1' }));
  groups.begin();
  groups.item(pod('new', { namespace: 'shop', spec, node: 'node-1' }));

  expect(groups.list().map(({ name }) => name)).toEqual(['new']);
});
