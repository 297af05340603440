import {
  BatchGetRepositoryScanningConfigurationCommand,
  DescribeImagesCommand,
  DescribeRegistryCommand,
  DescribeRepositoriesCommand,
  DescribeRepositoryCreationTemplatesCommand,
  ECRClient,
  GetAccountSettingCommand,
  GetLifecyclePolicyCommand,
  GetRegistryPolicyCommand,
  GetRegistryScanningConfigurationCommand,
  GetRepositoryPolicyCommand,
  GetSigningConfigurationCommand,
  ListTagsForResourceCommand,
  paginateDescribeImages,
  paginateDescribeRepositories,
} from '@aws-sdk/client-ecr';
import {
  DescribeRepositoriesCommand as DescribePublicRepositoriesCommand,
  ECRPUBLICClient,
} from '@aws-sdk/client-ecr-public';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DemoAccount } from '#demo/server.ts';
import { configOf, homeRegion, refusal, startSeeded } from './clients.ts';

let demo: DemoAccount;
let ecr: ECRClient;
let europe: ECRClient;

beforeAll(async () => {
  demo = await startSeeded();
  ecr = new ECRClient(configOf(demo));
  europe = new ECRClient(configOf(demo, 'eu-west-1'));
});

afterAll(() => demo.close());

describe('the demo registry', () => {
  it('describes repositories with dates as dates', async () => {
    const { repositories } = await ecr.send(
      new DescribeRepositoriesCommand({ repositoryNames: ['tidewater/secure-app'] }),
    );
    expect(repositories?.[0]).toMatchObject({
      repositoryArn: 'arn:aws:ecr:us-east-1:111122223333:repository/tidewater/secure-app',
      imageTagMutability: 'IMMUTABLE',
      createdAt: new Date('2024-03-05T09:12:44.512Z'),
    });
  });

  it('keeps Regions apart', async () => {
    const names = (await europe.send(new DescribeRepositoriesCommand({}))).repositories?.map(
      (one) => one.repositoryName,
    );
    expect(names).toEqual(['tidewater/storefront-eu', 'tidewater/eu-batch']);
  });

  it('pages repositories as large as asked for, and refuses pages beyond 1000', async () => {
    const pages: number[] = [];
    for await (const page of paginateDescribeRepositories({ client: ecr, pageSize: 5 }, {})) {
      pages.push(page.repositories?.length ?? 0);
    }
    expect(pages).toEqual([5, 5, 2]);
    const error = await refusal(ecr.send(new DescribeRepositoriesCommand({ maxResults: 1001 })));
    expect(error.name).toBe('InvalidParameterException');
  });

  it('refuses a token that it did not give out', async () => {
    const error = await refusal(ecr.send(new DescribeRepositoriesCommand({ nextToken: 'bm9uc2Vuc2U' })));
    expect(error.name).toBe('InvalidParameterException');
  });

  it('answers registry settings, and says which are not there', async () => {
    expect((await ecr.send(new DescribeRegistryCommand({}))).registryId).toBe('111122223333');
    expect((await ecr.send(new GetRegistryPolicyCommand({}))).policyText).toContain('ReplicateImage');
    homeRegion(demo, 'eu-west-1').ecr.registryPolicy = undefined;
    expect((await refusal(europe.send(new GetRegistryPolicyCommand({})))).name).toBe('RegistryPolicyNotFoundException');
    const { scanningConfiguration } = await ecr.send(new GetRegistryScanningConfigurationCommand({}));
    expect(scanningConfiguration?.scanType).toBe('ENHANCED');
    expect((await ecr.send(new GetSigningConfigurationCommand({}))).signingConfiguration?.rules).toHaveLength(1);
    const unsigned = await refusal(europe.send(new GetSigningConfigurationCommand({})));
    expect(unsigned.name).toBe('SigningConfigurationNotFoundException');
    const templates = await ecr.send(new DescribeRepositoryCreationTemplatesCommand({}));
    expect(templates.repositoryCreationTemplates?.[0]?.createdAt).toBeInstanceOf(Date);
    const setting = await ecr.send(new GetAccountSettingCommand({ name: 'BASIC_SCAN_TYPE_VERSION' }));
    expect(setting.value).toBe('AWS_NATIVE');
  });

  it('tells a missing policy from a missing repository', async () => {
    const noPolicy = await refusal(ecr.send(new GetRepositoryPolicyCommand({ repositoryName: 'tidewater/sandbox' })));
    expect(noPolicy.name).toBe('RepositoryPolicyNotFoundException');
    const noLifecycle = await refusal(ecr.send(new GetLifecyclePolicyCommand({ repositoryName: 'tidewater/sandbox' })));
    expect(noLifecycle.name).toBe('LifecyclePolicyNotFoundException');
    const nothing = await refusal(ecr.send(new GetLifecyclePolicyCommand({ repositoryName: 'nowhere' })));
    expect(nothing.name).toBe('RepositoryNotFoundException');
    const resourceArn = 'arn:aws:ecr:us-east-1:111122223333:repository/tidewater/sandbox';
    expect((await ecr.send(new ListTagsForResourceCommand({ resourceArn }))).tags).toEqual([
      { Key: 'team', Value: 'platform' },
    ]);
  });

  it('lets registry rules supersede the setting of a repository', async () => {
    const repositoryNames = ['tidewater/secure-app', 'partners/price-feed', 'legacy/billing', 'nowhere'];
    const answer = await ecr.send(new BatchGetRepositoryScanningConfigurationCommand({ repositoryNames }));
    expect(answer.scanningConfigurations?.map((one) => one.scanFrequency)).toEqual([
      'CONTINUOUS_SCAN',
      'SCAN_ON_PUSH',
      'MANUAL',
    ]);
    expect(answer.failures?.[0]?.failureCode).toBe('REPOSITORY_NOT_FOUND');
    const tooMany = Array.from({ length: 26 }, (_, index) => `r${index}`);
    const error = await refusal(
      ecr.send(new BatchGetRepositoryScanningConfigurationCommand({ repositoryNames: tooMany })),
    );
    expect(error.name).toBe('InvalidParameterException');
  });

  it('hides archived images unless asked for them', async () => {
    const repositoryName = 'tidewater/cold-archive';
    const active = await ecr.send(new DescribeImagesCommand({ repositoryName }));
    const any = await ecr.send(new DescribeImagesCommand({ repositoryName, filter: { imageStatus: 'ANY' } }));
    expect(active.imageDetails).toHaveLength(1);
    expect(any.imageDetails).toHaveLength(3);
    expect(any.imageDetails?.[0]?.lastArchivedAt).toBeInstanceOf(Date);
  });

  it('fills pages of images and ends them', async () => {
    const tags: (string[] | undefined)[] = [];
    const repositoryName = 'tidewater/storefront';
    let pages = 0;
    for await (const page of paginateDescribeImages({ client: ecr, pageSize: 4 }, { repositoryName })) {
      pages += 1;
      tags.push(...(page.imageDetails ?? []).map((image) => image.imageTags));
    }
    expect([pages, tags.length]).toEqual([3, 10]);
  });

  it('finds images by tag and by digest, and says which do not exist', async () => {
    const repositoryName = 'tidewater/orders-api';
    const byTag = await ecr.send(new DescribeImagesCommand({ repositoryName, imageIds: [{ imageTag: 'v8.0.0' }] }));
    expect(byTag.imageDetails?.[0]?.imageManifestMediaType).toContain('image.index');
    const error = await refusal(
      ecr.send(new DescribeImagesCommand({ repositoryName, imageIds: [{ imageTag: 'v99' }] })),
    );
    expect(error.name).toBe('ImageNotFoundException');
  });

  it('refuses a request without a required member', async () => {
    const command = new DescribeImagesCommand({ repositoryName: undefined });
    expect((await refusal(ecr.send(command))).name).toBe('InvalidParameterException');
  });

  it('serves the public registry from us-east-1 only', async () => {
    const { repositories } = await new ECRPUBLICClient(configOf(demo)).send(new DescribePublicRepositoriesCommand({}));
    expect(repositories?.[0]?.repositoryName).toBe('tidewater-samples');
    const elsewhere = new ECRPUBLICClient(configOf(demo, 'eu-west-1'));
    const error = await refusal(elsewhere.send(new DescribePublicRepositoriesCommand({})));
    expect(error.name).toBe('UnsupportedCommandException');
  });
});
