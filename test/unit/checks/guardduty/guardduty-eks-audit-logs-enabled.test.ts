import { expect, test } from 'vitest';
import { guarddutyEksAuditLogsEnabled as check } from '#shared/checks/guardduty/guardduty-eks-audit-logs-enabled.ts';
import { known } from '#shared/domain/observed.ts';
import {
  detectorWith,
  feature,
  featureOff,
  guardDutyDetector,
  runtimeMonitoring,
  settings,
  workloads,
} from '#test/factories/guardduty.ts';
import { denied, judge } from '#test/support/judge.ts';

test('PASSED when EKS audit logs are monitored', () => {
  expect(judge(check, guardDutyDetector()).status).toBe('PASSED');
});

test.for([
  ['off', [featureOff('EKS_AUDIT_LOGS')], 'DISABLED'],
  ['not listed, though runtime monitoring is on (T85: another feature)', [runtimeMonitoring()], null],
] as const)('FAILED when the feature is %s', ([, features, observed]) => {
  expect(judge(check, detectorWith(...features))).toMatchObject({
    status: 'FAILED',
    severity: 'HIGH',
    reason: 'EKS audit log monitoring is off',
    evidence: [{ path: 'features[EKS_AUDIT_LOGS].status', observed, expected: 'ENABLED' }],
  });
});

test('FAILED when the detector is disabled, also when its features could not be read (T85)', () => {
  const off = { status: 'DISABLED' };

  for (const detector of [settings(off), settings({ ...off, features: denied('guardduty:GetDetector') })]) {
    expect(judge(check, guardDutyDetector({ detector: known(detector) })).status).toBe('FAILED');
  }
});

test('FAILED when there is no detector (D6)', () => {
  expect(judge(check, guardDutyDetector({ detector: known(null) })).status).toBe('FAILED');
});

test('UNKNOWN when the features could not be read, or the status is new', () => {
  const unread = guardDutyDetector({ detector: known(settings({ features: denied('guardduty:GetDetector') })) });

  expect(judge(check, unread).status).toBe('UNKNOWN');
  expect(judge(check, detectorWith(feature('EKS_AUDIT_LOGS', [], 'TRIAL'))).unknown).toMatchObject({
    kind: 'undecidable',
  });
});

test('NOT_APPLICABLE where there is no EKS cluster; judged where that is not known', () => {
  const off = detectorWith(featureOff('EKS_AUDIT_LOGS'));

  expect(judge(check, { ...off, workloads: workloads({ eksClusters: known(false) }) }).status).toBe('NOT_APPLICABLE');
  expect(judge(check, { ...off, workloads: workloads({ eksClusters: denied('ecs:ListClusters') }) }).status).toBe(
    'UNKNOWN',
  );
});
