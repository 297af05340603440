import { DescribeInstancesCommand, EC2Client } from '@aws-sdk/client-ec2';
import {
  DescribeRepositoriesCommand,
  ECRClient,
  GetLifecyclePolicyCommand,
  PutRegistryPolicyCommand,
} from '@aws-sdk/client-ecr';
import { ECSClient, ListClustersCommand } from '@aws-sdk/client-ecs';
import { CreateClusterCommand, EKSClient, ListClustersCommand as ListEksClustersCommand } from '@aws-sdk/client-eks';
import { CreateRoleCommand, IAMClient, ListOpenIDConnectProvidersCommand } from '@aws-sdk/client-iam';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { publishedRates } from '#demo/rates.ts';
import type { DemoAccount } from '#demo/server.ts';
import { type ClientConfig, configOf, refusal, startSeeded } from './clients.ts';

let demo: DemoAccount;
let config: ClientConfig;

beforeAll(async () => {
  demo = await startSeeded();
  config = configOf(demo);
});

afterEach(() => {
  demo.faults.clear();
  demo.recorder.clear();
});

afterAll(() => demo.close());

/** One call in each wire protocol. */
const calls: Record<string, [operation: string, call: (maxAttempts?: number) => Promise<unknown>]> = {
  json: [
    'ecr:DescribeRepositories',
    (maxAttempts = 1) => new ECRClient({ ...config, maxAttempts }).send(new DescribeRepositoriesCommand({})),
  ],
  'rest-json': [
    'eks:ListClusters',
    (maxAttempts = 1) => new EKSClient({ ...config, maxAttempts }).send(new ListEksClustersCommand({})),
  ],
  query: [
    'iam:ListOpenIDConnectProviders',
    (maxAttempts = 1) => new IAMClient({ ...config, maxAttempts }).send(new ListOpenIDConnectProvidersCommand({})),
  ],
  ec2: [
    'ec2:DescribeInstances',
    (maxAttempts = 1) => new EC2Client({ ...config, maxAttempts }).send(new DescribeInstancesCommand({})),
  ],
};

describe.each(Object.entries(calls))('a demo account asked in %s', (protocol, [operation, call]) => {
  it('denies because no policy allows, naming the action', async () => {
    demo.faults.add(operation, { kind: 'deny', because: 'no-identity-policy' });
    const error = await refusal(call());
    expect(error.name).toMatch(/^(AccessDenied(Exception)?|UnauthorizedOperation)$/);
    expect(error.message).toContain(`because no identity-based policy allows the ${operation} action`);
  });

  it('denies because of a service control policy', async () => {
    demo.faults.add(operation, { kind: 'deny', because: 'service-control-policy' });
    expect((await refusal(call())).message).toContain('with an explicit deny in a service control policy');
  });

  it('throttles in a way that the SDK recognizes and retries', async () => {
    demo.faults.add(operation, { kind: 'throttle' }, { times: 2 });
    expect((await refusal(call())).name).toMatch(/Throttling|TooManyRequests|RequestLimitExceeded/);
    await expect(call(3)).resolves.toBeDefined();
    expect(demo.recorder.count(operation)).toBe(3);
  });

  it('expires the session', async () => {
    demo.faults.add(operation, { kind: 'expired-token' });
    expect((await refusal(call())).name).toMatch(protocol === 'ec2' ? 'RequestExpired' : /^ExpiredToken/);
  });

  it('fails inside', async () => {
    demo.faults.add(operation, { kind: 'error', status: 500 });
    expect((await refusal(call())).$metadata?.httpStatusCode).toBe(500);
  });

  it('drops the connection', async () => {
    demo.faults.add(operation, { kind: 'reset' });
    expect((await refusal(call())) as Error & { code?: string }).toMatchObject({ code: 'ECONNRESET' });
    expect(demo.recorder.count(operation, { outcome: 'reset' })).toBe(1);
  });

  it('answers with a page of HTML', async () => {
    demo.faults.add(operation, { kind: 'html' });
    expect((await refusal(call())).$metadata?.httpStatusCode ?? 404).toBe(404);
  });

  it('takes its time', async () => {
    demo.faults.add(operation, { kind: 'delay', milliseconds: 60 });
    const before = performance.now();
    await call();
    expect(performance.now() - before).toBeGreaterThan(55);
  });
});

describe('the fault switchboard', () => {
  it('names the resource that a refusal is about', async () => {
    demo.faults.add('ecr:*', { kind: 'deny', because: 'no-identity-policy' });
    const call = new ECRClient(config).send(new GetLifecyclePolicyCommand({ repositoryName: 'tidewater/sandbox' }));
    expect((await refusal(call)).message).toBe(
      'User: arn:aws:iam::111122223333:user/hullcheck-demo is not authorized to perform: ecr:GetLifecyclePolicy on resource: arn:aws:ecr:us-east-1:111122223333:repository/tidewater/sandbox because no identity-based policy allows the ecr:GetLifecyclePolicy action',
    );
  });

  it('limits a fault to a Region, to matching input and to some calls', async () => {
    demo.faults.add('ecr:*', { kind: 'error', status: 503 }, { region: 'eu-west-1' });
    demo.faults.add(
      'ecr:DescribeRepositories',
      { kind: 'throttle' },
      { region: 'us-east-1', after: 1, times: 1, when: (input) => input.maxResults === 7 },
    );
    const ask = (maxResults: number, region = 'us-east-1') =>
      new ECRClient(configOf(demo, region)).send(new DescribeRepositoriesCommand({ maxResults }));
    await expect(refusal(ask(7, 'eu-west-1'))).resolves.toMatchObject({ $metadata: { httpStatusCode: 503 } });
    await ask(8);
    await ask(7);
    expect((await refusal(ask(7))).name).toBe('ThrottlingException');
    await ask(7);
  });

  it('takes a fault away again', async () => {
    const take = demo.faults.add('*', { kind: 'throttle' });
    await refusal(new ECSClient(config).send(new ListClustersCommand({})));
    take();
    await new ECSClient(config).send(new ListClustersCommand({}));
  });

  it('throttles by token bucket: the burst passes, the rest must wait', async () => {
    demo.faults.throttleAt([{ operations: ['ecs:List*'], burst: 5, perSecond: 0.01 }]);
    const ecs = new ECSClient(config);
    const results = await Promise.allSettled(Array.from({ length: 20 }, () => ecs.send(new ListClustersCommand({}))));
    expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(5);
    expect(demo.recorder.count('ecs:ListClusters', { outcome: 'ThrottlingException' })).toBe(15);
    const europe = new ECSClient(configOf(demo, 'eu-west-1'));
    await europe.send(new ListClustersCommand({}));
  });

  it('lets the published burst of a quota through', async () => {
    demo.faults.throttleAtPublishedRates();
    const ecs = new ECSClient(config);
    await Promise.all(Array.from({ length: 50 }, () => ecs.send(new ListClustersCommand({}))));
    expect(publishedRates.find(({ operations }) => operations.includes('ecs:ListClusters'))).toMatchObject({
      burst: 50,
      perSecond: 20,
    });
  });
});

describe('what the demo account does not serve', () => {
  it('is refused as AWS refuses an unknown operation, and noted', async () => {
    const rest = new EKSClient(config).send(
      new CreateClusterCommand({ name: 'x', roleArn: 'r', resourcesVpcConfig: {} }),
    );
    expect((await refusal(rest)).name).toBe('UnknownOperationException');
    const json = new ECRClient(config).send(new PutRegistryPolicyCommand({ policyText: '{}' }));
    expect((await refusal(json)).name).toBe('UnknownOperationException');
    const role = new CreateRoleCommand({ RoleName: 'r', AssumeRolePolicyDocument: '{}' });
    expect((await refusal(new IAMClient(config).send(role))).name).toBe('InvalidAction');
    expect(demo.recorder.operations()).toEqual(['ecr:PutRegistryPolicy', 'eks:POST /clusters', 'iam:CreateRole']);
  });

  it('is refused without a signature', async () => {
    expect((await fetch(demo.endpoint)).status).toBe(403);
  });
});

describe('the recorder', () => {
  it('counts calls per operation, account and Region, and how many ran at once', async () => {
    const ecs = new ECSClient(config);
    await Promise.all([1, 2, 3].map(() => ecs.send(new ListClustersCommand({}))));
    expect(demo.recorder.summary()).toEqual([
      { operation: 'ecs:ListClusters', accountId: '111122223333', region: 'us-east-1', calls: 3 },
    ]);
    expect(demo.recorder.peakConcurrency).toBeGreaterThanOrEqual(1);
  });
});
