import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DemoAccount } from '#demo/server.ts';
import { callsOfType } from '#shared/collectors/calls-by-type.ts';
import { collectors } from '#shared/collectors/index.generated.ts';
import { CUSTOM_READS, KUBERNETES_READS, operationOf } from '#shared/collectors/kubernetes/reads.ts';
import { allChecks, composeApp } from '#shared/composition-root.ts';
import { loadConfig } from '#shared/config/load.ts';
import type { Collector } from '#shared/domain/ports.ts';
import type { Resource } from '#shared/domain/resource.ts';
import { SCAN_TIME, useDemoAccount } from '#test/support/scan-demo.ts';

/** Services that read several types. */
const SERVICES = collectors.filter(({ resourceTypes }) => resourceTypes.length > 1);
const CASES = SERVICES.flatMap((collector) => collector.resourceTypes.map((type) => ({ type, collector })));

let demo: DemoAccount;

beforeAll(async () => {
  demo = await useDemoAccount();
  demo.world.accounts[0]?.regions[0]?.eks.clusters
    .find(({ kubernetes }) => kubernetes !== undefined)
    ?.kubernetes?.objects.push({
      apiVersion: 'networking.k8s.io/v1',
      kind: 'Ingress',
      metadata: { name: 'shop', namespace: 'default' },
      spec: { ingressClassName: 'alb', rules: [] },
    });
});

afterAll(async () => {
  await demo?.close();
});

/** What a collector asks: AWS for what its role may, a cluster for what its ClusterRole may. */
function operationsOf({ service, permissions }: Collector): readonly string[] {
  if (service !== 'kubernetes') return permissions;
  return ['kubernetes:get /apis', ...[...Object.values(KUBERNETES_READS), ...CUSTOM_READS].map(operationOf)];
}

/** How the demo names a call; it says of a request to a cluster neither group nor name. */
function inDemo(operation: string): string {
  return operation.replace(/^(kubernetes:(?:list|get) [a-z]+).*$/, '$1');
}

const undisturbed = new Map<string, Promise<readonly Resource[]>>();

/** What a collector reads while nothing is denied, read once. */
function readBefore(service: string): Promise<readonly Resource[]> {
  const own = undisturbed.get(service) ?? read(service);
  undisturbed.set(service, own);
  return own;
}

/** What a collector reads. */
async function read(service: string): Promise<readonly Resource[]> {
  const app = composeApp({
    ...loadConfig('version: 1\naws: {maxAttempts: 1}', 'test', allChecks()),
    toolVersion: '0.0.0-test',
    hashKey: new Uint8Array(32),
    now: () => SCAN_TIME,
    unlimitedRate: true,
    // Clusters are known by facts of others.
    services: { guardduty: ['ecs', 'eks', 'guardduty'], kubernetes: ['eks', 'kubernetes'] }[service] ?? [service],
  });
  try {
    return (await app.collect([{}], ['us-east-1'])).resources;
  } finally {
    app.close();
  }
}

describe('AU-3: the calls that a report names for a finding', () => {
  test.for(CASES)('are all that has a part in $type: without the others it is read just the same', async (one) => {
    const { type, collector } = one;
    const before = (await readBefore(collector.service)).filter((resource) => resource.type === type);
    const named = new Set(callsOfType(type).map(inDemo));
    const without = operationsOf(collector)
      .map(inDemo)
      .filter((operation) => !named.has(operation));
    const restore = without.map((action) => demo.faults.add(action, { kind: 'deny', because: 'no-identity-policy' }));
    const after = (await read(collector.service)).filter((resource) => resource.type === type);
    for (const undo of restore) undo();

    expect(before).not.toEqual([]);
    expect(after).toEqual(before);
  });

  test.for(SERVICES)('leave out no call of $service', (collector) => {
    const named = new Set(collector.resourceTypes.flatMap((type) => callsOfType(type)));

    expect([...named].sort()).toEqual(operationsOf(collector).toSorted());
  });
});
