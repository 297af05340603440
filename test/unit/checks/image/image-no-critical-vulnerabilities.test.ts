import { expect, test } from 'vitest';
import { imageNoCriticalVulnerabilities as check } from '#shared/checks/image/image-no-critical-vulnerabilities.ts';
import { known } from '#shared/domain/observed.ts';
import { digest } from '#test/factories/ecr.ts';
import { containerImages, imageScan, imagesOf, imagesScanned, vulnerabilities } from '#test/factories/images.ts';
import { denied, judge } from '#test/support/judge.ts';

test('PASSED when a whole scan found none', () => {
  expect(judge(check, imagesScanned({})).status).toBe('PASSED');
});

test('FAILED with what a person decides by, and no counts', () => {
  expect(judge(check, imagesScanned({ critical: vulnerabilities() }))).toMatchObject({
    status: 'FAILED',
    severity: 'CRITICAL',
    reason: 'an image has a critical vulnerability that has a fix',
    evidence: [
      {
        path: `images[v1.2.3@${digest(1)}].scan`,
        observed: {
          vulnerabilities: ['CVE-2026-1', 'CVE-2026-2'],
          fixAvailable: 'yes',
          exploitKnown: 'no',
          oldest: '2026-11-01T00:00:00.000Z',
        },
        expected: 'none',
      },
    ],
  });
});

test('the reason says nothing of a fix where there is none', () => {
  const finding = judge(check, imagesScanned({ critical: vulnerabilities({ fixAvailable: 'no' }) }));

  expect(finding.reason).toBe('an image has a critical vulnerability');
});

test('SH-14: one verdict for all images of a repository, the worst of them first', () => {
  const scanOf = (exploitKnown: 'yes' | 'no') => known(imageScan({ critical: vulnerabilities({ exploitKnown }) }));
  const images = imagesOf({ scan: scanOf('no') }, { digest: digest(2), scan: scanOf('yes') }, { digest: digest(3) });

  const { evidence } = judge(check, images);

  expect(evidence.map(({ path }) => path)).toEqual([
    `images[v1.2.3@${digest(2)}].scan`,
    `images[v1.2.3@${digest(1)}].scan`,
  ]);
});

test('a number of vulnerabilities that changes by itself changes nothing', () => {
  const [few, many] = [2, 90].map((count) => judge(check, imagesScanned({ critical: vulnerabilities({ count }) })));

  expect(many).toEqual(few);
});

test('T25: UNKNOWN when an image was never scanned', () => {
  expect(judge(check, imagesOf({ scan: known(null) }))).toMatchObject({
    status: 'UNKNOWN',
    unknown: { kind: 'undecidable' },
  });
});

test.for(['PENDING', 'FAILED', 'UNSUPPORTED_IMAGE', 'SCAN_ELIGIBILITY_EXPIRED', 'SOMETHING_NEW'])(
  'T24: UNKNOWN when nothing was found and the scan is %s',
  (status) => {
    expect(judge(check, imagesScanned({ status })).status).toBe('UNKNOWN');
  },
);

test('T24: what was found counts however the scan ended', () => {
  const scan = { status: 'SCAN_ELIGIBILITY_EXPIRED', critical: vulnerabilities() };

  expect(judge(check, imagesScanned(scan)).status).toBe('FAILED');
});

test('T24: NOT_APPLICABLE for an archived image', () => {
  expect(judge(check, imagesScanned({ status: 'IMAGE_ARCHIVED' })).status).toBe('NOT_APPLICABLE');
});

test('lowered one step where nothing runs the image', () => {
  const images = { ...imagesScanned({ critical: vulnerabilities() }), inUse: 'no' } as const;

  expect(judge(check, images)).toMatchObject({ severity: 'HIGH', severityReason: 'not in use' });
});

test('UNKNOWN when the results of the scan could not be read', () => {
  expect(judge(check, imagesOf({ scan: denied('ecr:DescribeImageScanFindings') })).status).toBe('UNKNOWN');
});

test('UNKNOWN when the images of the repository could not be listed', () => {
  expect(judge(check, containerImages({ images: denied('ecr:DescribeImages') })).status).toBe('UNKNOWN');
});
