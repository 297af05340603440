import { expect, test } from 'vitest';
import { finding } from '#test/factories/finding.ts';
import { everythingRead, filesOf, reportOf } from '#test/support/report.ts';

async function idsOf(overrides: Parameters<typeof reportOf>[1] = {}): Promise<readonly string[]> {
  const files = await filesOf(await reportOf([finding()], overrides));
  const oscal = JSON.parse(files.get('oscal.json') ?? '')['assessment-results'];
  const { reportId } = JSON.parse(files.get('manifest.json') ?? '');
  const [result] = oscal.results;
  return [reportId, oscal.uuid, result.uuid, result.observations[0].uuid];
}

test('AU-10: the same report has the same UUIDs, in every file that names it', async () => {
  const ids = await idsOf();

  expect(await idsOf()).toEqual(ids);
  expect(ids[0]).toBe(ids[1]);
});

test.each([
  ['of another kind about the same run', { title: 'Monthly container security report' }],
  ['made later from the same run, after which a ledger went on', { createdAt: '2026-11-24T12:05:00.000Z' }],
  [
    'about other accounts that were read in the same second',
    {
      coverage: [...everythingRead(), ...everythingRead('444455556666')],
    },
  ],
])('AU-10: a report %s has other UUIDs', async (_, overrides) => {
  const [first, second] = [await idsOf(), await idsOf(overrides)];

  expect(first.filter((id) => second.includes(id))).toEqual([]);
});
