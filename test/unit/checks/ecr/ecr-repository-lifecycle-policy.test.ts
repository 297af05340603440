import { expect, test } from 'vitest';
import { ecrRepositoryLifecyclePolicy as check } from '#shared/checks/ecr/ecr-repository-lifecycle-policy.ts';
import { known } from '#shared/domain/observed.ts';
import {
  EXPIRE_UNTAGGED,
  imageSummary,
  KEEP_LAST,
  lifecycle,
  repository,
  ruleText,
  sample,
} from '#test/factories/ecr.ts';
import { denied, judge } from '#test/support/judge.ts';

const FOR_V = ruleText({ tagStatus: 'tagged', tagPrefixList: ['v'], countType: 'imageCountMoreThan', countNumber: 9 });
const ARCHIVE = ruleText(
  { tagStatus: 'any', countType: 'sinceImagePulled', countUnit: 'days', countNumber: 90 },
  { type: 'transition', targetStorageClass: 'archive' },
);

test('PASSED when a rule for any expires all images, even if they could not be read', () => {
  expect(judge(check, repository({ images: denied('ecr:DescribeImages') })).status).toBe('PASSED');
});

test('PASSED when the rules bound every tagged image that is there', () => {
  expect(judge(check, repository({ lifecyclePolicy: lifecycle(FOR_V) })).status).toBe('PASSED');
});

test('FAILED when there is no lifecycle policy (T32)', () => {
  expect(judge(check, repository({ lifecyclePolicy: known(null) }))).toMatchObject({
    status: 'FAILED',
    severity: 'MEDIUM',
    reason: 'the repository has no lifecycle policy',
    evidence: [{ path: 'lifecyclePolicy', observed: null }],
  });
});

test.for([
  ['only untagged images expire', EXPIRE_UNTAGGED],
  ['images are only archived', ARCHIVE],
] as const)('FAILED when %s (T31)', ([, rule]) => {
  expect(judge(check, repository({ lifecyclePolicy: lifecycle(rule) }))).toMatchObject({
    status: 'FAILED',
    reason: 'no lifecycle rule expires tagged images',
  });
});

test('FAILED when a rule for the prefix v leaves other tags (T31)', () => {
  const images = known(imageSummary({ unbounded: sample('dev', 'main') }));

  expect(judge(check, repository({ lifecyclePolicy: lifecycle(FOR_V), images }))).toMatchObject({
    status: 'FAILED',
    reason: 'no lifecycle rule expires some of the tagged images',
    evidence: [{ path: 'images.tags', observed: ['dev', 'main'] }],
  });
});

test('UNKNOWN when the policy could not be read', () => {
  expect(judge(check, repository({ lifecyclePolicy: denied('ecr:GetLifecyclePolicy') })).status).toBe('UNKNOWN');
});

test('UNKNOWN when the images could not be read and some tags might be left', () => {
  const unread = repository({ lifecyclePolicy: lifecycle(FOR_V), images: denied('ecr:DescribeImages') });

  expect(judge(check, unread).status).toBe('UNKNOWN');
});

test('one step lower when nothing runs from the repository', () => {
  expect(judge(check, repository({ lifecyclePolicy: known(null), inUse: 'no' })).severity).toBe('LOW');
  expect(judge(check, repository({ lifecyclePolicy: lifecycle(KEEP_LAST(5)), inUse: 'no' })).status).toBe('PASSED');
});
