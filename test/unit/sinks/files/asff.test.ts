import { expect, it } from 'vitest';
import { asffResult } from '#shared/sinks/files/asff.ts';
import { checkMetadata, finding, resultHeader, waiver } from '../../../factories/finding.ts';

const options = { checkOf: () => checkMetadata(), toolVersion: '0.1.0' };

it('is a JSON array that opens failures, closes what passes and leaves out what is unknown (T93)', () => {
  const text = [
    ...asffResult(
      resultHeader(),
      [
        finding(),
        finding({ id: 'passed', status: 'PASSED', reason: '' }),
        finding({ id: 'unknown', status: 'UNKNOWN' }),
        finding({ id: 'waived', waiver: waiver() }),
      ],
      options,
    ),
  ].join('');
  const all = JSON.parse(text);
  expect(all.map((each: { Id: string }) => each.Id)).toEqual([finding().id, 'passed', 'waived']);
  expect(all.map((each: { RecordState: string }) => each.RecordState)).toEqual(['ACTIVE', 'ARCHIVED', 'ACTIVE']);
  expect(all[0].Workflow).toBeUndefined();
  expect(all[2].Workflow).toEqual({ Status: 'SUPPRESSED' });
});

it('is an empty array for nothing', () => {
  expect(JSON.parse([...asffResult(resultHeader(), [], options)].join(''))).toEqual([]);
});
