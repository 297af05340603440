import { expect, test } from 'vitest';
import { imageRecentlyBuilt as check } from '#shared/checks/image/image-recently-built.ts';
import { known } from '#shared/domain/observed.ts';
import { containerImage, containerImages, imageConfiguration, imagesOf, imagesWith } from '#test/factories/images.ts';
import { denied, judge } from '#test/support/judge.ts';

test('PASSED for an image that was built lately', () => {
  expect(judge(check, containerImages()).status).toBe('PASSED');
});

test('FAILED for an image that was built long ago and pushed lately, with the date and not the age', () => {
  expect(judge(check, imagesWith({ createdAt: '2026-05-01T00:00:00.000Z' }))).toMatchObject({
    status: 'FAILED',
    reason: 'an image was built long ago',
    evidence: [{ path: expect.stringMatching(/config\.created$/), observed: '2026-05-01T00:00:00.000Z' }],
  });
});

test('FAILED for an image that was pushed long ago, whatever its configuration', () => {
  const pushedAt = '2026-05-01T00:00:00.000Z';
  const images = imagesOf({ pushedAt, configuration: denied('ecr:BatchGetImage') });

  expect(judge(check, images)).toMatchObject({ status: 'FAILED', evidence: [{ observed: pushedAt }] });
});

test('a reproducible build, which hides its time, is judged by when it was pushed', () => {
  const { createdAt: _, ...configuration } = imageConfiguration();

  expect(judge(check, imagesOf({ configuration: known(configuration) })).status).toBe('PASSED');
});

test('the parameter says how long ago', () => {
  const images = imagesWith({ createdAt: '2026-11-01T00:00:00.000Z' });

  expect(judge(check, images, { parameters: { maxAgeDays: 7 } }).status).toBe('FAILED');
});

test('UNKNOWN when the configuration could not be read', () => {
  const finding = judge(check, imagesOf({ configuration: denied('ecr:GetDownloadUrlForLayer') }));

  expect(finding).toMatchObject({ status: 'UNKNOWN', unknown: { missingPermission: 'ecr:GetDownloadUrlForLayer' } });
});

test('UNKNOWN when the images of the repository could not be listed', () => {
  expect(judge(check, containerImages({ images: denied('ecr:DescribeImages') })).status).toBe('UNKNOWN');
});

test('a time that is still to come is no time of a build: then the push counts', () => {
  const { pushedAt: _, ...unpushed } = containerImage({
    configuration: known(imageConfiguration({ createdAt: '2099-01-01T00:00:00.000Z' })),
  });

  expect(judge(check, containerImages({ images: known([unpushed]) })).status).toBe('UNKNOWN');
  expect(judge(check, imagesOf({ ...unpushed, pushedAt: '2026-11-20T00:00:00.000Z' })).status).toBe('PASSED');
});
