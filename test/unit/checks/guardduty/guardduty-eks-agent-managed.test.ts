import { expect, test } from 'vitest';
import { guarddutyEksAgentManaged as check } from '#shared/checks/guardduty/guardduty-eks-agent-managed.ts';
import { known } from '#shared/domain/observed.ts';
import {
  detectorWith,
  feature,
  featureOff,
  guardDutyDetector,
  settings,
  workloads,
} from '#test/factories/guardduty.ts';
import { denied, judge } from '#test/support/judge.ts';

test.for([['RUNTIME_MONITORING'], ['EKS_RUNTIME_MONITORING']])('PASSED when %s manages the add-on (D13)', ([name]) => {
  expect(judge(check, detectorWith(feature(name as string, ['EKS_ADDON_MANAGEMENT']))).status).toBe('PASSED');
});

test('FAILED when the feature is on and the add-on is not managed (T84)', () => {
  expect(judge(check, detectorWith(feature('RUNTIME_MONITORING', ['EC2_AGENT_MANAGEMENT'])))).toMatchObject({
    status: 'FAILED',
    severity: 'MEDIUM',
    reason: 'GuardDuty does not manage its agent in EKS clusters',
    evidence: [
      {
        path: 'features[RUNTIME_MONITORING].additionalConfiguration[EKS_ADDON_MANAGEMENT].status',
        observed: null,
        expected: 'ENABLED',
      },
    ],
  });
});

test('FAILED when only the feature that is off manages the add-on', () => {
  const detector = detectorWith(
    featureOff('EKS_RUNTIME_MONITORING', ['EKS_ADDON_MANAGEMENT']),
    feature('RUNTIME_MONITORING'),
  );

  expect(judge(check, detector).status).toBe('FAILED');
});

test('FAILED when runtime monitoring or the detector itself is off', () => {
  expect(judge(check, detectorWith(featureOff('RUNTIME_MONITORING', ['EKS_ADDON_MANAGEMENT'])))).toMatchObject({
    status: 'FAILED',
    reason: 'runtime monitoring is off',
  });
  expect(judge(check, guardDutyDetector({ detector: known(settings({ status: 'DISABLED' })) })).status).toBe('FAILED');
});

test('UNKNOWN when the features could not be read', () => {
  const unread = guardDutyDetector({ detector: known(settings({ features: denied('guardduty:GetDetector') })) });

  expect(judge(check, unread).status).toBe('UNKNOWN');
});

test('NOT_APPLICABLE where no EKS cluster has nodes', () => {
  expect(judge(check, guardDutyDetector({ workloads: workloads({ eksNodes: known(false) }) })).status).toBe(
    'NOT_APPLICABLE',
  );
});
