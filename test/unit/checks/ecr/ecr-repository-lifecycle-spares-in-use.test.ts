import { expect, test } from 'vitest';
import { ecrRepositoryLifecycleSparesInUse as check } from '#shared/checks/ecr/ecr-repository-lifecycle-spares-in-use.ts';
import type { EcrImageSummary, EcrRunningImage } from '#shared/collectors/ecr/model.ts';
import { known, undecidable } from '#shared/domain/observed.ts';
import { digest, imageSummary, repository, runningImage } from '#test/factories/ecr.ts';
import { denied, judge } from '#test/support/judge.ts';

const running = (image: Partial<EcrRunningImage>, summary: Partial<EcrImageSummary> = {}) =>
  repository({ images: known(imageSummary({ running: [runningImage(), runningImage(image)], ...summary })) });
const byAge = (selectedAt: string) => ({ lifecycle: { rulePriority: 1, action: 'expire', selectedAt } }) as const;
const beyond = (action: 'expire' | 'archive') => ({ lifecycle: { rulePriority: 9, action, beyondCount: true } });

test('PASSED when no rule selects a running image', () => {
  expect(judge(check, repository()).status).toBe('PASSED');
});

test('PASSED when no rule is about the running image', () => {
  const { lifecycle: _, ...image } = runningImage();

  expect(judge(check, repository({ images: known(imageSummary({ running: [image] })) })).status).toBe('PASSED');
});

test('FAILED when more images than a rule keeps are newer than the running one (T31)', () => {
  expect(judge(check, running({ digest: digest(2), ...beyond('expire') }))).toMatchObject({
    status: 'FAILED',
    severity: 'MEDIUM',
    reason: 'a lifecycle rule expires an image that is running',
    evidence: [
      {
        path: `images[${digest(2)}]`,
        observed: { tags: ['v1.2.3'], rulePriority: 9, action: 'expire' },
        expected: 'not selected while it runs',
      },
    ],
  });
});

test('FAILED when a rule archives the running image, which cannot be pulled from there', () => {
  expect(judge(check, running(beyond('archive'))).reason).toBe('a lifecycle rule archives an image that is running');
});

test.for([
  ['2026-11-01T00:00:00.000Z', 'FAILED'],
  ['2026-11-29T00:00:00.000Z', 'FAILED'],
  ['2026-12-24T00:00:00.000Z', 'PASSED'],
] as const)('a rule by age that selects the running image on %s: %s on 23 November', ([selectedAt, status]) => {
  expect(judge(check, running(byAge(selectedAt))).status).toBe(status);
});

test('the days of warning are a parameter', () => {
  const soon = running(byAge('2026-12-20T00:00:00.000Z'));

  expect(judge(check, soon, { parameters: { withinDays: 30 } }).status).toBe('FAILED');
});

test('UNKNOWN when a selected image without tags may be the child of an index, which ECR spares', () => {
  const child = { digest: digest(2), tags: [], ...beyond('expire') };

  expect(judge(check, running(child, { indexes: 1 })).status).toBe('UNKNOWN');
  expect(judge(check, running(child, { indexes: 0 })).status).toBe('FAILED');
  expect(judge(check, running({ ...child, isIndex: true }, { indexes: 1 })).status).toBe('FAILED');
});

test('UNKNOWN when the digest of something that runs was not reported (T17)', () => {
  expect(judge(check, repository({ runsUnknownDigest: true })).status).toBe('UNKNOWN');
});

test('UNKNOWN names the permission that would have shown the digest', () => {
  const finding = judge(check, repository({ runsUnknownDigest: true, usesListed: denied('ecs:ListTasks') }));

  expect(finding.unknown).toMatchObject({ missingPermission: 'ecs:ListTasks' });
});

test('UNKNOWN when ECR did not report the time that the rule counts from', () => {
  const lifecycle = { rulePriority: 1, action: 'expire' } as const;

  expect(judge(check, running({ lifecycle })).status).toBe('UNKNOWN');
});

test('UNKNOWN when the policy, the images or the uses could not be read', () => {
  const usesListed = undecidable('What the pods of the EKS clusters run was not read.');

  expect(judge(check, repository({ lifecyclePolicy: denied('ecr:GetLifecyclePolicy') })).status).toBe('UNKNOWN');
  expect(judge(check, repository({ images: denied('ecr:DescribeImages') })).status).toBe('UNKNOWN');
  expect(judge(check, repository({ usesListed })).status).toBe('UNKNOWN');
});

test('FAILED although not everything that runs could be read', () => {
  const usesListed = undecidable('What the pods of the EKS clusters run was not read.');

  expect(judge(check, { ...running(beyond('expire')), usesListed }).status).toBe('FAILED');
});

test('NOT_APPLICABLE when there is no lifecycle policy, or nothing runs', () => {
  const images = denied('ecr:DescribeImages');

  expect(judge(check, repository({ lifecyclePolicy: known(null), images })).status).toBe('NOT_APPLICABLE');
  expect(judge(check, repository({ inUse: 'no', images })).status).toBe('NOT_APPLICABLE');
});
