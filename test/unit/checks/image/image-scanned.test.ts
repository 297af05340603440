import { expect, test } from 'vitest';
import { imageScanned as check } from '#shared/checks/image/image-scanned.ts';
import { known } from '#shared/domain/observed.ts';
import { digest } from '#test/factories/ecr.ts';
import { containerImages, imageScan, imagesOf, imagesScanned } from '#test/factories/images.ts';
import { denied, judge } from '#test/support/judge.ts';

test.for(['ACTIVE', 'COMPLETE'])('T24: PASSED for a scan with the status %s', (status) => {
  expect(judge(check, imagesScanned({ status })).status).toBe('PASSED');
});

test('T25: FAILED when an image was never scanned', () => {
  expect(judge(check, imagesOf({ scan: known(null) }))).toMatchObject({
    status: 'FAILED',
    severity: 'HIGH',
    reason: 'an image was never scanned',
    evidence: [{ path: `images[v1.2.3@${digest(1)}].scan`, observed: null, expected: 'a scan' }],
  });
});

test('FAILED when the scan failed', () => {
  expect(judge(check, imagesScanned({ status: 'FAILED' })).reason).toBe('the scan of an image failed');
});

test('T24: FAILED when an image runs and is no longer monitored', () => {
  expect(judge(check, imagesScanned({ status: 'SCAN_ELIGIBILITY_EXPIRED' }))).toMatchObject({
    status: 'FAILED',
    reason: 'an image runs and is no longer monitored',
  });
});

test('T24: NOT_APPLICABLE when an image that does not run is no longer monitored', () => {
  const scan = known(imageScan({ status: 'SCAN_ELIGIBILITY_EXPIRED' }));

  expect(judge(check, imagesOf({ running: false, scan })).status).toBe('NOT_APPLICABLE');
});

test('T24: NOT_APPLICABLE for an archived image', () => {
  expect(judge(check, imagesScanned({ status: 'IMAGE_ARCHIVED' })).status).toBe('NOT_APPLICABLE');
});

test.for(['UNSUPPORTED_IMAGE', 'FINDINGS_UNAVAILABLE', 'LIMIT_EXCEEDED', 'SOMETHING_NEW'])(
  'T24: UNKNOWN for the status %s',
  (status) => {
    expect(judge(check, imagesScanned({ status }))).toMatchObject({
      status: 'UNKNOWN',
      unknown: { kind: 'undecidable' },
    });
  },
);

test.for(['PENDING', 'IN_PROGRESS'])('T24: %s is UNKNOWN only when it has lasted for a day', (status) => {
  const scan = known(imageScan({ status }));

  expect(judge(check, imagesOf({ scan, pushedAt: '2026-11-22T12:00:00.000Z' })).status).toBe('NOT_APPLICABLE');
  expect(judge(check, imagesOf({ scan, pushedAt: '2026-11-21T12:00:00.000Z' })).status).toBe('UNKNOWN');
});

test('FAILED, lowered, when a basic scan is out of date', () => {
  const scan = { status: 'COMPLETE', kind: 'basic', completedAt: '2026-08-01T00:00:00.000Z' } as const;

  expect(judge(check, imagesScanned(scan))).toMatchObject({ status: 'FAILED', severity: 'MEDIUM' });
  expect(judge(check, imagesScanned(scan), { parameters: { maxAgeDays: 365 } }).status).toBe('PASSED');
});

test('the worst of several images decides', () => {
  const finding = judge(check, imagesOf({}, { digest: digest(2), scan: known(null) }));

  expect(finding).toMatchObject({ status: 'FAILED', evidence: [{ path: expect.stringContaining(digest(2)) }] });
});

test('UNKNOWN when the digest of an image that runs was not reported', () => {
  expect(judge(check, containerImages({ runsUnknownDigest: true })).status).toBe('UNKNOWN');
});

test('one step lower where nothing runs the image', () => {
  const images = { ...imagesOf({ running: false, scan: known(null) }), inUse: 'no' } as const;

  expect(judge(check, images).severity).toBe('MEDIUM');
});

test('UNKNOWN when the results of the scan could not be read', () => {
  expect(judge(check, imagesOf({ scan: denied('ecr:DescribeImageScanFindings') })).status).toBe('UNKNOWN');
});

test('UNKNOWN when the images of the repository could not be listed', () => {
  expect(judge(check, containerImages({ images: denied('ecr:DescribeImages') })).status).toBe('UNKNOWN');
});

test('NOT_APPLICABLE where there is no image', () => {
  expect(judge(check, { ...imagesOf(), runningDigests: known([]) }).status).toBe('NOT_APPLICABLE');
});

test('UNKNOWN where what runs is not in the repository any more, whatever the others are', () => {
  const runningDigests = known([
    { digest: digest(1), present: true, tags: ['v1'] },
    { digest: digest(2), present: false, tags: [] },
  ]);

  expect(judge(check, { ...imagesOf({ digest: digest(1) }), runningDigests })).toMatchObject({
    status: 'UNKNOWN',
    reason: expect.stringContaining('not in the repository any more'),
  });
});
