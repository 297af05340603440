import { expect, test } from 'vitest';
import { eksClusterEndpointRestricted as check } from '#shared/checks/eks/eks-cluster-endpoint-restricted.ts';
import { eksCluster } from '#test/factories/eks.ts';
import { judge } from '#test/support/judge.ts';

const open = (...publicAccessCidrs: string[]) => eksCluster({ endpointPublicAccess: true, publicAccessCidrs });

test('PASSED when the public endpoint admits a few narrow ranges', () => {
  expect(judge(check, open('203.0.113.0/24', '198.51.100.7/32', '2001:db8:1::/48')).status).toBe('PASSED');
});

test('PASSED when public access is off, whatever ranges EKS still returns (T39)', () => {
  const cluster = eksCluster({ endpointPublicAccess: false, publicAccessCidrs: ['0.0.0.0/0'] });

  expect(judge(check, cluster)).toMatchObject({ status: 'PASSED', reason: 'the API endpoint is not public' });
});

test.for([
  ['everything', ['0.0.0.0/0']],
  ['everything over IPv6', ['203.0.113.0/24', '::/0']],
  ['two halves of everything (T39)', ['0.0.0.0/1', '128.0.0.0/1']],
] as const)('FAILED when it admits %s', ([, cidrs]) => {
  expect(judge(check, open(...cidrs))).toMatchObject({
    status: 'FAILED',
    severity: 'HIGH',
    reason: 'the API endpoint is open to the whole internet',
    evidence: [{ path: 'resourcesVpcConfig.publicAccessCidrs', observed: cidrs }],
  });
});

test('FAILED without any range: that is the whole internet (T39)', () => {
  expect(judge(check, open())).toMatchObject({
    status: 'FAILED',
    reason: 'the API endpoint is open to the whole internet',
    evidence: [{ observed: null }],
  });
});

test.for([
  ['one wide range', ['3.0.0.0/8']],
  ['neighbouring ranges that add up to a wide one', ['10.0.0.0/16', '10.1.0.0/16']],
  ['a wide IPv6 range', ['2001::/16']],
] as const)('FAILED when it admits %s', ([, cidrs]) => {
  expect(judge(check, open(...cidrs))).toMatchObject({
    status: 'FAILED',
    reason: 'the API endpoint admits address ranges that are too wide',
  });
});

test('the accepted width is a parameter', () => {
  const parameters = { widestIpv4Prefix: 8 };

  expect(judge(check, open('3.0.0.0/8'), { parameters }).status).toBe('PASSED');
});

test('with allowedCidrs each range must lie within one of them', () => {
  const parameters = { allowedCidrs: ['203.0.112.0/22', '2001:db8::/32'] };

  expect(judge(check, open('203.0.113.0/24', '2001:db8:1::/48'), { parameters }).status).toBe('PASSED');
  expect(judge(check, open('203.0.113.0/24', '192.0.2.0/24'), { parameters })).toMatchObject({
    status: 'FAILED',
    reason: 'the API endpoint admits addresses outside the allowed ranges',
    evidence: [{ observed: ['192.0.2.0/24'], expected: parameters.allowedCidrs }],
  });
});

test('refuses a parameter that is no address range', () => {
  expect(check.parameters?.safeParse({ allowedCidrs: ['the office'] }).success).toBe(false);
});

test('UNKNOWN when a range cannot be read, unless another one already proves the failure', () => {
  expect(judge(check, open('203.0.113.0/99')).unknown?.kind).toBe('undecidable');
  expect(judge(check, open('203.0.113.0/99', '0.0.0.0/0')).status).toBe('FAILED');
});

test('UNKNOWN when EKS does not say whether the endpoint is public', () => {
  const { endpointPublicAccess: _, ...silent } = open('0.0.0.0/0');

  expect(judge(check, silent).unknown?.kind).toBe('undecidable');
});
