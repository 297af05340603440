import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findingId } from '#shared/domain/finding.ts';

const resource = {
  partition: 'aws',
  accountId: '111122223333',
  region: 'us-east-1',
  uid: 'arn:aws:ecr:us-east-1:111122223333:repository/web',
};

test('SH-3: the id is a function of partition, account, region, check and uid', () => {
  expect(findingId('ecr-repository-tags-immutable', resource)).toBe(
    'hullcheck/aws/111122223333/us-east-1/ecr-repository-tags-immutable/arn:aws:ecr:us-east-1:111122223333:repository/web',
  );
});

test.for([
  ['partition', { partition: 'aws-cn' }],
  ['account', { accountId: '444455556666' }],
  ['region', { region: 'eu-west-1' }],
  ['uid', { uid: 'another' }],
] as const)('SH-3: another %s is another id', ([, change]) => {
  expect(findingId('check-a', { ...resource, ...change })).not.toBe(findingId('check-a', resource));
});

test('SH-3: an id never exceeds 512 characters, and long uids that differ only at the end stay apart', () => {
  fc.assert(
    fc.property(fc.integer({ min: 300, max: 3000 }), (length) => {
      const uid = 'x'.repeat(length);
      const [one, other] = [
        findingId('check-a', { ...resource, uid: `${uid}1` }),
        findingId('check-a', { ...resource, uid: `${uid}2` }),
      ];
      expect(one.length).toBeLessThanOrEqual(512);
      expect(one).not.toBe(other);
    }),
  );
});
