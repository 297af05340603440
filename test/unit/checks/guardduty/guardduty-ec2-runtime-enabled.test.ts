import { expect, test } from 'vitest';
import { guarddutyEc2RuntimeEnabled as check } from '#shared/checks/guardduty/guardduty-ec2-runtime-enabled.ts';
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

test('PASSED when runtime monitoring manages the agent', () => {
  expect(judge(check, detectorWith(feature('RUNTIME_MONITORING', ['EC2_AGENT_MANAGEMENT']))).status).toBe('PASSED');
});

test('FAILED when the feature is on and the agent is not managed (T84)', () => {
  expect(judge(check, detectorWith(feature('RUNTIME_MONITORING', ['EKS_ADDON_MANAGEMENT'])))).toMatchObject({
    status: 'FAILED',
    severity: 'MEDIUM',
    reason: 'GuardDuty does not manage its agent on EC2 instances',
    evidence: [
      { path: 'features[RUNTIME_MONITORING].additionalConfiguration[EC2_AGENT_MANAGEMENT].status', observed: null },
    ],
  });
});

test('FAILED with the older feature, which watches EKS alone (T83)', () => {
  expect(judge(check, detectorWith(feature('EKS_RUNTIME_MONITORING', ['EC2_AGENT_MANAGEMENT'])))).toMatchObject({
    status: 'FAILED',
    reason: 'runtime monitoring is off',
  });
});

test('FAILED when the feature is off though the agent is on, or the detector is off or absent (T85, D6)', () => {
  expect(judge(check, detectorWith(featureOff('RUNTIME_MONITORING', ['EC2_AGENT_MANAGEMENT']))).status).toBe('FAILED');
  expect(judge(check, guardDutyDetector({ detector: known(settings({ status: 'DISABLED' })) })).status).toBe('FAILED');
  expect(judge(check, guardDutyDetector({ detector: known(null) })).status).toBe('FAILED');
});

test('UNKNOWN when the features could not be read', () => {
  const unread = guardDutyDetector({ detector: known(settings({ features: denied('guardduty:GetDetector') })) });

  expect(judge(check, unread).status).toBe('UNKNOWN');
  expect(judge(check, guardDutyDetector({ detector: denied('guardduty:GetDetector') })).status).toBe('UNKNOWN');
});

test('NOT_APPLICABLE where nothing of the kind runs, UNKNOWN where that is not known', () => {
  const off = detectorWith();

  expect(judge(check, { ...off, workloads: workloads({ onEc2: known(false) }) }).status).toBe('NOT_APPLICABLE');
  expect(judge(check, { ...off, workloads: workloads({ onEc2: denied('ecs:ListClusters') }) }).status).toBe('UNKNOWN');
});
