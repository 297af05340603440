import { describe, expect, it } from 'vitest';
import { seedWorld } from '#demo/seed/seed-world.ts';
import type { AccountState, RegionState } from '#demo/world/world.ts';

const now = new Date('2026-11-23T12:00:00Z');
const world = seedWorld(now);
const regions = world.accounts.flatMap((account) => account.regions.map((region) => ({ account, region })));
const places = regions.map(({ account, region }): [string, AccountState, RegionState] => [
  `${account.id} ${region.name}`,
  account,
  region,
]);

describe.each(places)('the seeded world in %s', (_, account, region) => {
  it('names only its own account and Region in the ARNs of its resources', () => {
    const arns = [
      ...region.ecr.repositories.map(({ repository }) => repository.repositoryArn),
      ...region.ecs.taskDefinitions.map(({ taskDefinition }) => taskDefinition.taskDefinitionArn),
      ...region.ecs.clusters.map(({ cluster }) => cluster.clusterArn),
      ...region.ecs.clusters.flatMap(({ services }) => services.map(({ serviceArn }) => serviceArn)),
      ...region.ecs.clusters.flatMap(({ tasks }) => tasks.map(({ taskArn }) => taskArn)),
      ...region.eks.clusters.map(({ cluster }) => cluster.arn),
    ];
    expect(arns.filter((arn) => !arn.includes(`:${region.name}:${account.id}:`))).toEqual([]);
    expect(new Set(arns).size).toBe(arns.length);
  });

  it('registers every task definition that something runs', () => {
    const registered = [
      ...region.ecs.taskDefinitions.map(({ taskDefinition }) => taskDefinition.taskDefinitionArn),
      ...region.ecs.daemonTaskDefinitions.map(({ daemonTaskDefinitionArn }) => daemonTaskDefinitionArn),
    ];
    const used = region.ecs.clusters.flatMap(({ services, tasks }) => [
      ...services.flatMap((one) => (one.deployments ?? []).map(({ taskDefinition }) => taskDefinition ?? '')),
      ...services.flatMap((one) => (one.taskSets ?? []).map(({ taskDefinition }) => taskDefinition ?? '')),
      ...tasks.map(({ taskDefinitionArn }) => taskDefinitionArn ?? ''),
    ]);
    expect(used.filter((arn) => !registered.includes(arn))).toEqual([]);
  });

  it('holds every image of its own registry that a task runs', () => {
    const held = new Set(
      region.ecr.repositories.flatMap(({ images }) => images.slice(0, images.length).map((image) => image.imageDigest)),
    );
    const running = region.ecs.clusters
      .flatMap(({ tasks }) => tasks.flatMap(({ containers }) => containers ?? []))
      .filter(({ image }) => image?.startsWith(`${account.id}.dkr.ecr.${region.name}.`));
    expect(running.filter(({ imageDigest }) => !held.has(imageDigest)).map(({ image }) => image)).toEqual([]);
  });

  it('holds no two images of one digest', () => {
    for (const { images } of region.ecr.repositories) {
      const digests = images.slice(0, images.length).map((image) => image.imageDigest);
      expect(new Set(digests).size).toBe(digests.length);
    }
  });

  it('has every subnet, security group and instance that services, clusters and nodes name', () => {
    const { ec2, ecs, eks } = region;
    const known = new Set([
      ...ec2.subnets.map(({ SubnetId }) => SubnetId),
      ...ec2.securityGroups.map(({ GroupId }) => GroupId),
      ...ec2.instances.map(({ InstanceId }) => InstanceId),
      ...ec2.launchTemplateVersions.map(({ LaunchTemplateId }) => LaunchTemplateId),
    ]);
    const named = [
      ...ecs.clusters.flatMap(({ services }) =>
        services.flatMap(({ networkConfiguration }) => [
          ...(networkConfiguration?.awsvpcConfiguration?.subnets ?? []),
          ...(networkConfiguration?.awsvpcConfiguration?.securityGroups ?? []),
        ]),
      ),
      ...ecs.clusters.flatMap(({ containerInstances }) => containerInstances.map((one) => one.ec2InstanceId)),
      ...eks.clusters.flatMap(({ cluster, nodegroups }) => [
        ...(cluster.resourcesVpcConfig?.subnetIds ?? []),
        cluster.resourcesVpcConfig?.clusterSecurityGroupId,
        ...nodegroups.flatMap((one) => [
          ...(one.subnets ?? []),
          ...(one.launchTemplate?.id ? [one.launchTemplate.id] : []),
          ...(one.resources?.remoteAccessSecurityGroup ? [one.resources.remoteAccessSecurityGroup] : []),
        ]),
      ]),
    ];
    expect(named.filter((id) => !known.has(id))).toEqual([]);
  });
});

describe('the seeded dates', () => {
  it('are the same for the same moment', () => {
    expect(JSON.stringify(seedWorld(now))).toBe(JSON.stringify(world));
  });

  it('move with the moment for image pushes, and stand still for the rest', () => {
    const later = seedWorld(new Date(now.getTime() + 86_400_000));
    const repositoryIn = ({ accounts }: typeof world) => accounts[0]?.regions[0]?.ecr.repositories[0];
    const pushed = (which: typeof world) => repositoryIn(which)?.images.slice(0, 1)[0]?.imagePushedAt?.getTime() ?? 0;
    expect(pushed(later) - pushed(world)).toBe(86_400_000);
    expect(repositoryIn(later)?.repository.createdAt).toEqual(repositoryIn(world)?.repository.createdAt);
  });
});
