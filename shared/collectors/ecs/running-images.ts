import type { DaemonRevision } from '@aws-sdk/client-ecs';
import { ecrLocationOf, ecrRepositoryKey, parseImageReference } from '../../domain/image-reference.ts';
import type { CollectorContext } from '../../domain/ports.ts';
import type { ClusterContents } from './cluster-resources.ts';
import type { ClusterScope } from './clusters.ts';
import { sortedBy } from './listing.ts';
import type { RunningImageFact } from './model.ts';
import type { OwnUsers } from './own-users.ts';
import { present } from './present.ts';
import type { DescribedServiceRevision } from './services.ts';
import type { DescribedTask } from './tasks.ts';

/** What ECS resolved for tasks that are just starting, and which containers set a user of their own. */
export interface SeenRevisions {
  readonly revisions: readonly DescribedServiceRevision[];
  readonly daemons: readonly DaemonRevision[];
  readonly ownUsers?: OwnUsers;
}

/** An image that something runs, as far as it says. */
export interface Sighting {
  readonly image: string | undefined;
  readonly digest: string | undefined;
  readonly usedBy: string;
  readonly cpuArchitecture?: string | undefined;
  readonly setsUser?: boolean | undefined;
}

/**
 * The images that run, by their digests and never by their tags, which move (T17): one fact for each repository, digest,
 * user and architecture. Tasks say what runs; service and daemon revisions add what ECS resolved for tasks that are just starting.
 * Only images of ECR: there is nothing to join the others with.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Container.html
 */
export function runningImageFacts(
  context: CollectorContext,
  clusters: readonly ClusterContents[],
  seen: SeenRevisions,
): readonly RunningImageFact[] {
  const facts = new Map<string, RunningImageFact>();
  const add = (key: string, fact: RunningImageFact) => {
    const earlier = facts.get(key);
    facts.set(key, earlier === undefined ? fact : merged(earlier, fact));
  };
  for (const fact of factsFrom(context, sightingsOfTasks(context, clusters, seen))) add(keyOf(fact), fact);
  const onEach = [...new Set([...facts.values()].map(({ cpuArchitecture }) => cpuArchitecture))];
  for (const fact of factsFrom(context, sightingsOfRevisions(seen))) {
    // A revision does not say on what its tasks run; where there are tasks, they do.
    const keys = onEach.map((cpuArchitecture) => keyOf({ ...fact, ...present('cpuArchitecture', cpuArchitecture) }));
    const ofTasks = keys.filter((key) => facts.has(key));
    for (const key of ofTasks.length > 0 ? ofTasks : [keyOf(fact)]) add(key, fact);
  }
  return sortedBy([...facts.values()], keyOf);
}

/** Who runs a task: its service or daemon, else its cluster, because standalone tasks come and go. */
export function ownerOf(
  { partition, region, accountId }: CollectorContext,
  scope: ClusterScope,
  { serviceName, daemonName }: DescribedTask,
): string {
  const arn = (resource: string) => `arn:${partition}:ecs:${region}:${accountId}:${resource}`;
  if (serviceName !== undefined) return arn(`service/${scope.name}/${serviceName}`);
  return daemonName === undefined ? scope.arn : arn(`daemon/${scope.name}/${daemonName}`);
}

function* sightingsOfTasks(
  context: CollectorContext,
  clusters: readonly ClusterContents[],
  { ownUsers }: SeenRevisions,
): Generator<Sighting> {
  for (const contents of clusters) {
    for (const task of contents.tasks.items) {
      const usedBy = ownerOf(context, contents.scope, task);
      for (const { name, image, imageDigest } of task.containers) {
        const setsUser = ownUsers?.has(task.taskDefinitionArn, name);
        yield { image, digest: imageDigest, usedBy, cpuArchitecture: task.cpuArchitecture, setsUser };
      }
    }
  }
}

function* sightingsOfRevisions({ revisions, daemons, ownUsers }: SeenRevisions): Generator<Sighting> {
  for (const { serviceArn: usedBy, images } of revisions) {
    if (usedBy === undefined) continue;
    for (const { containerName, image, imageDigest } of images.containerImages) {
      const setsUser = ownUsers?.has(images.taskDefinitionArn, containerName);
      yield { image, digest: imageDigest, usedBy, setsUser };
    }
  }
  for (const { daemonArn: usedBy, containerImages } of daemons) {
    if (usedBy === undefined) continue;
    for (const { image, imageDigest } of containerImages ?? []) yield { image, digest: imageDigest, usedBy };
  }
}

function factsFrom(context: CollectorContext, sightings: Iterable<Sighting>): readonly RunningImageFact[] {
  return [...sightings].flatMap((sighting) => runningImageFact(context, sighting) ?? []);
}

/** @returns undefined for what is no image of ECR */
export function runningImageFact(context: CollectorContext, sighting: Sighting): RunningImageFact | undefined {
  const { image, usedBy, cpuArchitecture, setsUser } = sighting;
  const reference = image === undefined ? undefined : parseImageReference(image);
  const location = reference === undefined ? undefined : ecrLocationOf(reference);
  if (image === undefined || location === undefined) return undefined;
  return {
    kind: 'running-image',
    key: ecrRepositoryKey(location),
    accountId: context.accountId,
    region: context.region,
    observedAt: context.now.toISOString(),
    image,
    // A reference that names a digest runs that digest, whether or not the agent reported it.
    ...present('digest', sighting.digest?.toLowerCase() ?? reference?.digest),
    usedBy,
    ...present('cpuArchitecture', cpuArchitecture),
    ...(setsUser === true ? { startsAs: 'other' as const } : {}),
  };
}

/** Without a digest, images with different tags are different things; on two architectures an index is two images. */
function keyOf({ key, digest, image, usedBy, cpuArchitecture = '' }: RunningImageFact): string {
  return [key, digest ?? `:${image}`, usedBy, cpuArchitecture].join(' ');
}

function merged(one: RunningImageFact, other: RunningImageFact): RunningImageFact {
  const [image = one.image] = [one.image, other.image].sort();
  // One use that leaves it to the image is enough.
  const { startsAs, ...fact } = one;
  const agreed = startsAs === other.startsAs ? present('startsAs', startsAs) : {};
  return { ...fact, ...agreed, image };
}
