import { expect, test } from 'vitest';
import { guarddutyFindingsTriaged as check } from '#shared/checks/guardduty/guardduty-findings-triaged.ts';
import { known } from '#shared/domain/observed.ts';
import { guardDutyDetector, settings } from '#test/factories/guardduty.ts';
import { denied, judge } from '#test/support/judge.ts';

const finding = (createdAt: string, id = 'f1') => ({
  id,
  type: 'Execution:Runtime/NewBinaryExecuted',
  severity: 8,
  createdAt,
});
const withFindings = (...oldest: ReturnType<typeof finding>[]) =>
  guardDutyDetector({ urgentFindings: known({ total: oldest.length, oldest }) });

test('PASSED without findings, and while they are younger than seven days', () => {
  expect(judge(check, guardDutyDetector()).status).toBe('PASSED');
  expect(judge(check, withFindings(finding('2026-11-16T00:00:00.000Z'))).status).toBe('PASSED');
});

test('FAILED when a finding is older, with the overdue ones as evidence', () => {
  const createdAt = '2026-11-15T23:59:59.000Z';

  expect(judge(check, withFindings(finding(createdAt), finding('2026-11-22T00:00:00.000Z', 'f2')))).toMatchObject({
    status: 'FAILED',
    severity: 'INFORMATIONAL',
    reason: 'findings of high severity on containers have not been dealt with',
    evidence: [
      { path: 'findings.unarchived', observed: 2 },
      { path: 'findings[f1]', observed: { type: 'Execution:Runtime/NewBinaryExecuted', severity: 8, createdAt } },
    ],
  });
});

test('the time is a parameter', () => {
  const detector = withFindings(finding('2026-11-20T00:00:00.000Z'));

  expect(judge(check, detector, { parameters: { maxAgeDays: 2 } }).status).toBe('FAILED');
});

test('UNKNOWN when findings could not be listed', () => {
  const unread = guardDutyDetector({ urgentFindings: denied('guardduty:ListFindings') });

  expect(judge(check, unread).unknown).toMatchObject({ missingPermission: 'guardduty:ListFindings' });
});

test('NOT_APPLICABLE where GuardDuty is off', () => {
  expect(judge(check, guardDutyDetector({ detector: known(null) })).status).toBe('NOT_APPLICABLE');
  expect(judge(check, guardDutyDetector({ detector: known(settings({ status: 'DISABLED' })) })).status).toBe(
    'NOT_APPLICABLE',
  );
});
