import { DescribeRepositoriesCommand, ECRClient } from '@aws-sdk/client-ecr';
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DemoAccount } from '#demo/server.ts';
import { type ClientConfig, configOf, refusal, startSeeded } from './clients.ts';

let demo: DemoAccount;
let config: ClientConfig;
const RoleArn = 'arn:aws:iam::444455556666:role/HullcheckRead';
const RoleSessionName = 'scan';
const ExternalId = 'tidewater-audit-7f3a';

beforeAll(async () => {
  demo = await startSeeded();
  config = configOf(demo);
});

afterAll(() => demo.close());

async function supplierConfig(): Promise<ClientConfig> {
  const { Credentials } = await new STSClient(config).send(
    new AssumeRoleCommand({ RoleArn, RoleSessionName, ExternalId }),
  );
  return {
    ...config,
    credentials: {
      accessKeyId: Credentials?.AccessKeyId ?? '',
      secretAccessKey: Credentials?.SecretAccessKey ?? '',
      sessionToken: Credentials?.SessionToken ?? '',
    },
  };
}

describe('the demo accounts', () => {
  it('know who is calling', async () => {
    const identity = await new STSClient(config).send(new GetCallerIdentityCommand({}));
    expect(identity.Account).toBe('111122223333');
  });

  it('let a role with the right external id into the other account, and only there', async () => {
    const supplier = await supplierConfig();
    const identity = await new STSClient(supplier).send(new GetCallerIdentityCommand({}));
    expect(identity.Arn).toBe('arn:aws:sts::444455556666:assumed-role/HullcheckRead/scan');
    const { repositories } = await new ECRClient(supplier).send(new DescribeRepositoriesCommand({}));
    expect(repositories?.map((repository) => repository.repositoryName)).toEqual(['suppliers/edi-bridge']);
    const foreign = new DescribeRepositoriesCommand({
      registryId: '111122223333',
      repositoryNames: ['tidewater/sandbox'],
    });
    expect((await refusal(new ECRClient(supplier).send(foreign))).name).toBe('AccessDeniedException');
    expect(demo.recorder.count('ecr:DescribeRepositories', { accountId: '444455556666', outcome: 'ok' })).toBe(1);
  });

  it.each([
    ['no external id', { RoleArn, RoleSessionName }],
    ['a wrong external id', { RoleArn, RoleSessionName, ExternalId: 'guess' }],
    ['a role that does not exist', { RoleArn: `${RoleArn}Write`, RoleSessionName, ExternalId }],
    ['an account that does not exist', { RoleArn: RoleArn.replace('444455556666', '121212121212'), RoleSessionName }],
  ])('refuse %s', async (_, input) => {
    const error = await refusal(new STSClient(config).send(new AssumeRoleCommand(input)));
    expect([error.name, error.$metadata?.httpStatusCode]).toEqual(['AccessDenied', 403]);
  });

  it('refuse unknown keys, wrong session tokens and Regions that are not enabled', async () => {
    const stranger = { ...config, credentials: { accessKeyId: 'AKIASTRANGER00000001', secretAccessKey: 'x' } };
    const unknown = await refusal(new ECRClient(stranger).send(new DescribeRepositoriesCommand({})));
    expect(unknown.name).toBe('UnrecognizedClientException');
    const supplier = await supplierConfig();
    const mixedUp = { ...supplier, credentials: { ...supplier.credentials, sessionToken: 'another' } };
    expect((await refusal(new STSClient(mixedUp).send(new GetCallerIdentityCommand({})))).name).toBe(
      'InvalidClientTokenId',
    );
    const disabled = new ECRClient(configOf(demo, 'ap-east-1'));
    const error = await refusal(disabled.send(new DescribeRepositoriesCommand({})));
    expect(error.name).toBe('UnrecognizedClientException');
  });
});
