import { expect, test } from 'vitest';
import { ecsClusterAgentsCurrent as check } from '#shared/checks/ecs/ecs-cluster-agents-current.ts';
import { known } from '#shared/domain/observed.ts';
import {
  ami,
  containerInstance,
  ecsCluster,
  ecsClusterWithoutInstances,
  without,
} from '#test/factories/ecs-services.ts';
import { denied, judge } from '#test/support/judge.ts';

const withInstances = (...instances: ReturnType<typeof containerInstance>[]) =>
  ecsCluster({ containerInstances: known(instances) });

test('PASSED when agents are connected and at most three minor releases behind', () => {
  expect(judge(check, ecsCluster()).status).toBe('PASSED');
  expect(judge(check, withInstances(containerInstance({ agentVersion: '1.99.3' }))).status).toBe('PASSED');
});

test.for([['1.98.9'], ['0.200.0'], ['1.9.0']])(
  'FAILED when an agent is of version %s (T42: numbers)',
  ([agentVersion]) => {
    const old = containerInstance({ agentVersion: agentVersion as string, status: 'DRAINING' });

    expect(judge(check, withInstances(containerInstance(), old))).toMatchObject({
      status: 'FAILED',
      severity: 'LOW',
      reason: 'a container agent is out of date',
      evidence: [
        {
          path: 'containerInstances[i-0123456789abcdef0].versionInfo.agentVersion',
          observed: agentVersion,
          expected: '1.102.0',
        },
      ],
    });
  },
);

test('how far an agent may be behind is a parameter', () => {
  const cluster = withInstances(containerInstance({ agentVersion: '1.101.0' }));

  expect(judge(check, cluster, { parameters: { maxAgentLag: 0 } }).status).toBe('FAILED');
});

test('FAILED, lowered, when an agent is not connected: one look cannot tell for how long', () => {
  expect(judge(check, withInstances(containerInstance({ agentConnected: false })))).toMatchObject({
    status: 'FAILED',
    severity: 'INFORMATIONAL',
    reason: 'a container agent is not connected',
    evidence: [{ path: 'containerInstances[i-0123456789abcdef0].agentConnected', observed: false, expected: true }],
  });
});

test('PASSED while an instance that registered within the hour connects', () => {
  const starting = containerInstance({ agentConnected: false, registeredAt: '2026-11-22T23:30:00.000Z' });

  expect(judge(check, withInstances(starting)).status).toBe('PASSED');
});

test('keeps the evidence bounded on a cluster of many instances', () => {
  const many = Array.from({ length: 200 }, (_, index) =>
    containerInstance({ ec2InstanceId: `i-${String(index).padStart(17, '0')}`, agentVersion: '1.50.0' }),
  );

  expect(judge(check, withInstances(...many.toReversed())).evidence).toHaveLength(10);
});

test.for([
  ['Bottlerocket by its attributes', containerInstance({ attributes: ['bottlerocket.variant'] }), {}],
  [
    'Bottlerocket by its image',
    containerInstance(),
    { instanceAmis: known([ami({ name: 'bottlerocket-aws-ecs-2' })]) },
  ],
  ['an external instance', containerInstance({ capacityKind: 'EXTERNAL' }), {}],
  ['an OS without a baseline', containerInstance({ osType: 'freebsd' }), {}],
  ['an instance of unknown OS', without(containerInstance(), 'osType'), {}],
  ['an instance without a version', without(containerInstance(), 'agentVersion'), {}],
] as const)('UNKNOWN for %s', ([, instance, more]) => {
  const cluster = ecsCluster({ containerInstances: known([instance]), ...more });

  expect(judge(check, cluster).unknown).toMatchObject({ kind: 'undecidable' });
});

test('UNKNOWN when instances or the baseline could not be read', () => {
  const operations = ['ecs:ListContainerInstances', 'ssm:GetParameters'] as const;

  expect(judge(check, ecsCluster({ containerInstances: denied(operations[0]) })).status).toBe('UNKNOWN');
  expect(judge(check, ecsCluster({ currentAgentVersions: denied(operations[1]) })).status).toBe('UNKNOWN');
});

test('NOT_APPLICABLE without instances, and with managed ones only', () => {
  expect(judge(check, ecsClusterWithoutInstances()).status).toBe('NOT_APPLICABLE');
  expect(judge(check, withInstances(containerInstance({ capacityKind: 'MANAGED_INSTANCES' }))).status).toBe(
    'NOT_APPLICABLE',
  );
});

test('NOT_APPLICABLE when the cluster counts no instance, though they could not be listed', () => {
  const cluster = { ...ecsClusterWithoutInstances(), containerInstances: denied('ecs:ListContainerInstances') };

  expect(judge(check, cluster).status).toBe('NOT_APPLICABLE');
});
