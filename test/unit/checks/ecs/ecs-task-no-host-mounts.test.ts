import { expect, test } from 'vitest';
import { ecsTaskNoHostMounts as check } from '#shared/checks/ecs/ecs-task-no-host-mounts.ts';
import type { EcsTaskDefinitionFamily } from '#shared/collectors/ecs/model.ts';
import {
  container,
  ec2FamilyWith,
  familyWith,
  hostVolume,
  undescribedFamily,
  windowsFamilyWith,
} from '#test/factories/ecs.ts';
import { judge } from '#test/support/judge.ts';

function mounting(path: string, readOnly?: boolean): EcsTaskDefinitionFamily {
  const { volumes, mountPoints } = hostVolume(path, readOnly);
  return ec2FamilyWith({ mountPoints }, { volumes });
}

test.for(['/data', '/var/lib/postgresql', '/var/log/app', '/home/ec2-user/app/data', '/etcetera', '/mnt/efs', ''])(
  'PASSED when it mounts %j',
  (path) => {
    expect(judge(check, mounting(path)).status).toBe('PASSED');
  },
);

test.for([
  '/',
  '/etc',
  '/etc/',
  '/etc/ssh',
  '//etc//ssh/',
  '/data/../etc',
  '/./etc/.',
  '/../../root',
  '/proc',
  '/sys/fs/cgroup',
  '/var',
  '/var/lib',
  '/var/lib/docker/containers',
  '/var/run',
  '/run',
  '/home',
  '/home/ec2-user',
  '/home/ec2-user/.ssh',
  '/boot',
  '/dev',
  '/usr/bin',
  '/lib/modules',
])('FAILED when it mounts %s', (path) => {
  expect(judge(check, mounting(path))).toMatchObject({
    status: 'FAILED',
    severity: 'HIGH',
    reason: 'a system directory of the host is mounted',
    evidence: [{ path: 'volumes[host].host.sourcePath', observed: path }],
  });
});

test.for([
  ['/etc', 'MEDIUM', 'mounted read-only'],
  ['/', 'MEDIUM', 'mounted read-only'],
  ['/proc', 'LOW', 'only /proc or /sys, and read-only'],
  ['/sys/fs/cgroup', 'LOW', 'only /proc or /sys, and read-only'],
] as const)('a read-only mount of %s still fails, as %s', ([path, severity, severityReason]) => {
  expect(judge(check, mounting(path, true))).toMatchObject({
    status: 'FAILED',
    severity,
    severityReason,
    evidence: [{ observed: `${path} (read-only)` }],
  });
});

test('one writable mount point makes the volume writable', () => {
  const { volumes, mountPoints } = hostVolume('/etc', true);
  const containers = [
    container({ mountPoints }),
    container({ name: 'writer', mountPoints: hostVolume('/etc', false).mountPoints }),
  ];

  expect(judge(check, ec2FamilyWith({}, { containers, volumes })).severity).toBe('HIGH');
});

test.for(['/etc/localtime', '/etc/ssl/certs', '/usr/share/zoneinfo/UTC'])(
  'PASSED for %s read-only, and FAILED when it is writable',
  (path) => {
    expect(judge(check, mounting(path, true)).status).toBe('PASSED');
    expect(judge(check, mounting(path)).status).toBe('FAILED');
  },
);

test('PASSED when no container mounts the volume', () => {
  expect(judge(check, ec2FamilyWith({}, { volumes: hostVolume('/').volumes })).status).toBe('PASSED');
});

test('the socket alone is reported by ecs-task-no-container-socket, and here it passes', () => {
  expect(judge(check, mounting('/var/run/docker.sock')).status).toBe('PASSED');
});

test.for(['C:\\', 'C:\\Windows\\System32', 'c:/ProgramData/Docker', 'C:\\Users\\Administrator'])(
  'FAILED on Windows when it mounts %s',
  (path) => {
    const { volumes, mountPoints } = hostVolume(path);

    expect(judge(check, windowsFamilyWith({ mountPoints }, { volumes })).status).toBe('FAILED');
  },
);

test('NOT_APPLICABLE on Fargate, which has no host to mount', () => {
  const { volumes, mountPoints } = hostVolume('/etc');

  expect(judge(check, familyWith({ mountPoints }, { volumes })).status).toBe('NOT_APPLICABLE');
});

test('UNKNOWN when the definition could not be described', () => {
  expect(judge(check, undescribedFamily()).status).toBe('UNKNOWN');
});
