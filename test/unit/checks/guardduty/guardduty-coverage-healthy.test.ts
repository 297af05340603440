import { expect, test } from 'vitest';
import { guarddutyCoverageHealthy as check } from '#shared/checks/guardduty/guardduty-coverage-healthy.ts';
import { known } from '#shared/domain/observed.ts';
import { clusterCoverage } from '#test/factories/guardduty.ts';
import { denied, judge } from '#test/support/judge.ts';

test('PASSED when coverage is healthy, whoever manages the agent (T84)', () => {
  expect(judge(check, clusterCoverage()).status).toBe('PASSED');
  expect(
    judge(check, clusterCoverage({ coverage: known({ status: 'HEALTHY', managementType: 'MANUAL' }) })).status,
  ).toBe('PASSED');
});

test('FAILED when it is unhealthy, with what GuardDuty says about it', () => {
  const coverage = known({ status: 'UNHEALTHY', issue: 'Addon Creation Failed', managementType: 'AUTO_MANAGED' });

  expect(judge(check, clusterCoverage({ coverage }))).toMatchObject({
    status: 'FAILED',
    severity: 'MEDIUM',
    reason: 'GuardDuty runtime coverage of the cluster is unhealthy',
    evidence: [
      { path: 'coverage.status', observed: 'UNHEALTHY', expected: 'HEALTHY' },
      { path: 'coverage.issue', observed: 'Addon Creation Failed' },
    ],
  });
});

test('FAILED when GuardDuty does not list the cluster (T84: the feature alone covers nothing)', () => {
  expect(judge(check, clusterCoverage({ coverage: known(null) }))).toMatchObject({
    status: 'FAILED',
    reason: 'GuardDuty does not cover the cluster',
    evidence: [{ path: 'coverage.status', observed: null }],
  });
});

test('UNKNOWN when coverage could not be listed, or the status is new', () => {
  expect(judge(check, clusterCoverage({ coverage: denied('guardduty:ListCoverage') })).status).toBe('UNKNOWN');
  expect(judge(check, clusterCoverage({ coverage: known({ status: 'PARTIAL' }) })).status).toBe('UNKNOWN');
});

test('NOT_APPLICABLE where nothing runs that an agent could watch', () => {
  expect(judge(check, clusterCoverage({ coverable: known(false), coverage: known(null) })).status).toBe(
    'NOT_APPLICABLE',
  );
});
