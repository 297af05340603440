import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { insideLargeCluster } from '#demo/seed/kubernetes/large.ts';
import { insideEmptyCluster } from '#demo/seed/kubernetes/tide-open.ts';
import { type DemoAccount, startDemoAccount } from '#demo/server.ts';
import type { KubernetesState } from '#demo/world/kubernetes-state.ts';
import { ROOT } from '#test/support/all-checks.ts';

const SIZE = { namespaces: 200, deploymentsPerNamespace: 5, podsPerDeployment: 5 };
const PAGE = 500;
/** A scan in a process of its own, which says how much memory it had at its peak. */
const MEASURED = `
process.on('exit', () => process.stderr.write('peak ' + process.resourceUsage().maxRSS * 1024));
process.argv = [process.argv[0], 'hullcheck', 'collect', '--region', 'us-east-1', '--service', 'eks', 'kubernetes', '--output', '/dev/null', '--quiet'];
await import('./functions/cli/main.ts');
`;

let demo: DemoAccount;

beforeEach(async () => {
  demo = await startDemoAccount();
});

afterEach(async () => {
  await demo.close();
});

/** @returns the most memory the process had, in megabytes */
async function peakOf(inside: KubernetesState): Promise<number> {
  const [cluster] = demo.world.accounts[0]?.regions[0]?.eks.clusters ?? [];
  if (cluster === undefined) throw new Error('The demo has no cluster.');
  cluster.kubernetes = inside;
  demo.clusters.recorder.clear();
  const env = { PATH: process.env.PATH ?? '', HOME: '/nonexistent', AWS_EC2_METADATA_DISABLED: 'true', ...demo.env };
  const child = spawn(process.execPath, ['--input-type=module', '-e', MEASURED], { cwd: ROOT, env });
  let told = '';
  child.stderr.setEncoding('utf8').on('data', (chunk) => {
    told += chunk;
  });
  await once(child, 'close');
  return Number(/peak (\d+)/.exec(told)?.[1] ?? told) / 1e6;
}

test('5,000 pods in 200 namespaces take less than 200 MB and at most one page more than the least calls', async () => {
  const baseline = await peakOf(insideEmptyCluster());
  const inside = insideLargeCluster(SIZE);
  const pods = inside.objects.filter(({ kind }) => kind === 'Pod').length;
  const peak = await peakOf(inside);

  expect(pods).toBeGreaterThan(5000);
  expect(peak - baseline, `${Math.round(baseline)} MB without, ${Math.round(peak)} MB with them`).toBeLessThan(200);
  for (const [operation, kind] of [
    ['kubernetes:list pods', 'Pod'],
    ['kubernetes:list deployments', 'Deployment'],
    ['kubernetes:list replicasets', 'ReplicaSet'],
    ['kubernetes:list serviceaccounts', 'ServiceAccount'],
  ] as const) {
    const objects = inside.objects.filter((object) => object.kind === kind).length;
    // The two other clusters take one page each.
    expect(demo.clusters.recorder.count(operation, { outcome: 'ok' }) - 2).toBe(Math.ceil(objects / PAGE));
  }
}, 120_000);
