import { BatchGetAccountStatusCommand, Inspector2Client } from '@aws-sdk/client-inspector2';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, expect, test } from 'vitest';
import { inspectorCollector } from '#shared/collectors/inspector/collect.ts';
import { ACCOUNT, REGION } from '#test/factories/resource.ts';
import { accessDenied, collect, rejectUnstubbed } from '#test/support/collect.ts';

const OPERATION = 'inspector2:BatchGetAccountStatus';
const inspector = rejectUnstubbed(mockClient(Inspector2Client));
const none = { errorCode: 'ALREADY_ENABLED', errorMessage: '' } as const;
const state = { status: 'ENABLED', ...none } as const;

beforeEach(() => {
  inspector.reset();
  rejectUnstubbed(inspector);
});

test('reads the state of ECR scanning, not that of the account', async () => {
  const resourceState = { ec2: state, ecr: { status: 'DISABLED', ...none } } as const;
  inspector
    .on(BatchGetAccountStatusCommand, { accountIds: [ACCOUNT] })
    .resolves({ accounts: [{ accountId: ACCOUNT, state, resourceState }] });

  const { resources, gaps } = await collect(inspectorCollector);

  expect(gaps).toEqual([]);
  expect(resources).toMatchObject([
    {
      type: 'InspectorAccount',
      uid: `arn:aws:inspector2:${REGION}:${ACCOUNT}:account`,
      inUse: 'yes',
      ecrScanning: { known: true, value: 'DISABLED' },
    },
  ]);
});

test('a denied call is a gap and an unknown', async () => {
  inspector.on(BatchGetAccountStatusCommand).rejects(accessDenied(OPERATION));

  const { resources, gaps } = await collect(inspectorCollector);

  expect(gaps).toMatchObject([{ operation: OPERATION, cause: 'denied', missingPermission: OPERATION }]);
  expect(resources).toMatchObject([{ ecrScanning: { known: false } }]);
});

test.for([
  ['refused by a permission', [{ errorCode: 'ACCESS_DENIED' }], 'denied'],
  ['refused otherwise', [{ errorCode: 'INTERNAL_ERROR' }], 'failed'],
  ['missing', [], 'invalid-answer'],
] as const)('an account that is %s inside the answer is a gap and an unknown', async ([, failures, cause]) => {
  const failedAccounts = failures.map((failure) => ({ accountId: ACCOUNT, errorMessage: '', ...failure }));
  inspector.on(BatchGetAccountStatusCommand).resolves({ accounts: [], failedAccounts });

  const { resources, gaps } = await collect(inspectorCollector);

  expect(gaps).toMatchObject([{ operation: OPERATION, cause }]);
  expect(resources).toMatchObject([{ ecrScanning: { known: false, reason: { cause } } }]);
});
