import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { DemoAccount } from '#demo/server.ts';
import type { EksClusterState } from '#demo/world/eks-state.ts';
import { collectors } from '#shared/collectors/index.generated.ts';
import type { ProbeResult } from '#shared/domain/diagnosis.ts';
import { askCluster } from '#shared/use-cases/doctor/ask-cluster.ts';
import { diagnoseDemo } from '#test/support/diagnosis.ts';
import { useDemoAccount } from '#test/support/scan-demo.ts';

const inside = collectors.filter(({ service }) => service === 'kubernetes');

let demo: DemoAccount;

beforeAll(async () => {
  demo = await useDemoAccount();
});
afterEach(() => demo.faults.clear());
afterAll(() => demo?.close());

const named = (name: string) =>
  demo.world.accounts[0]?.regions[0]?.eks.clusters.find(({ cluster }) => cluster.name === name) as EksClusterState;

async function troubles(): Promise<readonly ProbeResult[]> {
  const { results } = await diagnoseDemo({ regions: ['us-east-1'], collectors: inside, probeCluster: askCluster });
  return results.filter(({ group, status }) => group === 'clusters' && status !== 'ok');
}

test('every cluster of the demo account can be read, which costs one item of each kind', async () => {
  expect(await troubles()).toEqual([]);
  const operations = demo.clusters.recorder.calls().map(({ operation }) => operation);
  expect(operations.length).toBeGreaterThan(0);
  expect(operations.filter((operation) => /secret/i.test(operation))).toEqual([]);
});

test('one that does not know the scanner says so (PE-7: 401)', async () => {
  const cluster = named('tide-auto');
  const entries = cluster.accessEntries.splice(0);

  expect(await troubles()).toEqual([
    expect.objectContaining({
      status: 'problem',
      subject: 'tide-auto',
      message: expect.stringContaining('tide-auto does not know the user hullcheck-demo (401)'),
      fix: expect.objectContaining({ command: expect.stringContaining('aws eks create-access-entry') }),
    }),
  ]);
  cluster.accessEntries.push(...entries);
});

test('one that lets the scanner see less than it reads names what is left out (PE-7: 403)', async () => {
  const { objects } = named('tide-prod').kubernetes!;
  const role = objects.find(({ kind, metadata }) => kind === 'ClusterRole' && metadata.name === 'hullcheck')!;
  const rules = role.rules as { resources: string[] }[];
  const whole = structuredClone(rules);
  for (const rule of rules) rule.resources = rule.resources.filter((resource) => resource !== 'networkpolicies');

  expect(await troubles()).toEqual([
    expect.objectContaining({
      status: 'problem',
      subject: 'tide-prod',
      message: expect.stringContaining('list networkpolicies.networking.k8s.io (403)'),
      fix: expect.objectContaining({ command: expect.stringContaining('aws eks update-access-entry') }),
    }),
  ]);
  role.rules = whole;
});

test('one that is not there any more is told from one that denies (PE-7: unreachable)', async () => {
  const { cluster } = named('tide-open');
  await demo.clusters.stop(cluster as { arn: string });

  expect(await troubles()).toEqual([
    expect.objectContaining({
      status: 'problem',
      subject: 'tide-open',
      message: expect.stringContaining('this network does not let connections out to it (refused)'),
    }),
  ]);
});
