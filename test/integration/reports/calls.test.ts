import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DemoAccount } from '#demo/server.ts';
import { callsOfType } from '#shared/collectors/calls-by-type.ts';
import { collectors } from '#shared/collectors/index.generated.ts';
import { allChecks, composeApp } from '#shared/composition-root.ts';
import { loadConfig } from '#shared/config/load.ts';
import type { ResourceType } from '#shared/domain/resource.ts';
import { SCAN_TIME, useDemoAccount } from '#test/support/scan-demo.ts';

/** Services that read several types with calls of AWS. */
const SERVICES = collectors.filter(
  ({ resourceTypes, permissions }) => resourceTypes.length > 1 && permissions.length > 0,
);
const CASES = SERVICES.flatMap((collector) => collector.resourceTypes.map((type) => ({ type, collector })));

let demo: DemoAccount;

beforeAll(async () => {
  demo = await useDemoAccount();
});

afterAll(async () => {
  await demo?.close();
});

/** What a collector reads of one type, as text. */
async function read(service: string, type: ResourceType): Promise<string> {
  const app = composeApp({
    ...loadConfig('version: 1\naws: {maxAttempts: 1}', 'test', allChecks()),
    toolVersion: '0.0.0-test',
    hashKey: new Uint8Array(32),
    now: () => SCAN_TIME,
    unlimitedRate: true,
    // Clusters are known by facts of others.
    services: service === 'guardduty' ? ['ecs', 'eks', 'guardduty'] : [service],
  });
  try {
    const { resources } = await app.collect([{}], ['us-east-1']);
    return JSON.stringify(resources.filter((resource) => resource.type === type));
  } finally {
    app.close();
  }
}

describe('AU-3: the calls that a report names for a finding', () => {
  test.for(CASES)('are all that has a part in $type: without the others it is read just the same', async (one) => {
    const { type, collector } = one;
    const before = await read(collector.service, type);
    const without = collector.permissions.filter((action) => !callsOfType(type).includes(action));
    const restore = without.map((action) => demo.faults.add(action, { kind: 'deny', because: 'no-identity-policy' }));
    const after = await read(collector.service, type);
    for (const undo of restore) undo();

    expect(before).not.toBe('[]');
    expect(after).toBe(before);
  });

  test.for(SERVICES)('leave out no call of $service', ({ resourceTypes, permissions }) => {
    const named = new Set(resourceTypes.flatMap((type) => callsOfType(type)));

    expect([...named].sort()).toEqual([...permissions].sort());
  });

  test('are those of the API of the cluster, for what is inside it', () => {
    expect(callsOfType('KubernetesWorkload')).toContain('kubernetes:list pods');
  });
});
