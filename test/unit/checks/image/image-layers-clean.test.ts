import { expect, test } from 'vitest';
import { imageLayersClean as check } from '#shared/checks/image/image-layers-clean.ts';
import type { LayerFindings } from '#shared/domain/image-layers.ts';
import { known } from '#shared/domain/observed.ts';
import { digest } from '#test/factories/ecr.ts';
import { containerImages, imagesOf } from '#test/factories/images.ts';
import { denied, judge } from '#test/support/judge.ts';

const layers = (overrides: Partial<LayerFindings>) =>
  known({ leftovers: [], setuid: [], buildTools: [], complete: true, ...overrides });

test('PASSED for clean layers', () => {
  expect(judge(check, containerImages()).status).toBe('PASSED');
});

test('FAILED for a key in a layer', () => {
  const leftovers = [{ path: 'app/id_rsa', kind: 'private-key', layer: digest(7) }] as const;

  expect(judge(check, imagesOf({ layers: layers({ leftovers }) }))).toMatchObject({
    status: 'FAILED',
    severity: 'HIGH',
    evidence: [{ path: expect.stringContaining(digest(7)), observed: { kind: 'private-key', file: 'app/id_rsa' } }],
  });
});

test('LOW for nothing but a cache', () => {
  const leftovers = [{ path: 'var/cache/apk/APKINDEX.tar.gz', kind: 'package-cache', layer: digest(7) }] as const;

  expect(judge(check, imagesOf({ layers: layers({ leftovers }) })).severity).toBe('LOW');
});

test('UNKNOWN when only a part was looked into', () => {
  expect(judge(check, imagesOf({ layers: layers({ complete: false }) })).status).toBe('UNKNOWN');
});

test('NOT_APPLICABLE where layers are not looked into', () => {
  expect(judge(check, imagesOf({ layers: known(null) })).status).toBe('NOT_APPLICABLE');
});

test('UNKNOWN when the layers could not be read', () => {
  expect(judge(check, imagesOf({ layers: denied('ecr:GetDownloadUrlForLayer') })).status).toBe('UNKNOWN');
});

test('UNKNOWN when the images of the repository could not be listed', () => {
  expect(judge(check, containerImages({ images: denied('ecr:DescribeImages') })).status).toBe('UNKNOWN');
});
