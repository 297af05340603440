import { expect, test } from 'vitest';
import { ecsTaskNoContainerSocket as check } from '#shared/checks/ecs/ecs-task-no-container-socket.ts';
import type { EcsTaskDefinitionFamily } from '#shared/collectors/ecs/model.ts';
import { ec2FamilyWith, familyWith, hostVolume, undescribedFamily, windowsFamilyWith } from '#test/factories/ecs.ts';
import { judge } from '#test/support/judge.ts';

function mounting(path: string, readOnly?: boolean): EcsTaskDefinitionFamily {
  const { volumes, mountPoints } = hostVolume(path, readOnly);
  return ec2FamilyWith({ mountPoints }, { volumes });
}

test.for(['/data', '/etc', '/var/run/app.sock', '/run/spire/sockets'])('PASSED when it mounts %s', (path) => {
  expect(judge(check, mounting(path)).status).toBe('PASSED');
});

test.for([
  '/var/run/docker.sock',
  '/run/docker.sock',
  '//var/run/./docker.sock',
  '/run/containerd/containerd.sock',
  '/run/containerd',
  '/run/user/1000/docker.sock',
  '/var/run',
  '/run/',
  '/',
])('FAILED when it mounts %s', (path) => {
  expect(judge(check, mounting(path))).toMatchObject({
    status: 'FAILED',
    severity: 'CRITICAL',
    reason: 'the socket of the container runtime is mounted',
    evidence: [{ path: 'volumes[host].host.sourcePath', observed: path }],
  });
});

test('a read-only mount takes orders all the same', () => {
  expect(judge(check, mounting('/var/run/docker.sock', true))).toMatchObject({
    status: 'FAILED',
    severity: 'CRITICAL',
  });
});

test("FAILED on Windows with Docker's named pipe", () => {
  const { volumes, mountPoints } = hostVolume('\\\\.\\pipe\\docker_engine');

  expect(judge(check, windowsFamilyWith({ mountPoints }, { volumes })).status).toBe('FAILED');
});

test('NOT_APPLICABLE on Fargate', () => {
  const { volumes, mountPoints } = hostVolume('/var/run/docker.sock');

  expect(judge(check, familyWith({ mountPoints }, { volumes })).status).toBe('NOT_APPLICABLE');
});

test('UNKNOWN when the definition could not be described', () => {
  expect(judge(check, undescribedFamily()).status).toBe('UNKNOWN');
});
