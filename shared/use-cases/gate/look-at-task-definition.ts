import { taskDefinitionReader } from '../../collectors/ecs/definition-readers.ts';
import type { EcsTaskDefinitionFamily, EcsTaskDefinitionRevision } from '../../collectors/ecs/model.ts';
import type { PlannedUse } from '../../collectors/images/uses.ts';
import { parseContainerUser } from '../../domain/container-user.ts';
import type { FactLookup } from '../../domain/fact.ts';
import type { GateLook } from '../../domain/gate.ts';
import { parseImageReference } from '../../domain/image-reference.ts';
import { known } from '../../domain/observed.ts';
import { evaluate } from '../../engine/evaluate.ts';
import { type GateDependencies, gateContext, type Seen } from './looking.ts';

/** An image that is about to run. */
export interface WantedImage {
  /** As it is looked up. */
  readonly name: string;
  /** As the task definition writes it. */
  readonly written: string;
  readonly use: PlannedUse;
}

/** Task definitions, and the images that they are about to run. */
export interface SeenTaskDefinition {
  /** What could not be seen. */
  readonly seen: readonly Seen[];
  readonly families: readonly { readonly name: string; readonly family: EcsTaskDefinitionFamily }[];
  readonly images: readonly WantedImage[];
}

const ARN = /^arn:(aws[a-z-]*):ecs:([a-z0-9-]+):(\d{12}):task-definition\/([\w-]+):(\d+)$/;

/** A registered revision, as the deployment of a service would run it. */
export async function lookAtTaskDefinition(
  { arn, digests }: { readonly arn: string; readonly digests?: ReadonlyMap<string, string> },
  dependencies: GateDependencies,
): Promise<SeenTaskDefinition> {
  const unseen = (because: string) => ({
    seen: [{ look: lookOf(arn, [], [because]), resources: [] }],
    families: [],
    images: [],
  });
  const [, , region, accountId, family, revision] = ARN.exec(arn) ?? [];
  if (region === undefined || accountId === undefined || family === undefined) {
    return unseen('this is not the ARN of a revision of a task definition');
  }
  const target = dependencies.targetOf({ accountId, region });
  if ('because' in target) return unseen(target.because);
  const context = gateContext(target, dependencies);
  const described = await taskDefinitionReader(context).describe(arn);
  if (!described.known) return unseen(described.reason.message.replace(/\.$/, ''));
  if (described.value === null) return unseen('ECS knows no such task definition');
  const { definition, tags } = described.value;
  if (definition.arn !== arn) return unseen('ECS answers with another task definition');
  const resource: EcsTaskDefinitionFamily = {
    ...target,
    type: 'AwsEcsTaskDefinition',
    // A family's: what a waiver names outlives the revision.
    uid: arn.replace(/:\d+$/, ''),
    arn,
    name: family,
    ...(tags === undefined ? {} : { tags: known(tags) }),
    inUse: 'yes',
    family,
    revisionsInUse: [
      {
        arn,
        uses: [{ kind: 'service', by: 'a deployment', launchTypes: definition.requiresCompatibilities }],
        definition: known(definition),
      },
    ],
    latestActive: known(definition),
    usesListed: known(true),
    servicesListed: known(true),
    managedDaemon: false,
  };
  return {
    seen: [],
    families: [{ name: `${family}:${revision}`, family: resource }],
    images: imagesOf(definition).map((image) => ({ ...image, name: withDigest(image.name, digests?.get(image.name)) })),
  };
}

/**
 * A family with the verdicts of its checks.
 *
 * @param images what was found out about its images, and why it is not all
 */
export function judged(
  { name, family }: SeenTaskDefinition['families'][number],
  { facts, unread }: { readonly facts: FactLookup; readonly unread: readonly string[] },
  { registry, parameters, now }: GateDependencies,
): Seen {
  const findings = [...evaluate(registry, [family], { now: now(), facts, parameters })];
  const { latestActive } = family;
  const containers = latestActive.known ? (latestActive.value?.containers ?? []) : [];
  const unnamed = containers.some(({ image }) => image === '') ? ['a container of it names no image'] : [];
  return { look: { ...lookOf(name, findings, unnamed), unread }, resources: [family] };
}

export function lookOf(name: string, findings: GateLook['findings'], notLooked: readonly string[]): GateLook {
  return { kind: 'task-definition', name, findings, images: [], notLooked, unread: [] };
}

/** Each image with what the definition says of how it runs: on which architecture, and whether never as its own user. */
export function imagesOf({ containers, cpuArchitecture }: EcsTaskDefinitionRevision): readonly WantedImage[] {
  const names = new Set(containers.map(({ image }) => image).filter((image) => image !== ''));
  return [...names].map((image) => {
    const users = containers.filter((one) => one.image === image).map(({ user }) => parseContainerUser(user));
    return {
      name: image,
      written: image,
      use: {
        ...(cpuArchitecture === undefined ? {} : { cpuArchitecture }),
        ...(users.every((user) => user?.isRoot === false) ? { startsAs: 'other' as const } : {}),
      },
    };
  });
}

/** The digest is what will run; the tag stays for people to read. */
function withDigest(image: string, digest: string | undefined): string {
  const isOpen = digest !== undefined && parseImageReference(image)?.digest === undefined;
  return isOpen ? `${image}@${digest}` : image;
}
