import { expect, test } from 'vitest';
import { ecrRepositoryUntaggedExpire as check } from '#shared/checks/ecr/ecr-repository-untagged-expire.ts';
import { known } from '#shared/domain/observed.ts';
import { EXPIRE_UNTAGGED, KEEP_LAST, lifecycle, repository, ruleText } from '#test/factories/ecr.ts';
import { denied, judge } from '#test/support/judge.ts';

const TAGGED = ruleText({
  tagStatus: 'tagged',
  tagPatternList: ['*'],
  countType: 'imageCountMoreThan',
  countNumber: 9,
});
const ARCHIVE_UNTAGGED = ruleText(
  { tagStatus: 'untagged', countType: 'sinceImagePushed', countUnit: 'days', countNumber: 14 },
  { type: 'transition', targetStorageClass: 'archive' },
);

test.for([
  ['untagged images', EXPIRE_UNTAGGED],
  ['any images', KEEP_LAST(30)],
] as const)('PASSED when a rule expires %s', ([, rule]) => {
  expect(judge(check, repository({ lifecyclePolicy: lifecycle(rule) })).status).toBe('PASSED');
});

test.for([
  ['there is no lifecycle policy (T32)', known(null), null],
  ['the rules are about tagged images only', lifecycle(TAGGED), [{ tagStatus: 'tagged', action: 'expire' }]],
  [
    'the first rule for untagged images only archives them (T31)',
    lifecycle(ARCHIVE_UNTAGGED, KEEP_LAST(30)),
    [
      { tagStatus: 'untagged', action: 'archive' },
      { tagStatus: 'any', action: 'expire' },
    ],
  ],
] as const)('FAILED when %s', ([, lifecyclePolicy, observed]) => {
  expect(judge(check, repository({ lifecyclePolicy }))).toMatchObject({
    status: 'FAILED',
    severity: 'LOW',
    reason: 'no lifecycle rule expires untagged images',
    evidence: [{ path: 'lifecyclePolicy', observed }],
  });
});

test('UNKNOWN when the policy could not be read', () => {
  expect(judge(check, repository({ lifecyclePolicy: denied('ecr:GetLifecyclePolicy') })).status).toBe('UNKNOWN');
});
