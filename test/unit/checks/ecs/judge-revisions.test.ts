import { describe, expect, test } from 'vitest';
import { ecsTaskNotPrivileged } from '#shared/checks/ecs/ecs-task-not-privileged.ts';
import { ecsTaskRootFilesystemReadonly as check } from '#shared/checks/ecs/ecs-task-root-filesystem-readonly.ts';
import type { EcsRevisionInUse, EcsTaskDefinitionFamily } from '#shared/collectors/ecs/model.ts';
import { known } from '#shared/domain/observed.ts';
import { container, ec2FamilyWith, revision, serviceUse, taskDefinitionFamily } from '#test/factories/ecs.ts';
import { denied, judge } from '#test/support/judge.ts';

const writable = [container({ readonlyRootFilesystem: false })];

function inUse(number: number, containers = [container()]): EcsRevisionInUse {
  const definition = revision({ revision: number, containers });
  return { arn: definition.arn, uses: [serviceUse()], definition: known(definition) };
}

function family(overrides: Partial<EcsTaskDefinitionFamily>): EcsTaskDefinitionFamily {
  return { ...taskDefinitionFamily(), ...overrides };
}

describe('which revisions count', () => {
  test('T09: the worst revision in use decides, not the latest', () => {
    const finding = judge(check, family({ revisionsInUse: [inUse(5, writable), inUse(7)] }));

    expect(finding.status).toBe('FAILED');
  });

  test('T09: an INACTIVE revision that still runs counts', () => {
    const inactive = revision({ revision: 3, status: 'INACTIVE', containers: writable });
    const revisionsInUse = [{ arn: inactive.arn, uses: [serviceUse()], definition: known(inactive) }];

    expect(judge(check, family({ revisionsInUse })).status).toBe('FAILED');
  });

  test('the latest active revision does not count while another one is in use', () => {
    const latestActive = known(revision({ revision: 8, containers: writable }));

    expect(judge(check, family({ revisionsInUse: [inUse(7)], latestActive })).status).toBe('PASSED');
  });

  test('the latest active revision decides where nothing is in use, one severity lower', () => {
    const unused = taskDefinitionFamily(revision({ containers: writable }), []);

    expect(judge(check, unused)).toMatchObject({
      status: 'FAILED',
      severity: 'MEDIUM',
      severityReason: 'not in use',
    });
  });

  test('NOT_APPLICABLE where nothing is in use and no revision is active', () => {
    expect(judge(check, family({ revisionsInUse: [], latestActive: known(null) })).status).toBe('NOT_APPLICABLE');
  });
});

describe('what could not be read', () => {
  test('T16: a revision in use that could not be described is UNKNOWN, not empty', () => {
    const unread = { ...inUse(6), definition: denied('ecs:DescribeTaskDefinition') };

    expect(judge(check, family({ revisionsInUse: [unread, inUse(7)] })).status).toBe('UNKNOWN');
  });

  test('one failing revision is proof enough beside an unread one', () => {
    const unread = { ...inUse(6), definition: denied('ecs:DescribeTaskDefinition') };
    const finding = judge(check, family({ revisionsInUse: [unread, inUse(7, writable)] }));

    expect(finding.status).toBe('FAILED');
    expect(finding.evidence[0]?.path).toBe('containerDefinitions[app].readonlyRootFilesystem');
  });

  test('UNKNOWN where the uses could not all be listed: another revision may be running', () => {
    const finding = judge(check, family({ usesListed: denied('ecs:ListServices') }));

    expect(finding).toMatchObject({ status: 'UNKNOWN', unknown: { missingPermission: 'ecs:ListServices' } });
  });

  test('a failing latest revision still fails where the uses could not all be listed', () => {
    const latestActive = known(revision({ revision: 8, containers: writable }));
    const usesListed = denied('events:ListTargetsByRule');

    expect(judge(check, family({ revisionsInUse: [inUse(7)], latestActive, usesListed })).status).toBe('FAILED');
  });

  test('UNKNOWN where the latest revision could not be read and nothing is in use', () => {
    const unread = family({ revisionsInUse: [], latestActive: denied('ecs:ListTaskDefinitions') });

    expect(judge(check, unread).status).toBe('UNKNOWN');
  });
});

describe('a rollout that changes no practice', () => {
  test('leaves the finding as it is: before, during and after', () => {
    const before = judge(check, family({ revisionsInUse: [inUse(9, writable)] }));
    const during = judge(check, family({ revisionsInUse: [inUse(9, writable), inUse(10, writable)] }));
    const after = judge(check, family({ revisionsInUse: [inUse(10, writable)] }));

    expect(during).toEqual(before);
    expect(after).toEqual(before);
  });

  test('D14: revisions of two digits and more are judged like the others', () => {
    const finding = judge(check, family({ revisionsInUse: [inUse(1234, writable)] }));

    expect(finding.status).toBe('FAILED');
  });

  test('names the revision only where revisions differ', () => {
    const finding = judge(check, family({ revisionsInUse: [inUse(9, writable), inUse(10)] }));

    expect(finding.evidence.map(({ path }) => path)).toEqual([
      'revisions[9].containerDefinitions[app].readonlyRootFilesystem',
    ]);
  });
});

describe('where it runs', () => {
  const privileged = container({ privileged: true });
  const declaredBoth = revision({ containers: [privileged], requiresCompatibilities: ['EC2', 'FARGATE'] });

  test('T05: the launch type of the use decides, not the declared compatibilities', () => {
    expect(judge(ecsTaskNotPrivileged, taskDefinitionFamily(declaredBoth)).status).toBe('NOT_APPLICABLE');
  });

  test('T05: used on Fargate and on EC2, it is judged as on EC2', () => {
    const uses = [serviceUse(), serviceUse({ by: 'other', launchTypes: ['EC2'] })];

    expect(judge(ecsTaskNotPrivileged, taskDefinitionFamily(declaredBoth, uses)).status).toBe('FAILED');
  });

  test('a use that does not say where it runs may run wherever the definition allows', () => {
    const uses = [serviceUse(), serviceUse({ by: 'rule', kind: 'event-rule', launchTypes: [] })];

    expect(judge(ecsTaskNotPrivileged, taskDefinitionFamily(declaredBoth, uses)).status).toBe('FAILED');
  });

  test.for(['MANAGED_INSTANCES', 'EXTERNAL'])('%s is judged like EC2', (launchType) => {
    const uses = [serviceUse({ launchTypes: [launchType] })];

    expect(judge(ecsTaskNotPrivileged, taskDefinitionFamily(declaredBoth, uses)).status).toBe('FAILED');
  });

  test('a managed daemon is judged by the same checks', () => {
    const uses = [serviceUse({ kind: 'daemon', launchTypes: ['MANAGED_INSTANCES'] })];
    const daemon = { ...taskDefinitionFamily(declaredBoth, uses), managedDaemon: true };

    expect(judge(ecsTaskNotPrivileged, daemon).status).toBe('FAILED');
  });

  test('T04: no operating system family is Linux', () => {
    expect(judge(check, ec2FamilyWith({ readonlyRootFilesystem: false })).status).toBe('FAILED');
  });

  test('T04: no operating system family on Windows instances is Windows', () => {
    const uses = [serviceUse({ launchTypes: ['EC2'], onWindows: true })];
    const onWindows = taskDefinitionFamily(revision({ containers: writable }), uses);

    expect(judge(check, onWindows).status).toBe('NOT_APPLICABLE');
  });
});

describe('T04, T05: where it is not known on what it runs', () => {
  const reason = {
    kind: 'unreadable',
    cause: 'denied',
    operation: 'ecs:DescribeContainerInstances',
    message: '',
  } as const;
  const unclear = serviceUse({ launchTypes: ['EC2'], platformUnknown: reason });
  const onInstances = { containers: writable, requiresCompatibilities: ['EC2'], compatibilities: ['EC2'] };

  test('UNKNOWN where Windows would give another verdict', () => {
    expect(judge(check, taskDefinitionFamily(revision(onInstances), [unclear]))).toMatchObject({
      status: 'UNKNOWN',
      unknown: { operation: 'ecs:DescribeContainerInstances' },
    });
  });

  test('UNKNOWN where one of several launch types would give another verdict', () => {
    const either = revision({
      containers: [container({ privileged: true })],
      requiresCompatibilities: ['EC2', 'FARGATE'],
    });
    const uses = [serviceUse({ launchTypes: [], platformUnknown: reason })];

    expect(judge(ecsTaskNotPrivileged, taskDefinitionFamily(either, uses)).status).toBe('UNKNOWN');
  });

  test('the verdict stands where the definition names its operating system', () => {
    const linux = revision({ ...onInstances, operatingSystemFamily: 'LINUX' });

    expect(judge(check, taskDefinitionFamily(linux, [unclear])).status).toBe('FAILED');
  });

  test('one use that is certain to fail is proof enough', () => {
    const uses = [unclear, serviceUse({ by: 'other', launchTypes: ['EC2'] })];

    expect(judge(check, taskDefinitionFamily(revision(onInstances), uses)).status).toBe('FAILED');
  });

  test('UNKNOWN for the latest revision where what runs it could not be listed', () => {
    const latest = revision(onInstances);
    const unlisted = { ...taskDefinitionFamily(latest, []), usesListed: denied('ecs:ListClusters') };

    expect(judge(check, unlisted)).toMatchObject({
      status: 'UNKNOWN',
      unknown: { missingPermission: 'ecs:ListClusters' },
    });
    expect(judge(check, taskDefinitionFamily(latest, [])).status).toBe('FAILED');
  });
});
