import { expect, test } from 'vitest';
import { imageNoSetuid as check } from '#shared/checks/image/image-no-setuid.ts';
import type { LayerFindings } from '#shared/domain/image-layers.ts';
import { known } from '#shared/domain/observed.ts';
import { digest } from '#test/factories/ecr.ts';
import { containerImages, imagesOf } from '#test/factories/images.ts';
import { denied, judge } from '#test/support/judge.ts';

const layers = (overrides: Partial<LayerFindings>) =>
  known({ leftovers: [], setuid: [], buildTools: [], complete: true, ...overrides });

test('PASSED where there is none', () => {
  expect(judge(check, containerImages()).status).toBe('PASSED');
});

test('FAILED for a program that no distribution brings', () => {
  const setuid = [{ path: 'opt/app/helper', kind: 'setuid', layer: digest(7) }] as const;

  expect(judge(check, imagesOf({ layers: layers({ setuid }) }))).toMatchObject({
    status: 'FAILED',
    severity: 'LOW',
    evidence: [{ observed: 'opt/app/helper' }],
  });
});

test('INFORMATIONAL for those of the distribution', () => {
  const setuid = [{ path: 'usr/bin/passwd', kind: 'setuid', layer: digest(7) }] as const;

  expect(judge(check, imagesOf({ layers: layers({ setuid }) })).severity).toBe('INFORMATIONAL');
});

test('UNKNOWN when only a part was looked into', () => {
  expect(judge(check, imagesOf({ layers: layers({ complete: false }) })).status).toBe('UNKNOWN');
});

test('NOT_APPLICABLE where layers are not looked into', () => {
  expect(judge(check, imagesOf({ layers: known(null) })).status).toBe('NOT_APPLICABLE');
});

test('UNKNOWN when the images of the repository could not be listed', () => {
  expect(judge(check, containerImages({ images: denied('ecr:DescribeImages') })).status).toBe('UNKNOWN');
});
