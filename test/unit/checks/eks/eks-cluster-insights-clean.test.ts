import { expect, test } from 'vitest';
import { eksClusterInsightsClean as check } from '#shared/checks/eks/eks-cluster-insights-clean.ts';
import { known } from '#shared/domain/observed.ts';
import { eksCluster } from '#test/factories/eks.ts';
import { denied, judge } from '#test/support/judge.ts';

const insight = (status: string, category = 'UPGRADE_READINESS') => ({
  name: 'Deprecated APIs',
  category,
  kubernetesVersion: '1.36',
  status,
});

test('PASSED when every insight passes', () => {
  expect(judge(check, eksCluster()).status).toBe('PASSED');
});

test.for(['ERROR', 'WARNING'])('FAILED when an insight says %s', (status) => {
  expect(judge(check, eksCluster({ insights: known([insight(status), insight('UNKNOWN')]) }))).toMatchObject({
    status: 'FAILED',
    severity: 'INFORMATIONAL',
    reason: 'cluster insights are open',
    evidence: [{ path: 'insights[Deprecated APIs][1.36].status', observed: status, expected: 'PASSING' }],
  });
});

test('UNKNOWN when EKS itself could not tell', () => {
  expect(judge(check, eksCluster({ insights: known([insight('UNKNOWN')]) })).unknown?.kind).toBe('undecidable');
});

test('UNKNOWN when insights could not be listed', () => {
  expect(judge(check, eksCluster({ insights: denied('eks:ListInsights') })).unknown?.kind).toBe('unreadable');
});

test.for([
  ['without insights', []],
  ['with insights about a rollback only', [insight('ERROR', 'ROLLBACK_READINESS')]],
] as const)('NOT_APPLICABLE %s', ([, insights]) => {
  expect(judge(check, eksCluster({ insights: known(insights) })).status).toBe('NOT_APPLICABLE');
});
