import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { homeAccount } from '#demo/seed/tidewater.ts';
import type { KubernetesObject } from '#demo/world/kubernetes-state.ts';
import { AUDIT_DETAIL_TYPE, AUDIT_SOURCE } from '#shared/collectors/kubernetes/triggers.ts';
import { type Deployment, deploy } from '#test/support/deployment.ts';

let deployment: Deployment;

beforeAll(async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  deployment = await deploy({
    setTime: (now) => vi.setSystemTime(now),
    config: { scope: { regions: ['us-east-1'], services: ['eks', 'kubernetes'] } },
  });
  await deployment.run();
  deployment.advance(60);
  await deployment.recheck();
});

afterAll(async () => {
  await deployment?.close();
  vi.useRealTimers();
});

const CLUSTER = `arn:aws:eks:us-east-1:${homeAccount}:cluster/tide-prod`;

function home() {
  const [region] = deployment.demo.world.accounts[0]?.regions ?? [];
  if (region === undefined) throw new Error('the demo has no region');
  return region;
}

function inside() {
  const found = home().eks.clusters.find(({ cluster }) => cluster.name === 'tide-prod')?.kubernetes;
  if (found === undefined) throw new Error('the demo has no cluster');
  return found;
}

function published(checkId: string, uid: string) {
  return [...home().security.findings.values()].find(
    ({ Id = '' }) => Id === `hullcheck/aws/${homeAccount}/us-east-1/${checkId}/${uid}`,
  );
}

/** What the fragment in infra/kubernetes sends for a line of the audit log; then whatever follows from it. */
async function audited(objectRef: object): Promise<void> {
  deployment.demo.bus.post({
    source: AUDIT_SOURCE,
    'detail-type': AUDIT_DETAIL_TYPE,
    account: homeAccount,
    region: 'us-east-1',
    resources: [],
    detail: { cluster: 'tide-prod', ...objectRef },
  });
  deployment.advance(60);
  deployment.demo.clusters.recorder.clear();
  await deployment.recheck();
}

const podsOf = (name: string): KubernetesObject[] =>
  inside().objects.filter(({ kind, metadata }) => kind === 'Pod' && metadata.name.startsWith(name));

test('a run judges clusters by what their insides show, within the same run', () => {
  const verdict = published('eks-cluster-network-policy-enforced', CLUSTER.replace('tide-prod', 'tide-open'));

  expect(verdict).toMatchObject({ Compliance: { Status: 'FAILED' } });
});

describe('a line of an audit log', () => {
  const deploymentOf = (name: string) => ({ resource: 'deployments', namespace: 'production', name });
  const uid = `${CLUSTER}/production/Deployment/storefront`;

  test('makes the touched object be read again: a change for the worse is told at once', async () => {
    for (const { spec } of podsOf('storefront')) {
      const { containers } = spec as { containers: { securityContext: Record<string, unknown> }[] };
      for (const { securityContext } of containers) securityContext.privileged = true;
    }
    const isolated = () => published('network-ingress-isolated', `${CLUSTER}/production`)?.Compliance?.Status;
    const before = isolated();
    await audited(deploymentOf('storefront'));

    expect(published('workload-not-privileged', uid)).toMatchObject({ Compliance: { Status: 'FAILED' } });
    // What enforces policies is elsewhere, and still there.
    expect(isolated()).toBe(before);
    const messages = home().topics.flatMap((topic) => topic.messages.map(({ message }) => message));
    expect(messages.some((message) => message.includes('workload-not-privileged'))).toBe(true);
  });

  test('reads one namespace of one cluster, and not the others', async () => {
    await audited(deploymentOf('storefront'));
    const calls = deployment.demo.clusters.recorder.calls();

    expect(calls.filter(({ operation }) => operation === 'kubernetes:list pods')).toHaveLength(1);
    expect(deployment.demo.clusters.recorder.count('kubernetes:get /apis')).toBe(1);
  });

  test('closes what is gone', async () => {
    inside().objects = inside().objects.filter(({ metadata }) => !metadata.name.startsWith('storefront'));
    await audited(deploymentOf('storefront'));

    expect(published('workload-not-privileged', uid)).toMatchObject({ RecordState: 'ARCHIVED' });
  });

  test('closes nothing when the cluster does not answer', async () => {
    const ledger = `${CLUSTER}/legacy/DaemonSet/node-tuner`;
    const undo = deployment.demo.faults.add('kubernetes:*', { kind: 'reset' });
    inside().objects = inside().objects.filter(({ metadata }) => !metadata.name.startsWith('node-tuner'));
    // A moment later it may answer: the event comes again.
    await expect(audited({ resource: 'daemonsets', namespace: 'legacy', name: 'node-tuner' })).rejects.toThrow(
      'came back',
    );
    undo();

    expect(published('workload-not-privileged', ledger)).toMatchObject({ RecordState: 'ACTIVE' });
  });

  test('that concerns the whole cluster asks for a scan of the insides', async () => {
    inside().objects.push({
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata: { name: 'quick-fix', uid: 'quick-fix' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
      subjects: [{ kind: 'Group', apiGroup: 'rbac.authorization.k8s.io', name: 'developers' }],
    });
    await audited({ resource: 'clusterrolebindings', name: 'quick-fix' });
    await deployment.drainUnits();

    expect(published('identity-rbac-no-cluster-admin', `${CLUSTER}/ClusterRoleBinding/quick-fix`)).toMatchObject({
      Compliance: { Status: 'FAILED' },
    });
  });
});
