import { expect, test } from 'vitest';
import { imageNoBuildTools as check } from '#shared/checks/image/image-no-build-tools.ts';
import type { LayerFindings } from '#shared/domain/image-layers.ts';
import { known } from '#shared/domain/observed.ts';
import { harmlessText } from '#test/factories/ecs.ts';
import { containerImages, imageConfiguration, imagesOf } from '#test/factories/images.ts';
import { denied, judge } from '#test/support/judge.ts';

const layers = (overrides: Partial<LayerFindings>) =>
  known({ leftovers: [], setuid: [], buildTools: [], complete: true, ...overrides });

test('PASSED where all layers were looked into', () => {
  expect(judge(check, containerImages()).status).toBe('PASSED');
});

test('FAILED for tools among the programs', () => {
  expect(judge(check, imagesOf({ layers: layers({ buildTools: ['gcc', 'make'] }) }))).toMatchObject({
    status: 'FAILED',
    severity: 'INFORMATIONAL',
    reason: 'an image contains build tools',
    evidence: [{ observed: ['gcc', 'make'] }],
  });
});

test('FAILED for tools that the history installs, without a look into layers', () => {
  const configuration = known(imageConfiguration({ history: [{ text: harmlessText(), installs: ['build-base'] }] }));

  expect(judge(check, imagesOf({ layers: known(null), configuration }))).toMatchObject({
    status: 'FAILED',
    reason: 'the build of an image leaves build tools behind',
    evidence: [{ observed: ['build-base'] }],
  });
});

test('never PASSED without a look into layers', () => {
  expect(judge(check, imagesOf({ layers: known(null) })).status).toBe('NOT_APPLICABLE');
});

test('UNKNOWN when the configuration could not be read', () => {
  const finding = judge(check, imagesOf({ configuration: denied('ecr:GetDownloadUrlForLayer') }));

  expect(finding).toMatchObject({ status: 'UNKNOWN', unknown: { missingPermission: 'ecr:GetDownloadUrlForLayer' } });
});

test('UNKNOWN when the images of the repository could not be listed', () => {
  expect(judge(check, containerImages({ images: denied('ecr:DescribeImages') })).status).toBe('UNKNOWN');
});

test('UNKNOWN when not all layers could be read and none that was read has one', () => {
  const layers = known({ leftovers: [], setuid: [], buildTools: [], complete: false });

  expect(judge(check, imagesOf({ layers })).status).toBe('UNKNOWN');
});

test('UNKNOWN, as unread, where a configuration holds more than is looked through', () => {
  expect(judge(check, imagesOf({ configuration: known(imageConfiguration({ cutOff: true })) }))).toMatchObject({
    status: 'UNKNOWN',
    unknown: { kind: 'unreadable', message: 'The configuration of an image holds more than is looked through.' },
  });
});
