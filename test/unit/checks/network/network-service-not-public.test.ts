import { expect, test } from 'vitest';
import { networkServiceNotPublic as check } from '#shared/checks/network/network-service-not-public.ts';
import type { KubernetesService } from '#shared/collectors/kubernetes/model.ts';
import { kubernetesService } from '#test/factories/kubernetes.ts';
import { judge } from '#test/support/judge.ts';

const PREFIX = 'service.beta.kubernetes.io/';
const balancer = (change: Partial<KubernetesService> = {}) =>
  judge(check, kubernetesService({ serviceType: 'LoadBalancer', ...change }));

test('PASSED for a service that only the cluster reaches', () => {
  expect(judge(check, kubernetesService()).status).toBe('PASSED');
});

test.for([
  [
    'is internal',
    { loadBalancerClass: 'service.k8s.aws/nlb', annotations: { [`${PREFIX}aws-load-balancer-scheme`]: 'internal' } },
  ],
  ['is internal by the old annotation', { annotations: { [`${PREFIX}aws-load-balancer-internal`]: 'true' } }],
  ['names who may call', { loadBalancerSourceRanges: ['203.0.113.0/24'] }],
  ['is of the AWS Load Balancer Controller, which makes internal ones', { loadBalancerClass: 'service.k8s.aws/nlb' }],
  ['is of EKS Auto Mode, which makes internal ones', { loadBalancerClass: 'eks.amazonaws.com/nlb' }],
  [
    'is handed to the AWS Load Balancer Controller',
    { annotations: { [`${PREFIX}aws-load-balancer-type`]: 'external' } },
  ],
] as const)('PASSED when the load balancer %s', ([, change]) => {
  expect(balancer(change).status).toBe('PASSED');
});

test.for([
  ['says nothing: the one of the cloud provider is public', {}],
  ['is internet-facing', { annotations: { [`${PREFIX}aws-load-balancer-scheme`]: 'internet-facing' } }],
  ['names everybody', { loadBalancerSourceRanges: ['0.0.0.0/0'] }],
  ['is not internal by the old annotation', { annotations: { [`${PREFIX}aws-load-balancer-internal`]: 'false' } }],
  ['has the old annotation without a text', { annotations: { [`${PREFIX}aws-load-balancer-internal`]: '' } }],
  [
    'is not internal by the old annotation, though its controller would make it so',
    { loadBalancerClass: 'service.k8s.aws/nlb', annotations: { [`${PREFIX}aws-load-balancer-internal`]: 'false' } },
  ],
] as const)('FAILED when the load balancer %s', ([, change]) => {
  expect(balancer(change)).toMatchObject({
    status: 'FAILED',
    severity: 'MEDIUM',
    reason: 'the load balancer of the service is open to the internet',
  });
});

test('FAILED at LOW for a NodePort: the security groups of the nodes decide', () => {
  expect(judge(check, kubernetesService({ serviceType: 'NodePort' }))).toMatchObject({
    status: 'FAILED',
    severity: 'LOW',
    evidence: [{ path: 'spec.type', observed: 'NodePort' }],
  });
});

test('UNKNOWN for a class whose defaults are not known', () => {
  expect(balancer({ loadBalancerClass: 'example.com/balancer' }).unknown?.kind).toBe('undecidable');
});

test('UNKNOWN when a scheme is named and nothing hands the service to the controller that reads it', () => {
  const annotations = { [`${PREFIX}aws-load-balancer-scheme`]: 'internal' };

  expect(balancer({ annotations }).unknown?.kind).toBe('undecidable');
});
