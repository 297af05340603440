import { afterEach, beforeEach, expect, test } from 'vitest';
import type { DemoAccount } from '#demo/server.ts';
import type { KubernetesState } from '#demo/world/kubernetes-state.ts';
import { allChecks, composeApp, openLedger } from '#shared/composition-root.ts';
import { loadConfig } from '#shared/config/load.ts';
import type { Ledger } from '#shared/domain/ledger.ts';
import { useDemoAccount } from '#test/support/scan-demo.ts';

let demo: DemoAccount;
let ledger: Ledger;
let clock: Date;

beforeEach(async () => {
  clock = new Date('2026-11-23T12:00:00Z');
  demo = await useDemoAccount();
  ledger = await openLedger(':memory:', () => clock);
});

afterEach(async () => {
  ledger.close();
  await demo.close();
});

const topic = () => demo.world.accounts[0]?.regions[0]?.topics[0];

/** One scan that tells what changed, an hour after the last one. */
async function scan(routes: readonly object[] = []): Promise<readonly Record<string, unknown>[]> {
  clock = new Date(clock.getTime() + 3_600_000);
  const sns = { topics: { machine: topic()?.arn }, routes, maxImmediatePerRun: 50 };
  const app = composeApp({
    ...loadConfig(JSON.stringify({ version: 1, publish: { sns } }), 'test', allChecks()),
    toolVersion: '0.0.0-test',
    hashKey: new Uint8Array(32),
    now: () => clock,
    unlimitedRate: true,
    services: ['eks', 'kubernetes'],
  });
  try {
    await app.publish(app.evaluate(await app.collect([{}], ['us-east-1'])), ['security-hub', 'sns'], ledger);
  } finally {
    app.close();
  }
  return (topic()?.messages.splice(0) ?? []).map(({ message }) => JSON.parse(message));
}

function clusterNamed(name: string) {
  const found = demo.world.accounts[0]?.regions[0]?.eks.clusters.find(({ cluster }) => cluster.name === name);
  if (found?.kubernetes === undefined) throw new Error(`The demo has no cluster ${name}.`);
  return { ...found, inside: found.kubernetes as KubernetesState };
}

/** What Security Hub holds of a cluster's inside, and has not been closed. */
function openIn(cluster: string): readonly string[] {
  const findings = demo.world.accounts[0]?.regions[0]?.security.findings ?? new Map();
  return [...findings.values()]
    .filter(({ Id = '', RecordState, Compliance }) => {
      const isOpen = RecordState === 'ACTIVE' && Compliance?.Status === 'FAILED';
      return isOpen && Id.includes(`:cluster/${cluster}/`);
    })
    .map(({ Id = '' }) => Id)
    .sort();
}

test('SH-2: a cluster that cannot be reached closes nothing, and closes what is gone when it is back', async () => {
  await scan();
  const before = openIn('tide-prod');
  const { inside } = clusterNamed('tide-prod');
  inside.objects = inside.objects.filter(({ metadata }) => !metadata.name.startsWith('node-tuner'));
  const undo = demo.faults.add('kubernetes:*', { kind: 'reset' }, { when: ({ cluster }) => cluster === 'tide-prod' });
  await scan();

  expect(before.length).toBeGreaterThan(10);
  expect(openIn('tide-prod')).toEqual(before);
  undo();
  await scan();
  expect(openIn('tide-prod')).toEqual(before.filter((id) => !id.includes('node-tuner')));
});

test('SH-3: what changes in one cluster closes nothing of the same name in another', async () => {
  await scan();
  const before = openIn('tide-open');
  const { inside } = clusterNamed('tide-prod');
  inside.objects = inside.objects.filter(({ metadata }) => metadata.namespace !== 'kube-system');
  await scan();

  expect(before.some((id) => id.includes('kube-system'))).toBe(true);
  expect(openIn('tide-prod').filter((id) => id.includes('/kube-system/'))).toEqual([]);
  expect(openIn('tide-open')).toEqual(before);
});

test('an alert of a workload that became worse names its cluster and namespace', async () => {
  await scan();
  const { inside } = clusterNamed('tide-prod');
  for (const one of inside.objects.filter(
    ({ metadata, kind }) => kind === 'Pod' && metadata.name.startsWith('storefront'),
  )) {
    const { containers } = one.spec as { containers: { securityContext: Record<string, unknown> }[] };
    for (const { securityContext } of containers) securityContext.privileged = true;
  }
  const messages = await scan();

  expect(JSON.stringify(messages)).toContain('workload-not-privileged');
  expect(JSON.stringify(messages)).toContain('"namespace":"production"');
  expect(JSON.stringify(messages)).toContain('"cluster":"tide-prod"');
});
