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

const REGISTRY = '111122223333.dkr.ecr.us-east-1.amazonaws.com';
const VULNERABLE = `${REGISTRY}/tidewater/storefront:latest`;
const CLEAN = `${REGISTRY}/tidewater/secure-app:v1.2.3`;
const SCAN_RESULTS = 'ecr:DescribeImageScanFindings';
const denied = { kind: 'deny', because: 'no-identity-policy' } as const;

const home = () => {
  const [region] = deployment.demo.world.accounts[0]?.regions ?? [];
  if (region === undefined) throw new Error('the demo has no region');
  return region;
};

/** What a service of the demo runs now, taken for what is about to be deployed. */
function revisionOf(service: string) {
  const found = home().ecs.serviceRevisions.find(({ serviceArn }) => serviceArn?.endsWith(`/${service}`));
  if (found === undefined) throw new Error(`the demo has no service ${service}`);
  return found;
}

function hookEvent(service: string, hookDetails: object = {}) {
  const { serviceArn, serviceRevisionArn } = revisionOf(service);
  return {
    executionId: 'a1b2c3d4',
    lifecycleStage: 'PRE_SCALE_UP',
    resourceArn: `arn:aws:ecs:us-east-1:111122223333:service-deployment/${service}`,
    executionDetails: { serviceArn, targetServiceRevisionArn: serviceRevisionArn },
    hookDetails,
  };
}

/** Acts while the scan of the clean image, whose deployment begins now, is under way. */
async function whileScanned(act: () => Promise<void>): Promise<void> {
  const { ecr } = home();
  const contents = ecr.repositories.find(({ repository }) => repository.repositoryName === 'tidewater/secure-app');
  const running = revisionOf('secure-app');
  const digest = running.containerImages?.[0]?.imageDigest ?? '';
  const image = contents?.contents?.get(digest);
  if (contents === undefined) throw new Error('the demo has no secure-app');
  const [before, createdAt] = [contents.contents, running.createdAt];
  contents.contents = new Map([
    ...(before ?? []),
    [digest, { ...image, scan: { imageScanStatus: { status: 'IN_PROGRESS' } } } as never],
  ]);
  running.createdAt = new Date();
  try {
    await act();
  } finally {
    contents.contents = before ?? new Map();
    if (createdAt !== undefined) running.createdAt = createdAt;
  }
}

const ask = (event: unknown) => deployment.deployed.functions.gate.invoke(event);
const request = async (...images: readonly string[]) => (await ask({ images })) as GateRecord;

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

describe('another account, for which the deployment has no role', () => {
  const FOREIGN = CLEAN.replace('111122223333', '999999999999');
  const definition = (account: string) =>
    (revisionOf('secure-app').taskDefinition ?? '').replace('111122223333', account);

  test('is not looked at through the own account, which may have a repository of that name', async () => {
    const answer = await request(FOREIGN);

    expect(answer).toMatchObject({ decision: 'deny', objections: [] });
    expect(answer.says).toContain('it is in account 999999999999, for which the deployment has no role');
  });

  test('nor are its task definitions', async () => {
    expect(await ask({ taskDefinitions: [definition('111122223333')] })).toMatchObject({ decision: 'allow' });
    expect(await ask({ taskDefinitions: [definition('999999999999')] })).toMatchObject({
      decision: 'deny',
      objections: [],
    });
  });

  test('is let through where the gate is fail-open, and that is said', async () => {
    await deployment.configure({ gate: { whenNotLooked: 'allow' } });

    expect((await request(FOREIGN)).says).toMatch(/^Allowed although the gate could not look/);
  });
});

describe('what the gate asks of the registry', () => {
  const operationsOf = async (act: () => Promise<unknown>) => {
    const before = deployment.demo.recorder.calls().length;
    await act();
    return deployment.demo.recorder
      .calls()
      .slice(before)
      .map(({ operation }) => operation)
      .filter((operation) => operation.startsWith('ecr:'))
      .sort();
  };

  test('is each thing once', async () => {
    expect(await operationsOf(() => request(CLEAN))).toEqual([
      'ecr:BatchGetImage',
      'ecr:DescribeImageScanFindings',
      'ecr:DescribeImageSigningStatus',
      'ecr:DescribeImages',
      'ecr:GetDownloadUrlForLayer',
      'ecr:GetSigningConfiguration',
      'ecr:ListImageReferrers',
    ]);
  });

  test('is no content where images.configuration is off: nothing is pulled', async () => {
    await deployment.configure({ images: { configuration: false } });
    const asked = await operationsOf(async () => {
      expect(await request(CLEAN)).toMatchObject({ decision: 'allow' });
      expect(await request(VULNERABLE)).toMatchObject({ decision: 'deny' });
    });

    expect(asked).not.toContain('ecr:BatchGetImage');
    expect(asked).not.toContain('ecr:GetDownloadUrlForLayer');
  });

  test('T18: is the image of the architecture that the task definition names, where it names one', async () => {
    const index = `${REGISTRY}/tidewater/orders-api:v8.0.0`;
    const arn = revisionOf('secure-app').taskDefinition;
    const found = home().ecs.taskDefinitions.find((one) => one.taskDefinition.taskDefinitionArn === arn);
    if (found === undefined) throw new Error('the demo has no such task definition');
    const { taskDefinition } = found;
    const { containerDefinitions, runtimePlatform } = taskDefinition;
    const images = async (cpuArchitecture: 'ARM64' | undefined) => {
      const definition = {
        containerDefinitions: [{ name: 'orders', image: index }],
        runtimePlatform: { cpuArchitecture },
      };
      Object.assign(taskDefinition, definition);
      const asked = await operationsOf(() => ask({ taskDefinitions: [arn] }));
      return asked.filter((operation) => operation === 'ecr:DescribeImageScanFindings').length;
    };
    try {
      expect(await images(undefined)).toBe(2);
      expect(await images('ARM64')).toBe(1);
    } finally {
      Object.assign(taskDefinition, { containerDefinitions, runtimePlatform });
    }
  });
});

describe('who is told of a denial', () => {
  test('is whoever has the organizational unit of its account', async () => {
    const arn = 'arn:aws:sns:us-east-1:111122223333:shop-alerts';
    const messages: { message: string }[] = [];
    home().topics.push({ arn, name: 'shop-alerts', attributes: {}, messages } as never);
    const route = { name: 'shop', match: { organizationalUnits: ['ou-shop'] }, topics: { machine: arn } };
    const { machine } = deployment.deployed.topics;
    await deployment.configure({ publish: { sns: { topics: { machine: machine.arn }, routes: [route] } } });
    await deployment.ledger.claimBaseline('111122223333', 'run-1');
    await deployment.ledger.updateAccount('111122223333', { organizationalUnits: ['r-1', 'ou-shop'] });
    const others = machine.messages.length;

    await request(VULNERABLE);
    expect(messages.map(({ message }) => JSON.parse(message))).toMatchObject([{ kind: 'gate', decision: 'deny' }]);
    expect(machine.messages).toHaveLength(others);

    deployment.demo.faults.add('dynamodb:GetItem', denied);
    await request(VULNERABLE);
    expect(machine.messages).toHaveLength(others + 1);
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
