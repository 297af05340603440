import { expect, test } from 'vitest';
import { imageSbomAttached as check } from '#shared/checks/image/image-sbom-attached.ts';
import { known } from '#shared/domain/observed.ts';
import { containerImages, imagesOf } from '#test/factories/images.ts';
import { denied, judge } from '#test/support/judge.ts';

const none = known({ signatures: [], billsOfMaterials: [] });

test('PASSED with a bill of materials', () => {
  expect(judge(check, containerImages()).status).toBe('PASSED');
});

test('FAILED without one', () => {
  expect(judge(check, imagesOf({ attachments: none }))).toMatchObject({
    status: 'FAILED',
    severity: 'INFORMATIONAL',
    reason: 'an image has no bill of materials',
  });
});

test('UNKNOWN for an image without tags: it may hang on its index', () => {
  expect(judge(check, imagesOf({ attachments: none, tags: [] })).status).toBe('UNKNOWN');
});

test('UNKNOWN when what is attached could not be read', () => {
  expect(judge(check, imagesOf({ attachments: denied('ecr:ListImageReferrers') })).status).toBe('UNKNOWN');
});

test('UNKNOWN when the images of the repository could not be listed', () => {
  expect(judge(check, containerImages({ images: denied('ecr:DescribeImages') })).status).toBe('UNKNOWN');
});
