import { expect, test } from 'vitest';
import { reportOnScan } from '#shared/compose-report.ts';
import { allChecks } from '#shared/composition-root.ts';
import { loadConfig } from '#shared/config/load.ts';
import type { Finding } from '#shared/domain/finding.ts';
import type { WaiverUse } from '#shared/domain/result.ts';
import type { ScanResult } from '#shared/use-cases/evaluate-inventory.ts';
import { finding, taskDefinitionReference, waiver } from '#test/factories/finding.ts';
import { ACCOUNT, REGION } from '#test/factories/resource.ts';
import { everythingRead, filesOf, previousOf, RUN_AT, reportOf } from '#test/support/report.ts';

const OTHER_ACCOUNT = '444455556666';
const coverage = [...everythingRead(), ...everythingRead(OTHER_ACCOUNT)];
const slice = { kind: 'account', id: ACCOUNT } as const;

function failureIn(accountId: string, name: string, overrides: Partial<Finding> = {}): Finding {
  const uid = `arn:aws:ecs:${REGION}:${accountId}:task-definition/${name}`;
  return finding({ resource: taskDefinitionReference({ accountId, uid, name }), ...overrides });
}

test('AU-7: a report on one account counts as gone what is gone there, and nothing of other accounts', async () => {
  const failures = [failureIn(ACCOUNT, 'a'), failureIn(OTHER_ACCOUNT, 'b'), failureIn(OTHER_ACCOUNT, 'c')];
  const startedAt = '2026-11-22T12:00:00.000Z';
  const previous = await previousOf(await filesOf(await reportOf(failures, { coverage, startedAt })));
  const goneIn = async (asked: object) => {
    const report = await reportOf([], { coverage, previous, ...asked });
    await report.dispose();
    return report.head.trend?.byChange.gone;
  };

  expect(await goneIn({})).toBe(3);
  expect(await goneIn({ slice })).toBe(1);
});

/** The register of a report on a scan of two accounts, in which each waiver hides one failure more than the one before. */
async function registerOf(asked: object) {
  const findings = [
    failureIn(ACCOUNT, 'a', { waiver: waiver() }),
    failureIn(OTHER_ACCOUNT, 'b', { waiver: waiver() }),
    failureIn(OTHER_ACCOUNT, 'c', { waiver: waiver({ id: 'elsewhere' }) }),
  ];
  const uses: WaiverUse[] = [
    { id: 'legacy-batch', state: 'active', hidden: 2, findingIds: findings.slice(0, 2).map(({ id }) => id) },
    { id: 'elsewhere', state: 'active', hidden: 1, findingIds: findings.slice(2).map(({ id }) => id) },
    { id: 'over', state: 'expired', hidden: 0 },
  ];
  const header = {
    startedAt: RUN_AT,
    finishedAt: RUN_AT,
    tool: { name: 'hullcheck', version: '0.0.0-test', ruleSetHash: 'sha256:test' },
    complete: true,
    coverage,
    waivers: uses,
  } as unknown as ScanResult['header'];
  const { config, parameters } = loadConfig(undefined, 'the test', allChecks());
  const options = { config, parameters, toolVersion: '0.0.0-test', now: () => new Date(RUN_AT), ...asked };
  const report = await reportOnScan({ services: ['ecs'] }, { header, findings: () => findings }, allChecks(), options);
  await report.dispose();
  return report.head;
}

test('AU-8: the register of waivers of one account has what they hide there, and names no findings of others', async () => {
  const { counts, waivers } = await registerOf({ slice });

  expect(counts.waived).toBe(1);
  expect(waivers).toEqual([
    { id: 'legacy-batch', state: 'active', hidden: 1 },
    { id: 'elsewhere', state: 'unmatched', hidden: 0 },
    { id: 'over', state: 'expired', hidden: 0 },
  ]);
});

test('AU-8: the register of waivers of a whole scan is that of the scan', async () => {
  expect((await registerOf({})).waivers).toMatchObject([{ hidden: 2 }, { hidden: 1 }, { hidden: 0 }]);
});
