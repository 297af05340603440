import { expect, test } from 'vitest';
import { imageNoRemoteShellPort as check } from '#shared/checks/image/image-no-remote-shell-port.ts';
import { containerImages, imagesOf, imagesWith } from '#test/factories/images.ts';
import { denied, judge } from '#test/support/judge.ts';

test('PASSED for the port of the program', () => {
  expect(judge(check, containerImages()).status).toBe('PASSED');
});

test.for(['22', '22/tcp', '22/TCP', '20-25/tcp', '3389/tcp', '5985/tcp'])('FAILED for %s', (port) => {
  expect(judge(check, imagesWith({ exposedPorts: ['8080/tcp', port] }))).toMatchObject({
    status: 'FAILED',
    reason: 'an image exposes a port for remote administration',
    evidence: [{ observed: [port] }],
  });
});

test.for(['22/udp', '220/tcp', 'nonsense', ''])('PASSED for %s', (port) => {
  expect(judge(check, imagesWith({ exposedPorts: [port] })).status).toBe('PASSED');
});

test('UNKNOWN when the configuration could not be read', () => {
  const finding = judge(check, imagesOf({ configuration: denied('ecr:GetDownloadUrlForLayer') }));

  expect(finding).toMatchObject({ status: 'UNKNOWN', unknown: { missingPermission: 'ecr:GetDownloadUrlForLayer' } });
});

test('UNKNOWN when the images of the repository could not be listed', () => {
  expect(judge(check, containerImages({ images: denied('ecr:DescribeImages') })).status).toBe('UNKNOWN');
});
