import { expect, test } from 'vitest';
import type { Finding } from '#shared/domain/finding.ts';
import { finding } from '#test/factories/finding.ts';
import { filesOf, previousOf, reportOf } from '#test/support/report.ts';

const failed = finding({ status: 'FAILED' });
const unknown = finding({ status: 'UNKNOWN', unknown: { kind: 'undecidable', message: 'a value that is not known' } });

/** One report after the other, a day between them. */
async function heads(...runs: readonly Finding[]) {
  const all = [];
  let before: Parameters<typeof reportOf>[1] = {};
  for (const [index, one] of runs.entries()) {
    const startedAt = `2026-11-2${index}T12:00:00.000Z`;
    const report = await reportOf([one], { ...before, startedAt, runId: startedAt });
    all.push(report.head);
    before = { previous: await previousOf(await filesOf(report)) };
  }
  return all;
}

test('AU-6: a failure that cannot be judged for a while is carried in the trend, and not reopened afterwards', async () => {
  const [, second, third] = await heads(failed, unknown, failed);

  expect(second?.trend?.byChange).toMatchObject({ 'not rescanned': 1, fixed: 0 });
  expect(third?.trend?.byChange).toMatchObject({ unchanged: 1, reopened: 0 });
  expect(third?.trend?.points.map(({ failed: count, stale }) => [count, stale])).toEqual([
    [1, 0],
    [1, 1],
    [1, 0],
  ]);
});

test('AU-6: one that was mended in between is reopened', async () => {
  const [, , , last] = await heads(failed, finding({ status: 'PASSED' }), unknown, failed);

  expect(last?.trend?.byChange).toMatchObject({ reopened: 1, unchanged: 0 });
});

async function oscalOf(findings: readonly Finding[], unjudged = 0) {
  const { accountId } = failed.resource;
  const counted = unjudged === 0 ? [] : [{ accountId, checkId: failed.checkId, count: unjudged }];
  const files = await filesOf(await reportOf(findings, { unjudged: counted }));
  return JSON.parse(files.get('oscal.json') ?? '')['assessment-results'].results[0];
}

test('AU-10: what has no row because nobody could judge it is an observation', async () => {
  const { observations, findings } = await oscalOf([finding({ status: 'PASSED' })], 500);

  expect(observations).toContainEqual(
    expect.objectContaining({ title: `${failed.checkId}: UNKNOWN`, description: '500 could not be judged.' }),
  );
  const satisfied = (findings ?? []).filter(
    ({ target }: { target: { status: { state: string } } }) => target.status.state === 'satisfied',
  );
  expect(satisfied).toEqual([]);
});

test('AU-10: checks that may give another verdict say of no control that it is satisfied', async () => {
  const report = await reportOf([finding({ status: 'PASSED' })]);
  const passed = report.head.frameworks.flatMap((framework) =>
    framework.requirements.filter(({ status, basis }) => status === 'PASS' && basis === 'related'),
  );
  await report.dispose();
  const { findings = [] } = await oscalOf([finding({ status: 'PASSED' })]);

  expect(passed.length).toBeGreaterThan(0);
  const said = JSON.stringify(findings);
  expect(said).not.toContain('Judged by related checks');
});
