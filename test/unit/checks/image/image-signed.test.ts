import { expect, test } from 'vitest';
import { imageSigned as check } from '#shared/checks/image/image-signed.ts';
import { known } from '#shared/domain/observed.ts';
import { containerImages, imagesOf } from '#test/factories/images.ts';
import { denied, judge } from '#test/support/judge.ts';

const PROFILE = 'arn:aws:signer:us-east-1:111122223333:/signing-profiles/ours';
const unsigned = { attachments: known({ signatures: [], billsOfMaterials: [] }), signing: known([]) };

test('PASSED when the registry has signed', () => {
  expect(judge(check, containerImages())).toMatchObject({ status: 'PASSED', reason: '' });
});

test('PASSED with a signature of somebody else, and says that it was not verified', () => {
  expect(judge(check, imagesOf({ signing: known([]) })).reason).toBe(
    'a signature is attached; who made it was not verified',
  );
});

test('FAILED without any', () => {
  expect(judge(check, imagesOf(unsigned))).toMatchObject({ status: 'FAILED', reason: 'an image is not signed' });
});

test('NOT_APPLICABLE where nothing says that images are to be signed', () => {
  const images = { ...imagesOf(unsigned), signsOnPush: known(false) };

  expect(judge(check, images).status).toBe('NOT_APPLICABLE');
  expect(judge(check, images, { parameters: { trustedPublishers: [PROFILE] } }).status).toBe('FAILED');
});

test('another publisher than those that are trusted does not count', () => {
  const parameters = { trustedPublishers: [`${PROFILE}-other`] };

  expect(judge(check, containerImages(), { parameters }).status).toBe('UNKNOWN');
});

test('UNKNOWN while it is being signed', () => {
  const signing = known([{ profileArn: PROFILE, status: 'IN_PROGRESS' }]);

  expect(judge(check, imagesOf({ ...unsigned, signing })).status).toBe('UNKNOWN');
});

test('UNKNOWN for an image without tags: its index may be signed', () => {
  expect(judge(check, imagesOf({ ...unsigned, tags: [] })).status).toBe('UNKNOWN');
});

test('UNKNOWN when what is attached could not be read', () => {
  const attachments = denied('ecr:ListImageReferrers');

  expect(judge(check, imagesOf({ ...unsigned, attachments })).status).toBe('UNKNOWN');
});

test('UNKNOWN when the signing configuration could not be read', () => {
  expect(judge(check, containerImages({ signsOnPush: denied('ecr:GetSigningConfiguration') })).status).toBe('UNKNOWN');
});

test('UNKNOWN when the images of the repository could not be listed', () => {
  expect(judge(check, containerImages({ images: denied('ecr:DescribeImages') })).status).toBe('UNKNOWN');
});
