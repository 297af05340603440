import { expect, test } from 'vitest';
import { imageUserNonroot as check } from '#shared/checks/image/image-user-nonroot.ts';
import { known } from '#shared/domain/observed.ts';
import { digest } from '#test/factories/ecr.ts';
import { containerImages, imageConfiguration, imagesOf, imagesWith } from '#test/factories/images.ts';
import { denied, judge } from '#test/support/judge.ts';

test.for(['1000', '1000:1000', '65532:65532'])('PASSED for the user %s', (user) => {
  expect(judge(check, imagesWith({ user }))).toMatchObject({ status: 'PASSED', reason: '' });
});

test('T02: PASSED for a name, and says that it was not resolved', () => {
  expect(judge(check, imagesWith({ user: 'appuser' })).reason).toBe('the user name was not resolved to a number');
});

test.for(['root', '0', '0:0', '00', 'root:app'])('T02: FAILED for the user %s', (user) => {
  expect(judge(check, imagesWith({ user }))).toMatchObject({
    status: 'FAILED',
    severity: 'HIGH',
    reason: 'the user of an image is root',
    evidence: [{ path: `images[v1.2.3@${digest(1)}].config.User`, observed: user }],
  });
});

test('FAILED when the image sets no user', () => {
  const { user: _, ...configuration } = imageConfiguration();

  expect(judge(check, imagesOf({ configuration: known(configuration) }))).toMatchObject({
    status: 'FAILED',
    reason: 'an image sets no user, which means root',
  });
});

test('LOW when all that is known to run it sets another user, and only then', () => {
  const configuration = known(imageConfiguration({ user: '0' }));
  const severityWith = (withOwnUser: number) =>
    judge(check, imagesOf({ configuration, uses: { withOwnUser, all: 2 } })).severity;

  expect([severityWith(2), severityWith(1)]).toEqual(['LOW', 'HIGH']);
});

test.for<[string, Partial<ReturnType<typeof imagesOf>>]>([
  ['what runs could not be read', { usesListed: denied('ecs:ListTasks') }],
  ['a digest that runs is not known', { runsUnknownDigest: true }],
])('not LOW where %s, because that may leave the user to the image', ([, more]) => {
  const configuration = known(imageConfiguration({ user: '0' }));
  const images = imagesOf({ configuration, uses: { withOwnUser: 2, all: 2 } });

  expect(judge(check, { ...images, ...more }).severity).toBe('HIGH');
});

test('NOT_APPLICABLE on Windows', () => {
  expect(judge(check, imagesWith({ os: 'windows', user: 'root' })).status).toBe('NOT_APPLICABLE');
});

test('UNKNOWN when the configuration could not be read', () => {
  const finding = judge(check, imagesOf({ configuration: denied('ecr:GetDownloadUrlForLayer') }));

  expect(finding).toMatchObject({ status: 'UNKNOWN', unknown: { missingPermission: 'ecr:GetDownloadUrlForLayer' } });
});

test('UNKNOWN when the images of the repository could not be listed', () => {
  expect(judge(check, containerImages({ images: denied('ecr:DescribeImages') })).status).toBe('UNKNOWN');
});

test('UNKNOWN when it could not be read what runs, unless an image that runs fails', () => {
  const usesListed = denied('ecs:ListTasks');

  expect(judge(check, containerImages({ usesListed })).status).toBe('UNKNOWN');
  expect(judge(check, { ...imagesWith({ user: '0' }), usesListed }).status).toBe('FAILED');
});
