import { expect, test } from 'vitest';
import { eksClusterAddonsHealthy as check } from '#shared/checks/eks/eks-cluster-addons-healthy.ts';
import { known } from '#shared/domain/observed.ts';
import { eksCluster, vpcCni } from '#test/factories/eks.ts';
import { denied, judge } from '#test/support/judge.ts';

const coredns = (status: string, issueCodes: readonly string[] = []) => ({
  name: 'coredns',
  details: known({ status, issueCodes }),
});

test.for(['ACTIVE', 'UPDATING'])('PASSED when add-ons are %s without issues', (status) => {
  expect(judge(check, eksCluster({ addons: known([vpcCni(), coredns(status)]) })).status).toBe('PASSED');
});

test.for([
  ['is degraded', 'DEGRADED', []],
  ['has health issues', 'ACTIVE', ['InsufficientNumberOfReplicas']],
] as const)('FAILED when an add-on %s', ([, status, issueCodes]) => {
  expect(judge(check, eksCluster({ addons: known([vpcCni(), coredns(status, issueCodes)]) }))).toMatchObject({
    status: 'FAILED',
    severity: 'LOW',
    reason: 'an add-on is not healthy',
    evidence: [
      { path: 'addons[coredns].status', observed: status },
      { path: 'addons[coredns].health.issues', observed: issueCodes },
    ],
  });
});

test('UNKNOWN with a status that is new', () => {
  expect(judge(check, eksCluster({ addons: known([coredns('PONDERING')]) })).unknown?.kind).toBe('undecidable');
});

test('UNKNOWN when an add-on could not be described', () => {
  const addons = known([vpcCni(), { name: 'coredns', details: denied('eks:DescribeAddon') }]);

  expect(judge(check, eksCluster({ addons })).unknown).toMatchObject({ missingPermission: 'eks:DescribeAddon' });
});

test('NOT_APPLICABLE without add-ons, as with Auto Mode (T46)', () => {
  expect(judge(check, eksCluster({ autoMode: true, addons: known([]) })).status).toBe('NOT_APPLICABLE');
});
