import { expect, test } from 'vitest';
import { workloadImageTrustedRegistry as check } from '#shared/checks/workload/workload-image-trusted-registry.ts';
import { kubernetesWorkload, podContainer, podSpec, podVariant, workloadWith } from '#test/factories/kubernetes.ts';
import { judge } from '#test/support/judge.ts';

const OTHER = '999988887777.dkr.ecr.us-east-1.amazonaws.com/shop:v1.2.3';

test('PASSED for ECR of the account itself', () => {
  expect(judge(check, kubernetesWorkload()).status).toBe('PASSED');
});

test('T72: PASSED for what AWS publishes, and the evidence says so', () => {
  const image = 'public.ecr.aws/aws-observability/aws-for-fluent-bit:2.32.0';

  expect(judge(check, workloadWith({ image }))).toMatchObject({
    status: 'PASSED',
    evidence: [{ path: 'spec.containers[0].image', expected: expect.stringMatching(/^exempt/) }],
  });
});

test.for([
  [{ trustedAccounts: ['999988887777'] }, OTHER],
  [{ trustedRegistries: ['quay.io/acme/*'] }, 'quay.io/acme/shop:v1.2.3'],
])('PASSED where the parameters trust it: %j', ([parameters, image]) => {
  expect(judge(check, workloadWith({ image: image as string }), { parameters }).status).toBe('PASSED');
});

test('FAILED for another registry', () => {
  expect(judge(check, workloadWith({ image: 'nginx:1.27.3' }))).toMatchObject({
    status: 'FAILED',
    severity: 'MEDIUM',
    reason: 'the image does not come from a trusted registry',
    evidence: [{ path: 'spec.containers[0].image', observed: 'docker.io/library/nginx' }],
  });
});

test('FAILED and LOW for ECR of an account that nobody named', () => {
  expect(judge(check, workloadWith({ image: OTHER }))).toMatchObject({ status: 'FAILED', severity: 'LOW' });
});

test('UNKNOWN for ECR where the own account is not known, as in a document', () => {
  const variants = [podVariant({ spec: podSpec({ containers: [podContainer({ image: OTHER })] }) })];

  expect(judge(check, kubernetesWorkload({ accountId: '', variants }))).toMatchObject({
    status: 'UNKNOWN',
    unknown: { kind: 'undecidable' },
  });
});
