import { expect, test } from 'vitest';
import { guarddutyEksRuntimeEnabled as check } from '#shared/checks/guardduty/guardduty-eks-runtime-enabled.ts';
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

test.for([
  ['RUNTIME_MONITORING', 'EKS_RUNTIME_MONITORING'],
  ['EKS_RUNTIME_MONITORING', 'RUNTIME_MONITORING'],
] as const)('PASSED with %s while %s is off (T83, D13)', ([on, off]) => {
  expect(judge(check, detectorWith(featureOff(off), feature(on))).status).toBe('PASSED');
});

test('FAILED when neither is on', () => {
  const neither = detectorWith(featureOff('EKS_RUNTIME_MONITORING'), featureOff('RUNTIME_MONITORING'));

  expect(judge(check, neither)).toMatchObject({
    status: 'FAILED',
    severity: 'HIGH',
    reason: 'runtime monitoring is off',
    evidence: [{ path: 'features[RUNTIME_MONITORING].status', observed: 'DISABLED', expected: 'ENABLED' }],
  });
});

test('FAILED when neither is listed', () => {
  expect(judge(check, detectorWith(feature('EKS_AUDIT_LOGS'))).status).toBe('FAILED');
});

test('FAILED when the detector is absent, or disabled with the feature enabled (T85, D6)', () => {
  expect(judge(check, guardDutyDetector({ detector: known(null) })).status).toBe('FAILED');
  expect(judge(check, guardDutyDetector({ detector: known(settings({ status: 'DISABLED' })) })).status).toBe('FAILED');
});

test('UNKNOWN when features could not be read, or one has a status that may mean on', () => {
  const unread = guardDutyDetector({ detector: known(settings({ features: denied('guardduty:GetDetector') })) });
  const unclear = detectorWith(featureOff('RUNTIME_MONITORING'), feature('EKS_RUNTIME_MONITORING', [], 'TRIAL'));

  expect(judge(check, unread).status).toBe('UNKNOWN');
  expect(judge(check, unclear).unknown).toMatchObject({ kind: 'undecidable' });
});

test('NOT_APPLICABLE where no EKS cluster has nodes; judged where that is not known', () => {
  const off = detectorWith();

  expect(judge(check, { ...off, workloads: workloads({ eksNodes: known(false) }) }).status).toBe('NOT_APPLICABLE');
  expect(judge(check, { ...off, workloads: workloads({ eksNodes: denied('ecs:ListClusters') }) }).status).toBe(
    'UNKNOWN',
  );
});
