import { expect, test } from 'vitest';
import { imageBaseSupported as check } from '#shared/checks/image/image-base-supported.ts';
import { known } from '#shared/domain/observed.ts';
import { containerImages, imageConfiguration, imageScan, imagesOf } from '#test/factories/images.ts';
import { denied, judge } from '#test/support/judge.ts';

const without = { layers: known(null), baseName: 'docker.io/tidewater/base:7' } as const;
const platform = (name: string) => imagesOf({ scan: known(imageScan({ platform: name })) });

test.for(['ALPINE_LINUX_3_22', 'DEBIAN_12', 'UBUNTU_24_04', 'AMAZON_LINUX_2023', 'RHEL_9', 'ROCKY_LINUX_9'])(
  'PASSED on %s',
  (name) => {
    expect(judge(check, platform(name)).status).toBe('PASSED');
  },
);

test.for([
  ['ALPINE_LINUX_3_16', 'alpine', '3.16', '2024-05-23'],
  ['DEBIAN_10', 'debian', '10', '2024-06-30'],
  ['UBUNTU_18_04', 'ubuntu', '18.04', '2023-05-31'],
  ['AMAZON_LINUX_2', 'amzn', '2', '2026-06-30'],
  ['CENTOS_7', 'centos', '7', '2024-06-30'],
  ['CENTOS_8', 'centos', '8', '2024-05-31'],
] as const)('FAILED on %s', ([name, distribution, release, endOfSupport]) => {
  expect(judge(check, platform(name))).toMatchObject({
    status: 'FAILED',
    reason: 'the distribution of an image is out of support',
    evidence: [{ observed: { distribution, release, endOfSupport, datesOf: '2026-08-22' } }],
  });
});

test('what is in the layers counts where no scan says anything', () => {
  const { platform: _, ...scan } = imageScan();
  const layers = known({
    leftovers: [],
    setuid: [],
    buildTools: [],
    distribution: { id: 'alpine', version: '3.15.4' },
    complete: true,
  });

  expect(judge(check, imagesOf({ scan: known(scan), layers })).status).toBe('FAILED');
});

test('Windows says its release itself', () => {
  const { platform: _, ...scan } = imageScan();
  const windows = (osVersion: string) =>
    imagesOf({ ...without, scan: known(scan), configuration: known(imageConfiguration({ os: 'windows', osVersion })) });

  expect(judge(check, windows('10.0.20348.4294')).status).toBe('PASSED');
  expect(judge(check, windows('10.0.19042.1889')).status).toBe('FAILED');
});

test('the name of the base counts last', () => {
  const { platform: _, ...scan } = imageScan();
  const base = (baseName: string) => imagesOf({ scan: known(scan), layers: known(null), baseName });

  expect(judge(check, base('docker.io/library/debian:10-slim')).status).toBe('FAILED');
  expect(judge(check, base('public.ecr.aws/docker/library/alpine:3.22')).status).toBe('PASSED');
  expect(judge(check, base('docker.io/library/node:20')).status).toBe('UNKNOWN');
});

test('NOT_APPLICABLE for a rolling distribution and for none', () => {
  const { platform: _, ...scan } = imageScan();
  const empty = known({ leftovers: [], setuid: [], buildTools: [], complete: true });

  expect(judge(check, imagesOf({ scan: known(scan), layers: known(null), baseName: 'wolfi-base:latest' })).status).toBe(
    'NOT_APPLICABLE',
  );
  expect(judge(check, imagesOf({ ...without, scan: known(scan), layers: empty })).status).toBe('NOT_APPLICABLE');
});

test('UNKNOWN where nothing names the distribution, or nobody knows its dates', () => {
  const { platform: _, ...scan } = imageScan();

  expect(judge(check, imagesOf({ ...without, scan: known(scan) })).status).toBe('UNKNOWN');
  expect(judge(check, platform('ALPINE_LINUX_9_99')).status).toBe('UNKNOWN');
});

test('UNKNOWN when the dates are half a year old, unless support had ended by then', () => {
  const now = new Date('2027-04-01T00:00:00.000Z');

  expect(judge(check, platform('DEBIAN_12'), { now }).status).toBe('UNKNOWN');
  expect(judge(check, platform('DEBIAN_10'), { now }).status).toBe('FAILED');
});

test('UNKNOWN when what would name it could not be read', () => {
  const scan = denied('ecr:DescribeImageScanFindings');

  expect(judge(check, imagesOf({ ...without, scan })).status).toBe('UNKNOWN');
});

test('UNKNOWN when the images of the repository could not be listed', () => {
  expect(judge(check, containerImages({ images: denied('ecr:DescribeImages') })).status).toBe('UNKNOWN');
});
