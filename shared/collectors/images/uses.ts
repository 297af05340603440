import { ecrRepositoryKey, parseImageReference } from '../../domain/image-reference.ts';
import type { CollectorContext } from '../../domain/ports.ts';
import type { RunningImageFact } from '../ecs/model.ts';

/** As ECS calls the architectures of images. */
const ARCHITECTURES: Readonly<Record<string, string>> = { X86_64: 'amd64', ARM64: 'arm64' };

/** How something that does not run yet is about to be run. */
export type PlannedUse = Pick<RunningImageFact, 'cpuArchitecture' | 'startsAs'>;

/** Who runs what of one repository. */
export class UsesOfImages {
  readonly #byDigest = new Map<string, PlannedUse[]>();
  readonly #planned: readonly PlannedUse[];

  /**
   * @param key see {@link ecrRepositoryKey}
   * @param digestByTag what the tags name now that are started later
   * @param planned what is about to run each digest that is asked for
   */
  constructor(
    { facts }: Pick<CollectorContext, 'facts'>,
    key: string,
    digestByTag: ReadonlyMap<string, string>,
    planned: readonly PlannedUse[] = [],
  ) {
    this.#planned = planned;
    for (const fact of facts.about('running-image', key).facts) {
      const digest = digestOf(fact, digestByTag);
      if (digest === undefined) continue;
      this.#byDigest.set(digest, [...(this.#byDigest.get(digest) ?? []), fact]);
    }
  }

  #of(digest: string): readonly PlannedUse[] {
    return this.#byDigest.get(digest) ?? [];
  }

  /** The uses of an image, under its own digest and under that of the index it is in. */
  ofImage(digest: string, indexDigest: string | undefined): readonly PlannedUse[] {
    return [...this.#of(digest), ...(indexDigest === undefined ? [] : this.#of(indexDigest)), ...this.#planned];
  }

  /** The architectures on which a digest runs; undefined where a use does not say. */
  architecturesOf(digest: string): ReadonlySet<string> | undefined {
    const uses = this.ofImage(digest, undefined);
    const known = uses.map(({ cpuArchitecture }) => ARCHITECTURES[cpuArchitecture ?? '']);
    const named = known.filter((architecture) => architecture !== undefined);
    return named.length > 0 && named.length === known.length ? new Set(named) : undefined;
  }
}

/** The digest that a use runs, or starts when its time comes. */
export function digestOf(
  { digest, image, startedLater }: RunningImageFact,
  digestByTag: ReadonlyMap<string, string>,
): string | undefined {
  if (digest !== undefined) return digest;
  const reference = parseImageReference(image);
  return reference?.digest ?? (startedLater ? digestByTag.get(reference?.tag ?? 'latest') : undefined);
}

/** What the tags of images that run name now. */
export function digestsByTag(
  images: readonly { readonly digest: string; readonly tags: readonly string[] }[],
): ReadonlyMap<string, string> {
  return new Map(images.flatMap(({ digest, tags }) => tags.map((tag) => [tag, digest] as const)));
}
