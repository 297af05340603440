import { expect, test } from 'vitest';
import { imageNoSecretsInConfig as check } from '#shared/checks/image/image-no-secrets-in-config.ts';
import { harmlessText, suspiciousText } from '#test/factories/ecs.ts';
import { containerImages, imagesOf, imagesWith } from '#test/factories/images.ts';
import { denied, judge } from '#test/support/judge.ts';

test('PASSED where nothing looks like a secret', () => {
  expect(judge(check, containerImages()).status).toBe('PASSED');
});

test.for([
  ['environment', 'Env'],
  ['labels', 'Labels'],
] as const)('FAILED for a secret in the %s, without its value', ([field, key]) => {
  const finding = judge(check, imagesWith({ [field]: [{ name: 'TOKEN', text: suspiciousText('github-token') }] }));

  expect(finding).toMatchObject({
    status: 'FAILED',
    severity: 'CRITICAL',
    reason: 'a secret stands in plain text',
    evidence: [{ path: expect.stringContaining(`.config.${key}[TOKEN]`), observed: ['github-token'] }],
  });
});

test('T14: a name alone is LOW', () => {
  const environment = [{ name: 'DB_PASSWORD', text: suspiciousText('secret-name', 'name') }];

  expect(judge(check, imagesWith({ environment }))).toMatchObject({ status: 'FAILED', severity: 'LOW' });
});

test('an access key is one whatever it looks like', () => {
  const environment = [{ name: 'AWS_SECRET_ACCESS_KEY', text: harmlessText() }];

  expect(judge(check, imagesWith({ environment })).status).toBe('FAILED');
});

test('as severe where nothing runs the image: everyone who may pull reads it', () => {
  const environment = [{ name: 'TOKEN', text: suspiciousText('github-token') }];

  expect(judge(check, { ...imagesWith({ environment }), inUse: 'no' }).severity).toBe('CRITICAL');
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
    judge(check, imagesWith({ cutOff: true, environment: [{ name: 'T', text: suspiciousText('github-token') }] }))
      .status,
  ).toBe('FAILED');
});
