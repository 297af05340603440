import { expect, test } from 'vitest';
import { eksClusterAuditLogsRetained as check } from '#shared/checks/eks/eks-cluster-audit-logs-retained.ts';
import { known } from '#shared/domain/observed.ts';
import { eksCluster } from '#test/factories/eks.ts';
import { denied, judge } from '#test/support/judge.ts';

const retained = (retentionInDays: number | null) =>
  eksCluster({ auditLogGroup: known({ name: '/aws/eks/prod/cluster', retentionInDays }) });

test.for([
  ['a year', 365],
  ['for ever', null],
] as const)('PASSED when audit logs are kept %s', ([, days]) => {
  expect(judge(check, retained(days)).status).toBe('PASSED');
});

test('FAILED when they expire earlier', () => {
  expect(judge(check, retained(30))).toMatchObject({
    status: 'FAILED',
    severity: 'LOW',
    reason: 'audit logs expire too early',
    evidence: [{ path: 'logGroup[/aws/eks/prod/cluster].retentionInDays', observed: 30 }],
  });
});

test('FAILED when the log group does not exist', () => {
  expect(judge(check, eksCluster({ auditLogGroup: known(null) }))).toMatchObject({
    status: 'FAILED',
    reason: 'the log group of the audit log does not exist',
  });
});

test('the number of days is a parameter', () => {
  expect(judge(check, retained(30), { parameters: { minRetentionDays: 30 } }).status).toBe('PASSED');
});

test('UNKNOWN when the log groups could not be listed', () => {
  const finding = judge(check, eksCluster({ auditLogGroup: denied('logs:DescribeLogGroups') }));

  expect(finding.unknown).toMatchObject({ missingPermission: 'logs:DescribeLogGroups' });
});

test('NOT_APPLICABLE when no audit log is delivered: another check says so', () => {
  const cluster = eksCluster({ enabledLogTypes: ['api'], auditLogGroup: denied('logs:DescribeLogGroups') });

  expect(judge(check, cluster).status).toBe('NOT_APPLICABLE');
});
