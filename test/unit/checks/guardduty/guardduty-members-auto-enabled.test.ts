import { expect, test } from 'vitest';
import { guarddutyMembersAutoEnabled as check } from '#shared/checks/guardduty/guardduty-members-auto-enabled.ts';
import { known } from '#shared/domain/observed.ts';
import { guardDutyDetector } from '#test/factories/guardduty.ts';
import { denied, judge } from '#test/support/judge.ts';

const enrolling = (autoEnableMembers: string) => guardDutyDetector({ organization: known({ autoEnableMembers }) });

test('PASSED when all accounts are enrolled', () => {
  expect(judge(check, guardDutyDetector()).status).toBe('PASSED');
});

test('FAILED when none is', () => {
  expect(judge(check, enrolling('NONE'))).toMatchObject({
    status: 'FAILED',
    severity: 'MEDIUM',
    reason: 'GuardDuty is not enabled automatically for accounts of the organization',
    evidence: [{ path: 'organization.autoEnableOrganizationMembers', observed: 'NONE', expected: 'ALL' }],
  });
});

test('FAILED, lowered, when only new ones are', () => {
  expect(judge(check, enrolling('NEW'))).toMatchObject({ status: 'FAILED', severity: 'LOW' });
});

test('not lowered where the region has no clusters: the members may have some', () => {
  expect(judge(check, { ...enrolling('NONE'), inUse: 'no' }).severity).toBe('MEDIUM');
});

test('UNKNOWN when it could not be read, or the value is new', () => {
  const operation = 'guardduty:DescribeOrganizationConfiguration';

  expect(judge(check, guardDutyDetector({ organization: denied(operation) })).status).toBe('UNKNOWN');
  expect(judge(check, enrolling('SOME')).unknown).toMatchObject({ kind: 'undecidable' });
});

test('NOT_APPLICABLE in every account but the delegated administrator', () => {
  expect(judge(check, guardDutyDetector({ organization: known(null) })).status).toBe('NOT_APPLICABLE');
});
