import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import type { Context } from 'aws-lambda';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { sdkConfig } from '#demo/deployment.ts';
import { externalId, readRole, supplierAccount } from '#demo/seed/tidewater.ts';
import type { ResponseRecord } from '#shared/domain/response.ts';
import { type Deployment, deploy } from '#test/support/deployment.ts';

let deployment: Deployment;

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  const arn = `arn:aws:iam::${supplierAccount}:role/${readRole}`;
  deployment = await deploy({
    setTime: (now) => vi.setSystemTime(now),
    config: { scope: { regions: ['us-east-1'], roles: [{ arn, externalId }] }, respond: { apply: true, externalId } },
  });
  await deployment.run();
});

afterEach(async () => {
  await deployment?.close();
  vi.useRealTimers();
});

const supplier = () => {
  const account = deployment.demo.world.accounts.find(({ id }) => id === supplierAccount);
  if (account === undefined) throw new Error('the demo has no supplier');
  return account;
};

/** The analyst works in the account of the deployment, where Security Hub shows the findings of all. */
async function fixMutableTags(): Promise<ResponseRecord> {
  const { handler } = await import('#functions/respond/handler.ts');
  const uid = `arn:aws:ecr:us-east-1:${supplierAccount}:repository/suppliers/edi-bridge`;
  const body = JSON.stringify({
    id: '11d9a1de-7f41-4ff8-a7a7-2d12a9f5b0aa',
    'detail-type': 'Security Hub Findings - Custom Action',
    source: 'aws.securityhub',
    resources: ['arn:aws:securityhub:us-east-1:111122223333:action/custom/HullcheckFix'],
    detail: { findings: [{ Id: `hullcheck/aws/${supplierAccount}/us-east-1/ecr-repository-tags-immutable/${uid}` }] },
  });
  const context = {
    functionName: 'hullcheck-demo-respond',
    invokedFunctionArn: 'arn:aws:lambda:us-east-1:111122223333:function:hullcheck-demo-respond',
    getRemainingTimeInMillis: () => 900_000,
  } as unknown as Context;
  const answer = await handler({ Records: [{ messageId: 'one', body }] }, context);
  expect(answer).toEqual({ batchItemFailures: [] });
  const client = new S3Client({ ...sdkConfig(deployment.demo, 'us-east-1'), forcePathStyle: true });
  const Bucket = deployment.deployed.reportBucket;
  const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket, Prefix: 'responses/' }));
  const { Body } = await client.send(new GetObjectCommand({ Bucket, Key: Contents[0]?.Key ?? '' }));
  client.destroy();
  return JSON.parse((await Body?.transformToString()) ?? '') as ResponseRecord;
}

test('another account is read by the role that reads, and changed by the role that fixes', async () => {
  supplier().roles.push({ name: 'hullcheck-respond', externalId });

  const record = await fixMutableTags();

  expect(record).toMatchObject({ outcome: 'fixed', resource: { accountId: supplierAccount } });
  const [write] = deployment.demo.recorder.calls({ operation: 'ecr:PutImageTagMutability' });
  expect(write).toMatchObject({ accountId: supplierAccount, outcome: 'ok' });
  expect(write?.caller).toContain('assumed-role/hullcheck-respond/');
  const readers = deployment.demo.recorder
    .calls({ operation: 'ecr:DescribeImages', accountId: supplierAccount })
    .map(({ caller }) => caller.split('/')[1]);
  expect([...new Set(readers)]).toEqual([readRole]);
});

test('an account without that role is left alone, and the role is named', async () => {
  const record = await fixMutableTags();

  expect(record).toMatchObject({ outcome: 'could-not-look' });
  expect(record.says).toContain(`The role arn:aws:iam::${supplierAccount}:role/hullcheck-respond could not be assumed`);
  expect(deployment.demo.recorder.count('ecr:PutImageTagMutability')).toBe(0);
});
