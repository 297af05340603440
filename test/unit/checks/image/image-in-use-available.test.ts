import { expect, test } from 'vitest';
import { imageInUseAvailable as check } from '#shared/checks/image/image-in-use-available.ts';
import type { RunningDigest } from '#shared/collectors/images/model.ts';
import { known } from '#shared/domain/observed.ts';
import { digest } from '#test/factories/ecr.ts';
import { containerImages } from '#test/factories/images.ts';
import { denied, judge } from '#test/support/judge.ts';

const running = (overrides: Partial<RunningDigest>) =>
  containerImages({
    runningDigests: known([{ digest: digest(1), present: true, tags: ['v1.2.3'], status: 'ACTIVE', ...overrides }]),
  });

test('PASSED while the digest is in the repository', () => {
  expect(judge(check, containerImages()).status).toBe('PASSED');
});

test('T30: FAILED when it was deleted, whatever protects its tags', () => {
  expect(judge(check, running({ present: false }))).toMatchObject({
    status: 'FAILED',
    reason: 'an image that runs is not in its repository any more',
    evidence: [{ observed: 'deleted' }],
  });
});

test('T28: FAILED when it was archived', () => {
  expect(judge(check, running({ status: 'ARCHIVED' })).reason).toBe('an image that runs is archived');
});

test('UNKNOWN for a status that is not known', () => {
  expect(judge(check, running({ status: 'FROZEN' })).status).toBe('UNKNOWN');
});

test('NOT_APPLICABLE where none is known to run', () => {
  expect(judge(check, containerImages({ runningDigests: known([]) })).status).toBe('NOT_APPLICABLE');
});

test('UNKNOWN when the images could not be listed', () => {
  expect(judge(check, containerImages({ runningDigests: denied('ecr:DescribeImages') })).status).toBe('UNKNOWN');
});

test('UNKNOWN when it could not be read what runs', () => {
  expect(judge(check, containerImages({ usesListed: denied('ecs:ListTasks') })).status).toBe('UNKNOWN');
});
