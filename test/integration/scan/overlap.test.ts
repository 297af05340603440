import { afterEach, beforeEach, expect, test } from 'vitest';
import type { DemoAccount } from '#demo/server.ts';
import type { RegionState } from '#demo/world/world.ts';
import { allChecks, composeApp } from '#shared/composition-root.ts';
import { loadConfig } from '#shared/config/load.ts';
import { SCAN_TIME, useDemoAccount } from '#test/support/scan-demo.ts';

const CHECK = 'ecs-task-root-filesystem-readonly';
const LOOKUP = 'securityhub:ListStandardsControlAssociations';

let demo: DemoAccount;

beforeEach(async () => {
  demo = await useDemoAccount();
});

afterEach(() => demo?.close());

function home(): RegionState {
  return demo.world.accounts[0]?.regions.find(({ name }) => name === 'us-east-1') as RegionState;
}

/** One `scan --publish security-hub` of the check that ECS.5 overlaps; the findings as Security Hub has them. */
async function publish(securityHub: object = {}) {
  const app = composeApp({
    ...loadConfig(
      JSON.stringify({ version: 1, aws: { maxAttempts: 2 }, publish: { securityHub } }),
      'test',
      allChecks(),
    ),
    toolVersion: '0.0.0-test',
    hashKey: new Uint8Array(32),
    now: () => SCAN_TIME,
    unlimitedRate: true,
    checkIds: [CHECK],
  });
  try {
    const result = app.evaluate(await app.collect([{}], ['us-east-1']));
    const reports = await app.publish(result, ['security-hub']);
    expect(reports).toMatchObject([{ rejected: [], notPublished: [] }]);
  } finally {
    app.close();
  }
  return [...home().security.findings.values()].filter(({ GeneratorId }) => GeneratorId === CHECK);
}

const labels = (findings: Awaited<ReturnType<typeof publish>>) => [
  ...new Set(findings.map(({ Severity }) => Severity?.Label)),
];

test('SH-14: what an enabled control of AWS reports as well is informational, and says why', async () => {
  home().security.enabledControls.add('ECS.5');

  const findings = await publish();

  expect(findings).not.toEqual([]);
  expect(labels(findings)).toEqual(['INFORMATIONAL']);
  expect(new Set(findings.map(({ ProductFields }) => ProductFields?.severityReason))).toEqual(
    new Set(["informational: Security Hub's own control ECS.5 is enabled here and reports the same"]),
  );
  expect(demo.recorder.count(LOOKUP)).toBe(1);
});

test('SH-14: it keeps its severity where the control is not enabled', async () => {
  const findings = await publish();

  expect(labels(findings)).toContain('HIGH');
  expect(labels(findings)).not.toContain('INFORMATIONAL');
});

test('SH-14: it keeps its severity where nobody may ask', async () => {
  home().security.enabledControls.add('ECS.5');
  demo.faults.add(LOOKUP, { kind: 'deny', because: 'no-identity-policy' });

  expect(labels(await publish())).not.toContain('INFORMATIONAL');
});

test('SH-14: it is left out where that is wanted and the control is enabled', async () => {
  home().security.enabledControls.add('ECS.5');

  expect(await publish({ onOverlap: 'skipIfControlEnabled' })).toEqual([]);
});
