import {
  CodePipelineClient,
  PutJobFailureResultCommand,
  PutJobSuccessResultCommand,
} from '@aws-sdk/client-codepipeline';
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { sdkConfig } from '#demo/deployment.ts';
import type { GateRecord } from '#shared/domain/gate.ts';
import { awsError } from '#test/support/collect.ts';
import { type Deployment, deploy } from '#test/support/deployment.ts';
import { CLEAN, hookEventFor, serviceRevisionIn, VULNERABLE, whileScanIsUnderWay } from '#test/support/gate.ts';

let deployment: Deployment;

beforeAll(async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  deployment = await deploy({ setTime: (now) => vi.setSystemTime(now) });
});

afterEach(async () => {
  deployment.demo.faults.clear();
  deployment.advance(60);
  await deployment.configure({});
});

afterAll(async () => {
  await deployment?.close();
  vi.useRealTimers();
});

const SCAN_RESULTS = 'ecr:DescribeImageScanFindings';
const denied = { kind: 'deny', because: 'no-identity-policy' } as const;

const ask = (event: unknown) => deployment.deployed.functions.gate.invoke(event);
const request = async (...images: readonly string[]) => (await ask({ images })) as GateRecord;
const revisionOf = (service: string) => serviceRevisionIn(deployment.demo, service);
const hookEvent = (service: string, hookDetails: object = {}) => ({
  ...hookEventFor(deployment.demo, service),
  hookDetails,
});
const whileScanned = (act: () => Promise<void>) => whileScanIsUnderWay(deployment.demo, act);

async function evidence(): Promise<readonly GateRecord[]> {
  const client = new S3Client({ ...sdkConfig(deployment.demo, 'us-east-1'), forcePathStyle: true });
  const Bucket = deployment.deployed.reportBucket;
  const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket, Prefix: 'gates/' }));
  const records: GateRecord[] = [];
  for (const { Key } of Contents) {
    const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }));
    records.push(JSON.parse((await Body?.transformToString()) ?? '') as GateRecord);
  }
  client.destroy();
  return records;
}

const messages = () => deployment.deployed.topics.machine.messages.map(({ message }) => JSON.parse(message ?? ''));

describe('the lifecycle hook of an ECS deployment', () => {
  test('an image with a critical, fixable vulnerability is denied in one sentence, with evidence and an alert', async () => {
    const before = messages().length;

    expect(await ask(hookEvent('storefront'))).toEqual({ hookStatus: 'FAILED' });

    const [record] = (await evidence()).filter(({ target }) => target?.endsWith('/storefront'));
    expect(record).toMatchObject({
      decision: 'deny',
      says: expect.stringMatching(/^Denied: .*storefront.* with a fix \(CVE-2026-20417, CVE-2026-21001\).*\.$/),
      requestedBy: expect.stringContaining('service-deployment/storefront'),
    });
    expect(record?.subjects).toContainEqual({ kind: 'task-definition', name: 'storefront:31' });
    expect(messages().slice(before)).toMatchObject([
      { kind: 'gate', decision: 'deny', target: revisionOf('storefront').serviceArn, says: record?.says },
    ]);
  });

  test('a clean one is allowed, and nobody is told', async () => {
    const before = messages().length;

    expect(await ask(hookEvent('secure-app'))).toEqual({ hookStatus: 'SUCCEEDED' });

    expect(messages().length).toBe(before);
    const [record] = (await evidence()).filter(({ target }) => target?.endsWith('/secure-app'));
    expect(record).toMatchObject({
      decision: 'allow',
      says: expect.stringMatching(/^Allowed: nothing speaks against/),
    });
  });

  test('the event with everything at the top is answered as well', async () => {
    const { executionDetails, ...event } = hookEvent('secure-app');

    expect(await ask({ ...event, ...executionDetails })).toEqual({ hookStatus: 'SUCCEEDED' });
  });

  test.for([
    ['nothing about what is deployed', { lifecycleStage: 'PRE_SCALE_UP' }],
    ['details of a wrong type', { lifecycleStage: 'PRE_SCALE_UP', executionDetails: 'none', hookDetails: 7 }],
    ['a revision that does not exist', { lifecycleStage: 'PRE_SCALE_UP', targetServiceRevisionArn: 'arn:none' }],
  ] as const)('an event with %s is answered by the policy, and nothing is thrown', async ([, event]) => {
    expect(await ask(event)).toEqual({ hookStatus: 'FAILED' });

    await deployment.configure({ gate: { whenNotLooked: 'allow' } });
    expect(await ask(event)).toEqual({ hookStatus: 'SUCCEEDED' });
  });

  test('an image that the policy excepts by the name in the task definition is let through by its digest, too', async () => {
    deployment.demo.faults.add(SCAN_RESULTS, denied);
    await deployment.configure({ gate: { exceptImages: [CLEAN, '*/sidecars/*'] } });

    expect(await ask(hookEvent('secure-app'))).toEqual({ hookStatus: 'SUCCEEDED' });
  });

  test('a configuration that cannot be used is a denial, and no error', async () => {
    await deployment.configure({ gate: { denyFrom: 'SOMETIMES' } });

    expect(await ask(hookEvent('secure-app'))).toEqual({ hookStatus: 'FAILED' });
  });

  test('a denial stands although neither evidence nor alert can be delivered', async () => {
    deployment.demo.faults.add('sns:Publish', denied);
    deployment.demo.faults.add('s3:PutObject', denied);

    expect(await ask(hookEvent('storefront'))).toEqual({ hookStatus: 'FAILED' });
  });

  test('a scan under way is waited for, so long as the configuration says, and not longer', () =>
    whileScanned(async () => {
      const first = (await ask(hookEvent('secure-app', { mine: 1 }))) as { hookDetails: Record<string, unknown> };
      expect(first).toMatchObject({ hookStatus: 'IN_PROGRESS', callBackDelay: 30, hookDetails: { mine: 1 } });

      deployment.advance(9 * 60);
      const second = (await ask(hookEvent('secure-app', first.hookDetails))) as { hookDetails: object };
      expect(second).toEqual(first);

      deployment.advance(60);
      expect(await ask(hookEvent('secure-app', second.hookDetails))).toEqual({ hookStatus: 'FAILED' });
      // What ECS was given is not given back: the age of the revision ends the waiting.
      expect(await ask(hookEvent('secure-app'))).toEqual({ hookStatus: 'FAILED' });
    }));
});

describe('a gate that may not see the results of scans', () => {
  test('denies when it is fail-closed, and says that it could not look', async () => {
    deployment.demo.faults.add(SCAN_RESULTS, denied);

    const answer = await request(CLEAN);

    expect(answer).toMatchObject({ decision: 'deny', objections: [] });
    expect(answer.says).toMatch(
      /^Denied because the gate could not look and is fail-closed .*DescribeImageScanFindings/,
    );
    expect(await ask(hookEvent('secure-app'))).toEqual({ hookStatus: 'FAILED' });
  });

  test('allows when it is fail-open, and says that it could not look', async () => {
    await deployment.configure({ gate: { whenNotLooked: 'allow' } });
    deployment.demo.faults.add(SCAN_RESULTS, denied);

    const answer = await request(CLEAN);

    expect(answer.decision).toBe('allow');
    expect(answer.says).toMatch(
      /^Allowed although the gate could not look, as it is fail-open .*DescribeImageScanFindings/,
    );
    expect(await ask(hookEvent('secure-app'))).toEqual({ hookStatus: 'SUCCEEDED' });
  });
});

describe('a job of CodePipeline', () => {
  const pipeline = mockClient(CodePipelineClient);
  const job = (UserParameters?: string, continuationToken?: string) => ({
    'CodePipeline.job': {
      id: 'b2a1f7f4-0000-4000-8000-000000000001',
      accountId: '111122223333',
      data: { actionConfiguration: { configuration: { FunctionName: 'gate', UserParameters } }, continuationToken },
    },
  });
  const jobId = 'b2a1f7f4-0000-4000-8000-000000000001';

  afterEach(() => pipeline.reset());
  afterAll(() => pipeline.restore());

  test('succeeds for what may be deployed, with the decision as variables', async () => {
    await ask(job(CLEAN));

    expect(pipeline.commandCalls(PutJobSuccessResultCommand).map(({ args }) => args[0].input)).toEqual([
      { jobId, outputVariables: { Decision: 'allow', Says: expect.stringMatching(/^Allowed/) } },
    ]);
  });

  test('fails for what may not, with the sentence', async () => {
    await ask(job(JSON.stringify({ images: [VULNERABLE, CLEAN] })));

    expect(pipeline.commandCalls(PutJobFailureResultCommand).map(({ args }) => args[0].input)).toEqual([
      { jobId, failureDetails: { type: 'JobFailed', message: expect.stringMatching(/^Denied: .*storefront/) } },
    ]);
    expect(pipeline.commandCalls(PutJobSuccessResultCommand)).toEqual([]);
  });

  test.for([undefined, '', '{"images": 7}', '{ no json'])('fails with what is missing for %o', async (parameters) => {
    await ask(job(parameters));

    expect(pipeline.commandCalls(PutJobFailureResultCommand).map(({ args }) => args[0].input)).toEqual([
      { jobId, failureDetails: { type: 'ConfigurationError', message: expect.stringContaining('UserParameters') } },
    ]);
  });

  test('that says nothing but its id is failed, and not left waiting', async () => {
    await ask({ 'CodePipeline.job': { id: jobId, data: 'none' } });

    expect(pipeline.commandCalls(PutJobFailureResultCommand)).toHaveLength(1);
  });

  test('goes on while a scan is under way, by its token, and fails when the time for it is over', () =>
    whileScanned(async () => {
      await ask(job(CLEAN));
      const [token] = pipeline
        .commandCalls(PutJobSuccessResultCommand)
        .map(({ args }) => args[0].input.continuationToken);
      expect(token).toBe(new Date().toISOString());

      deployment.advance(9 * 60);
      await ask(job(CLEAN, token));
      expect(pipeline.commandCalls(PutJobSuccessResultCommand)).toHaveLength(2);
      expect(pipeline.commandCalls(PutJobFailureResultCommand)).toEqual([]);

      deployment.advance(60);
      await ask(job(CLEAN, token));
      expect(pipeline.commandCalls(PutJobFailureResultCommand)).toHaveLength(1);
    }));

  test('that has its answer already is no error', async () => {
    pipeline.on(PutJobSuccessResultCommand).rejects(awsError('InvalidJobStateException'));

    await expect(ask(job(CLEAN))).resolves.toMatchObject({ decision: 'allow' });
  });

  test('whose answer is not taken is an error, because the pipeline would wait for it in vain', async () => {
    pipeline.on(PutJobSuccessResultCommand).rejects(new Error('no such job'));

    await expect(ask(job(CLEAN))).rejects.toThrow('no such job');
  });
});

describe('an invocation by Step Functions', () => {
  test('gets the decision, the reasons and the digests', async () => {
    const answer = await request(VULNERABLE, CLEAN);

    expect(answer).toMatchObject({
      decision: 'deny',
      objections: [
        { clause: 'vulnerabilities', subject: VULNERABLE, checkId: 'image-no-critical-vulnerabilities' },
        { clause: 'vulnerabilities', subject: VULNERABLE, checkId: 'image-no-exploitable-vulnerabilities' },
      ],
      subjects: [
        { kind: 'image', name: VULNERABLE, digest: expect.stringMatching(/^sha256:/) },
        { kind: 'image', name: CLEAN },
      ],
    });
  });

  test('is told to wait while a scan is under way, and since when', () =>
    whileScanned(async () => {
      const first = (await ask({ images: [CLEAN] })) as { waitingSince: string };
      expect(first).toMatchObject({ decision: 'wait', waitingSince: new Date().toISOString() });

      deployment.advance(10 * 60);
      expect(await ask({ images: [CLEAN], waitingSince: first.waitingSince })).toMatchObject({ decision: 'deny' });
    }));

  test('that asks for nothing is an error', async () => {
    await expect(ask({ images: [] })).rejects.toThrow(/names nothing to judge/);
    await expect(ask({ image: CLEAN })).rejects.toThrow(/cannot be used/);
  });
});
