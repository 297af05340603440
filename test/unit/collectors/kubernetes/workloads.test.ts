import { expect, test } from 'vitest';
import { container, pod, podSpec } from '#demo/seed/kubernetes/objects.ts';
import type { ClusterReader } from '#shared/collectors/kubernetes/cluster-reader.ts';
import { ClusterResources } from '#shared/collectors/kubernetes/cluster-resources.ts';
import { NodeIndex } from '#shared/collectors/kubernetes/nodes.ts';
import { PodGroups } from '#shared/collectors/kubernetes/pod-groups.ts';
import type { ServiceAccounts } from '#shared/collectors/kubernetes/service-accounts.ts';
import { workloadsOf } from '#shared/collectors/kubernetes/workloads.ts';
import { createClassifier } from '#shared/collectors/secrets/classifier.ts';
import { known } from '#shared/domain/observed.ts';
import { serviceAccountSummary } from '#test/factories/kubernetes.ts';

const ROLLOUT = {
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'Rollout',
  metadata: { name: 'api', namespace: 'shop', uid: 'rollout' },
};

/** The service account that a rollout's pods are judged by, given the account of each. */
async function accountOf(...names: readonly string[]) {
  const groups = new PodGroups();
  groups.begin();
  for (const name of names) {
    const spec = podSpec([container('app', 'shop:v1.2.3')], { serviceAccountName: name });
    groups.item(pod(`api-${name}`, { namespace: 'shop', owner: ROLLOUT, spec, node: 'node-1' }));
  }
  const classify = createClassifier({ hashKey: new TextEncoder().encode('test') });
  const reader = {
    context: { classify },
    reading: (_: unknown, read: () => unknown) => read(),
  } as unknown as ClusterReader;
  const context = { accountId: '111122223333', region: 'eu-central-1', partition: 'aws' };
  const of = new ClusterResources(context as never, { key: 'arn:cluster', name: 'harbour' } as never);
  const workloads = await workloadsOf(
    reader,
    { pods: known(groups.list()), controllers: [], unreadControllers: new Map() },
    {
      of,
      nodes: new NodeIndex(known([]), known([]), { autoMode: false, runsOnEc2: known(true) }),
      serviceAccounts: {
        summaryOf: (_: string, name: string) => known(serviceAccountSummary({ name })),
      } as unknown as ServiceAccounts,
      policyVersionOf: () => known('1.33'),
    },
  );
  return workloads.known ? workloads.value.all.map(({ resource }) => resource.serviceAccount) : undefined;
}

test('a workload is judged by the one account of all its pods', async () => {
  expect(await accountOf('api', 'api')).toMatchObject([{ value: { name: 'api' } }]);
});

test('while a rollout gives its pods another account, nobody speaks for both', async () => {
  expect(await accountOf('api', 'admin')).toMatchObject([{ known: false, reason: { kind: 'undecidable' } }]);
});
