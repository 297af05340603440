import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import type { Context } from 'aws-lambda';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { sdkConfig } from '#demo/deployment.ts';
import type { ResponseRecord } from '#shared/domain/response.ts';
import { type Deployment, deploy } from '#test/support/deployment.ts';

let deployment: Deployment;

beforeAll(async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  deployment = await deploy({
    setTime: (now) => vi.setSystemTime(now),
    config: { respond: { apply: true } },
  });
  await deployment.run();
  deployment.advance(60);
  await deployment.recheck();
});

afterAll(async () => {
  await deployment?.close();
  vi.useRealTimers();
});

const idOf = (check: string, uid: string) => `hullcheck/aws/111122223333/us-east-1/${check}/${uid}`;
const repository = (name: string) => `arn:aws:ecr:us-east-1:111122223333:repository/${name}`;
const tags = (name: string) => idOf('ecr-repository-tags-immutable', repository(name));
const home = () => {
  const [region] = deployment.demo.world.accounts[0]?.regions ?? [];
  if (region === undefined) throw new Error('the demo has no region');
  return region;
};
const mutabilityOf = (name: string) =>
  home().ecr.repositories.find((one) => one.repository.repositoryName === name)?.repository.imageTagMutability;
const finding = (id: string) => [...home().security.findings.values()].find((one) => one.Id === id);

const isWrite = (operation: string) => /:(?:Put|Update)[A-Z]/.test(operation) && !/^(?:s3|dynamodb):/.test(operation);

/** Chooses findings in Security Hub, and lets everything that follows happen. */
async function choose(action: string, ...ids: readonly string[]) {
  deployment.advance(60);
  const before = deployment.demo.recorder.calls().length;
  const evidenceBefore = new Set((await evidence()).map(({ key }) => key));
  deployment.change.analyst.act(action, ids);
  await deployment.respond();
  const writes = deployment.demo.recorder
    .calls()
    .slice(before)
    .map(({ operation }) => operation)
    .filter(isWrite);
  const records = (await evidence()).filter(({ key }) => !evidenceBefore.has(key)).map(({ record }) => record);
  return { writes, records };
}

async function evidence(): Promise<readonly { readonly key: string; readonly record: ResponseRecord }[]> {
  const client = new S3Client({ ...sdkConfig(deployment.demo, 'us-east-1'), forcePathStyle: true });
  const Bucket = deployment.deployed.reportBucket;
  const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket, Prefix: 'responses/' }));
  const found = [];
  for (const { Key: key = '' } of Contents) {
    const { Body } = await client.send(new GetObjectCommand({ Bucket, Key: key }));
    found.push({ key, record: JSON.parse((await Body?.transformToString()) ?? '') as ResponseRecord });
  }
  client.destroy();
  return found;
}

describe('a custom action of Security Hub', () => {
  test('HullcheckShowFix writes down what would be done, and changes nothing', async () => {
    const { writes, records } = await choose('HullcheckShowFix', tags('tidewater/storefront'));

    expect(writes).toEqual([]);
    expect(records).toMatchObject([
      {
        outcome: 'planned',
        dryRun: true,
        wanted: { imageTagMutability: 'IMMUTABLE' },
        verdictBefore: { status: 'FAILED' },
      },
    ]);
    expect(mutabilityOf('tidewater/storefront')).toBe('MUTABLE');
  });

  test('HullcheckFix changes it, keeps the evidence, and the event of the change closes the finding', async () => {
    const id = tags('tidewater/storefront');
    expect(finding(id)).toMatchObject({ RecordState: 'ACTIVE', Compliance: { Status: 'FAILED' } });

    const { writes, records } = await choose('HullcheckFix', id);

    expect(writes).toEqual(['ecr:PutImageTagMutability']);
    expect(records).toMatchObject([
      {
        outcome: 'fixed',
        dryRun: false,
        findingId: id,
        requestedBy: expect.stringMatching(/^HullcheckFix [0-9a-f-]{36}$/),
        before: { imageTagMutability: 'MUTABLE' },
        after: { imageTagMutability: 'IMMUTABLE' },
        verdictAfter: { status: 'PASSED' },
      },
    ]);
    deployment.advance(60);
    await deployment.recheck();
    expect(finding(id)).toMatchObject({ RecordState: 'ARCHIVED', Compliance: { Status: 'PASSED' } });
  });

  test('what analysts have written about a finding stays as it is', async () => {
    const id = tags('tidewater/cold-archive');
    deployment.change.analyst.notify(id, 'Ticket 4711');

    await choose('HullcheckFix', id);
    deployment.advance(60);
    await deployment.recheck();

    expect(finding(id)).toMatchObject({
      RecordState: 'ARCHIVED',
      Workflow: { Status: 'NOTIFIED' },
      Note: { Text: 'Ticket 4711' },
    });
  });

  test('chosen again, nothing changes', async () => {
    const { writes, records } = await choose('HullcheckFix', tags('tidewater/storefront'));

    expect(writes).toEqual([]);
    expect(records).toMatchObject([{ outcome: 'no-change' }]);
  });

  test('uses the facts of the last scan: an untagged image that runs is not given up', async () => {
    const { writes, records } = await choose(
      'HullcheckFix',
      idOf('ecr-repository-untagged-expire', repository('tidewater/storefront')),
    );

    expect(writes).toEqual([]);
    expect(records).toMatchObject([
      { outcome: 'refused', says: expect.stringContaining('runs, and the rule would delete it') },
    ]);
  });

  test('fixes a detector whose check needs to know what runs', async () => {
    const { writes, records } = await choose(
      'HullcheckFix',
      idOf('guardduty-ecs-runtime-enabled', 'arn:aws:guardduty:us-east-1:111122223333:detector'),
    );

    expect(writes).toEqual(['guardduty:UpdateDetector']);
    expect(records).toMatchObject([{ outcome: 'fixed' }]);
  });

  test('other custom actions are of no concern', async () => {
    const { writes, records } = await choose('SendToTicketing', tags('tidewater/sandbox'));

    expect({ writes, records }).toEqual({ writes: [], records: [] });
  });
});

describe('the handler', () => {
  const context = {
    functionName: 'hullcheck-demo-respond',
    functionVersion: '$LATEST',
    invokedFunctionArn: 'arn:aws:lambda:us-east-1:111122223333:function:hullcheck-demo-respond',
    memoryLimitInMB: '512',
    awsRequestId: 'a7b6c5d4-0000-4000-8000-000000000001',
    logGroupName: '/aws/lambda/hullcheck-demo-respond',
    logStreamName: 'stream',
    getRemainingTimeInMillis: () => 900_000,
  } as unknown as Context;
  const message = (messageId: string, body: object) => ({ messageId, body: JSON.stringify(body) });
  const actionOn = (...ids: readonly string[]) => ({
    version: '0',
    id: '11d9a1de-7f41-4ff8-a7a7-2d12a9f5b0aa',
    'detail-type': 'Security Hub Findings - Custom Action',
    source: 'aws.securityhub',
    account: '111122223333',
    time: '2026-11-23T12:00:00Z',
    region: 'us-east-1',
    resources: ['arn:aws:securityhub:us-east-1:111122223333:action/custom/HullcheckFix'],
    detail: { actionName: 'HullcheckFix', actionDescription: 'Fix', findings: ids.map((Id) => ({ Id })) },
  });

  test('gives each finding of an event an outcome of its own, whatever becomes of the others', async () => {
    deployment.advance(60);
    const { handler } = await import('#functions/respond/handler.ts');
    const before = new Set((await evidence()).map(({ key }) => key));
    const scanning = (name: string) => idOf('ecr-repository-scanning-enabled', repository(name));

    const ids = [
      scanning('legacy/billing'),
      'arn:aws:inspector2:finding/1',
      tags('tidewater/nowhere'),
      scanning('legacy/billing'),
      scanning('dockerhub/library/nginx'),
    ];

    const answer = await handler({ Records: [message('one', actionOn(...ids))] }, context);

    expect(answer).toEqual({ batchItemFailures: [] });
    const records = (await evidence()).filter(({ key }) => !before.has(key)).map(({ record }) => record);
    expect(records.map(({ outcome, says }) => [outcome, says]).sort()).toEqual([
      ['fixed', expect.stringContaining('dockerhub/library/nginx')],
      ['fixed', expect.stringContaining('legacy/billing')],
      ['refused', 'The resource does not exist any more.'],
      ['refused', 'This is not the id of a finding of Hullcheck.'],
    ]);
    // Both filters are in the registry's rules: the second did not overwrite the first.
    const filters = home().ecr.scanning.rules?.flatMap(({ repositoryFilters = [] }) => repositoryFilters);
    expect(filters?.map(({ filter }) => filter)).toEqual([
      'tidewater/*',
      'partners/*',
      'legacy/billing',
      'dockerhub/library/nginx',
    ]);
  });

  test('gives back a message that is none of a custom action of its own', async () => {
    const { handler } = await import('#functions/respond/handler.ts');
    const strange = { ...actionOn('x'), resources: ['arn:aws:securityhub:us-east-1:111122223333:action/custom/Other'] };

    const answer = await handler({ Records: [message('two', strange)] }, context);

    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'two' }] });
  });

  test('changes nothing where the configuration has not switched it on', async () => {
    await deployment.configure({ respond: { apply: false } });

    const { writes, records } = await choose('HullcheckFix', tags('tidewater/sandbox'));

    expect(writes).toEqual([]);
    expect(records).toMatchObject([{ outcome: 'planned', dryRun: true }]);
    expect(mutabilityOf('tidewater/sandbox')).toBe('MUTABLE');
  });
});
