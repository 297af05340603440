import type { ImageDetail } from '@aws-sdk/client-ecr';
import type { Sequence } from './paging.ts';
import { ecsCluster } from './seed/ecs-clusters.ts';
import { service } from './seed/ecs-services.ts';
import { tasksOf } from './seed/ecs-tasks.ts';
import { eksCluster, nodegroup, seedEksVersions } from './seed/eks-clusters.ts';
import { releaseDigest } from './seed/images.ts';
import { seedNetwork } from './seed/network.ts';
import { boundedLifecycle } from './seed/policies.ts';
import { repository } from './seed/repositories.ts';
import { hubOf } from './seed/security.ts';
import { goodContainer, taskDefinition } from './seed/task-definition.ts';
import { daysBefore, homeAccount, imageUri } from './seed/tidewater.ts';
import { emptyAccount, type RegionState, type World } from './world/world.ts';

/** How large a world should be. */
export interface WorldSize {
  repositories: number;
  imagesPerRepository: number;
  /** Each has one revision and names an image of the next repository, another one each time round; half of them run in a service of one task definition and two tasks. */
  taskDefinitionFamilies: number;
  eksClusters: number;
  now?: Date;
}

/**
 * A world of any size for benchmarks: one account, one Region, resources that follow every practice except each
 * tenth, which runs as root. Images are made when they are asked for, so that a million of them costs no memory.
 */
export function generateWorld(size: WorldSize): World {
  const now = size.now ?? new Date();
  const account = emptyAccount(homeAccount, 'benchmark', ['us-east-1']);
  const region = account.regions[0] as RegionState;
  region.security.hub = hubOf(homeAccount, region.name);
  seedNetwork(region, homeAccount);
  seedEksVersions(now, region);
  addRepositories(region, size, now);
  addTaskDefinitions(region, size);
  for (let index = 0; index < size.eksClusters; index += 1) {
    const name = `cluster-${padded(index)}`;
    region.eks.clusters.push(eksCluster(name, {}, { nodegroups: [nodegroup(now, name, 'general')] }));
  }
  return { now, accounts: [account] };
}

function addRepositories(region: RegionState, size: WorldSize, now: Date): void {
  region.ecr.scanning = {
    scanType: 'BASIC',
    rules: [{ scanFrequency: 'SCAN_ON_PUSH', repositoryFilters: [{ filter: '*', filterType: 'WILDCARD' }] }],
  };
  for (let index = 0; index < size.repositories; index += 1) {
    const name = `bench/app-${padded(index)}`;
    region.ecr.repositories.push(
      repository(homeAccount, region.name, name, {
        repository: { imageTagMutability: 'IMMUTABLE' },
        lifecyclePolicy: boundedLifecycle,
        images: lazyImages(name, index, size.imagesPerRepository, now),
      }),
    );
  }
}

/** Images of a repository that task definitions may name: one for each time that the families go round. */
const DEPLOYED = 10;

/** A sequence that makes each image's details from its position. */
function lazyImages(repositoryName: string, repositoryIndex: number, length: number, now: Date): Sequence<ImageDetail> {
  return {
    length,
    slice: (start = 0, end = length) => {
      const images: ImageDetail[] = [];
      for (let index = start; index < Math.min(end, length); index += 1) {
        images.push({
          registryId: homeAccount,
          repositoryName,
          imageDigest:
            index < DEPLOYED ? releaseDigest(repositoryName, `v${index}`) : generatedDigest(repositoryIndex, index),
          imageTags: [`v${index}`],
          imageSizeInBytes: 60_000_000 + index,
          imagePushedAt: daysBefore(now, index % 365),
          imageManifestMediaType: 'application/vnd.oci.image.manifest.v1+json',
          artifactMediaType: 'application/vnd.oci.image.config.v1+json',
          imageStatus: 'ACTIVE',
        });
      }
      return images;
    },
  };
}

function addTaskDefinitions(region: RegionState, size: WorldSize): void {
  const definitions = Array.from({ length: size.taskDefinitionFamilies }, (_, index) => {
    const family = `app-${padded(index)}`;
    const repositories = Math.max(size.repositories, 1);
    const image = imageUri(`bench/app-${padded(index % repositories)}`, `v${Math.floor(index / repositories)}`);
    const user = index % 10 === 9 ? 'root' : '1000:1000';
    return taskDefinition(family, 1, { containerDefinitions: [goodContainer(family, { image, user })] });
  });
  region.ecs.taskDefinitions.push(...definitions);
  const services = definitions
    .filter((_, index) => index % 2 === 0)
    .map(({ taskDefinition: { family } }) => service('bench', family, `${family}:1`));
  const byArn = new Map(definitions.map((one) => [one.taskDefinition.taskDefinitionArn, one]));
  const tasks = services.flatMap((one) => {
    const definition = byArn.get(one.taskDefinition ?? '');
    return definition ? tasksOf(one, [definition]) : [];
  });
  region.ecs.clusters.push(ecsCluster('bench', { services, tasks }));
}

function padded(index: number): string {
  return String(index).padStart(5, '0');
}

function generatedDigest(repositoryIndex: number, imageIndex: number): string {
  return `sha256:${repositoryIndex.toString(16).padStart(16, '0')}${imageIndex.toString(16).padStart(48, '0')}`;
}
