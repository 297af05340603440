import { expect, test } from 'vitest';
import { imageCommandExecForm as check } from '#shared/checks/image/image-command-exec-form.ts';
import { containerImages, imagesOf, imagesWith } from '#test/factories/images.ts';
import { denied, judge } from '#test/support/judge.ts';

test('PASSED for a command in exec form', () => {
  expect(judge(check, containerImages()).status).toBe('PASSED');
});

test('FAILED for a command in shell form', () => {
  expect(judge(check, imagesWith({ command: 'shell' }))).toMatchObject({
    status: 'FAILED',
    reason: 'the command of an image is in shell form',
    evidence: [{ path: expect.stringMatching(/config\.Cmd$/), observed: 'shell form' }],
  });
});

test('FAILED for an entry point in shell form, which is what runs then', () => {
  expect(judge(check, imagesWith({ entrypoint: 'shell', command: 'none' }))).toMatchObject({
    status: 'FAILED',
    evidence: [{ path: expect.stringMatching(/config\.Entrypoint$/) }],
  });
});

test('NOT_APPLICABLE for an image that starts nothing', () => {
  expect(judge(check, imagesWith({ entrypoint: 'none', command: 'none' })).status).toBe('NOT_APPLICABLE');
});

test('NOT_APPLICABLE on Windows', () => {
  expect(judge(check, imagesWith({ os: 'windows', command: 'shell' })).status).toBe('NOT_APPLICABLE');
});

test('UNKNOWN when the configuration could not be read', () => {
  const finding = judge(check, imagesOf({ configuration: denied('ecr:GetDownloadUrlForLayer') }));

  expect(finding).toMatchObject({ status: 'UNKNOWN', unknown: { missingPermission: 'ecr:GetDownloadUrlForLayer' } });
});

test('UNKNOWN when the images of the repository could not be listed', () => {
  expect(judge(check, containerImages({ images: denied('ecr:DescribeImages') })).status).toBe('UNKNOWN');
});
