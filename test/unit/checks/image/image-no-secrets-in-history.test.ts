import { expect, test } from 'vitest';
import { imageNoSecretsInHistory as check } from '#shared/checks/image/image-no-secrets-in-history.ts';
import { harmlessText, suspiciousText } from '#test/factories/ecs.ts';
import { containerImages, imagesOf, imagesWith } from '#test/factories/images.ts';
import { denied, judge } from '#test/support/judge.ts';

test('PASSED where nothing looks like a secret', () => {
  expect(judge(check, containerImages()).status).toBe('PASSED');
});

test('FAILED for a secret in a step, without its text', () => {
  const history = [
    { text: harmlessText(), installs: [] },
    { text: suspiciousText('npm-token'), installs: [] },
  ];

  expect(judge(check, imagesWith({ history }))).toMatchObject({
    status: 'FAILED',
    severity: 'HIGH',
    evidence: [{ path: expect.stringMatching(/\.history\[1\]$/), observed: ['npm-token'] }],
  });
});

test('NOT_APPLICABLE for an image that keeps no history', () => {
  expect(judge(check, imagesWith({ history: null })).status).toBe('NOT_APPLICABLE');
});

test('UNKNOWN when the configuration could not be read', () => {
  const finding = judge(check, imagesOf({ configuration: denied('ecr:GetDownloadUrlForLayer') }));

  expect(finding).toMatchObject({ status: 'UNKNOWN', unknown: { missingPermission: 'ecr:GetDownloadUrlForLayer' } });
});

test('UNKNOWN when the images of the repository could not be listed', () => {
  expect(judge(check, containerImages({ images: denied('ecr:DescribeImages') })).status).toBe('UNKNOWN');
});

test('UNKNOWN, as unread, where a configuration holds more than is looked through', () => {
  expect(judge(check, imagesWith({ cutOff: true }))).toMatchObject({
    status: 'UNKNOWN',
    unknown: { kind: 'unreadable', message: 'The configuration of an image holds more than is looked through.' },
  });
});

test('FAILED for a secret in what was looked through, however much there is besides', () => {
  expect(
    judge(check, imagesWith({ cutOff: true, history: [{ text: suspiciousText('github-token'), installs: [] }] }))
      .status,
  ).toBe('FAILED');
});
