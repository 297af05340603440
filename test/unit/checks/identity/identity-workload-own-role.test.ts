import { expect, test } from 'vitest';
import { identityWorkloadOwnRole as check } from '#shared/checks/identity/identity-workload-own-role.ts';
import type { KubernetesWorkload } from '#shared/collectors/kubernetes/model.ts';
import { known } from '#shared/domain/observed.ts';
import { podContainer, serviceAccountSummary, workloadOf, workloadWith } from '#test/factories/kubernetes.ts';
import { denied, judge } from '#test/support/judge.ts';

const AWS = { awsSigns: ['env AWS_REGION'] };
/** A workload that calls AWS, on nodes whose metadata service it reaches. */
const calling = (change: Partial<KubernetesWorkload> = {}) => ({
  ...workloadWith(AWS),
  imdsReachable: known(true),
  ...change,
});
const account = (change: Parameters<typeof serviceAccountSummary>[0]) => known(serviceAccountSummary(change));
const ROLE = 'arn:aws:iam::111122223333:role/shop';

test('PASSED when the account names a role, or an association gives it one (T55)', () => {
  expect(judge(check, calling({ serviceAccount: account({ roleArn: ROLE }) })).status).toBe('PASSED');
  expect(judge(check, calling({ serviceAccount: account({ podIdentityRoleArn: known(ROLE) }) })).status).toBe('PASSED');
});

test('FAILED when it calls AWS, has no identity and reaches the metadata service (T55)', () => {
  expect(judge(check, calling())).toMatchObject({
    status: 'FAILED',
    reason: 'the workload calls AWS with the role of its node',
    evidence: [
      { path: 'spec.serviceAccountName', observed: 'shop' },
      { path: 'signs', observed: ['env AWS_REGION'] },
    ],
  });
});

test('FAILED on the host network whatever the nodes do: no hop limit stops it', () => {
  const workload = workloadOf({ hostNetwork: true, containers: [podContainer(AWS)] });

  expect(judge(check, { ...workload, imdsReachable: known(false) }).status).toBe('FAILED');
});

test.for([
  ['the service accounts', { serviceAccount: denied('kubernetes:list serviceaccounts') }],
  ['the nodes', { imdsReachable: denied('ec2:DescribeInstances') }],
  ['the associations', { serviceAccount: account({ podIdentityRoleArn: denied('eks:ListPodIdentityAssociations') }) }],
] as const)('UNKNOWN when %s could not be read', ([, change]) => {
  expect(judge(check, calling(change)).status).toBe('UNKNOWN');
});

test('NOT_APPLICABLE without a sign that it calls AWS (T55)', () => {
  expect(judge(check, { ...workloadWith({}), imdsReachable: known(true) }).status).toBe('NOT_APPLICABLE');
});

test('NOT_APPLICABLE when the nodes keep pods away from their metadata service (T55)', () => {
  expect(judge(check, calling({ imdsReachable: known(false) })).status).toBe('NOT_APPLICABLE');
});
