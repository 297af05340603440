import {
  DescribeImagesCommand,
  DescribeRepositoriesCommand,
  ECRClient,
  paginateDescribeImages,
} from '@aws-sdk/client-ecr';
import { DescribeTaskDefinitionCommand, ECSClient, paginateListServices } from '@aws-sdk/client-ecs';
import { EKSClient, ListClustersCommand } from '@aws-sdk/client-eks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { generateWorld } from '#demo/generate.ts';
import { type DemoAccount, startDemoAccount } from '#demo/server.ts';
import { type ClientConfig, configOf, homeRegion } from './clients.ts';

let demo: DemoAccount;
let config: ClientConfig;
const size = { repositories: 150, imagesPerRepository: 2_500, taskDefinitionFamilies: 40, eksClusters: 3 };

beforeAll(async () => {
  demo = await startDemoAccount({ world: generateWorld(size) });
  config = configOf(demo);
});

afterAll(() => demo.close());

describe('a generated world', () => {
  it('pages through as many images as asked for', async () => {
    const client = new ECRClient(config);
    const digests = new Set<string>();
    let pages = 0;
    const repositoryName = 'bench/app-00007';
    for await (const page of paginateDescribeImages({ client, pageSize: 1000 }, { repositoryName })) {
      pages += 1;
      for (const image of page.imageDetails ?? []) digests.add(image.imageDigest ?? '');
    }
    expect([pages, digests.size]).toEqual([3, 2_500]);
    const { repositories, nextToken } = await client.send(new DescribeRepositoriesCommand({}));
    expect(repositories).toHaveLength(100);
    expect(nextToken).toBeDefined();
  });

  it('makes no image before it is asked for', () => {
    const images = homeRegion(demo).ecr.repositories[0]?.images;
    expect(images?.length).toBe(2_500);
    expect(Array.isArray(images)).toBe(false);
  });

  it('runs half of its families, from images that exist', async () => {
    const ecs = new ECSClient(config);
    const arns: string[] = [];
    for await (const page of paginateListServices({ client: ecs }, { cluster: 'bench' }))
      arns.push(...(page.serviceArns ?? []));
    expect(arns).toHaveLength(20);
    const { taskDefinition } = await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: 'app-00009' }));
    expect(taskDefinition?.containerDefinitions?.[0]?.user).toBe('root');
    const running = homeRegion(demo).ecs.clusters[0]?.tasks[0]?.containers?.[0]?.imageDigest;
    const imageIds = [{ imageDigest: running }];
    await new ECRClient(config).send(new DescribeImagesCommand({ repositoryName: 'bench/app-00000', imageIds }));
  });

  it('has its clusters', async () => {
    expect((await new EKSClient(config).send(new ListClustersCommand({}))).clusters).toHaveLength(3);
  });
});
