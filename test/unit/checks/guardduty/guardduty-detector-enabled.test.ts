import { expect, test } from 'vitest';
import { guarddutyDetectorEnabled as check } from '#shared/checks/guardduty/guardduty-detector-enabled.ts';
import { known } from '#shared/domain/observed.ts';
import { guardDutyDetector, settings } from '#test/factories/guardduty.ts';
import { denied, judge } from '#test/support/judge.ts';

test('PASSED when the detector is enabled', () => {
  expect(judge(check, guardDutyDetector()).status).toBe('PASSED');
});

test('FAILED when the region has no detector (D6)', () => {
  expect(judge(check, guardDutyDetector({ detector: known(null) }))).toMatchObject({
    status: 'FAILED',
    severity: 'HIGH',
    reason: 'GuardDuty has no detector in the region',
    evidence: [{ path: 'detector.status', observed: null, expected: 'ENABLED' }],
  });
});

test('FAILED when the detector is disabled, whatever its features say (T85)', () => {
  const disabled = guardDutyDetector({ detector: known(settings({ status: 'DISABLED' })) });

  expect(judge(check, disabled)).toMatchObject({
    status: 'FAILED',
    reason: 'the GuardDuty detector is disabled',
    evidence: [{ observed: 'DISABLED' }],
  });
});

test('one step lower in a region without clusters, and not lower when that is not known', () => {
  const off = { detector: known(null) };

  expect(judge(check, guardDutyDetector({ ...off, inUse: 'no' })).severity).toBe('MEDIUM');
  expect(judge(check, guardDutyDetector({ ...off, inUse: 'unknown' })).severity).toBe('HIGH');
});

test('UNKNOWN when it could not be read, or the status is new', () => {
  const unread = judge(check, guardDutyDetector({ detector: denied('guardduty:ListDetectors') }));

  expect(unread.unknown).toMatchObject({ missingPermission: 'guardduty:ListDetectors' });
  expect(judge(check, guardDutyDetector({ detector: known(settings({ status: 'PAUSED' })) })).status).toBe('UNKNOWN');
});
