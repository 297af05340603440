import { ecrRepositoryKey, parseImageReference } from '../../domain/image-reference.ts';
import type { CollectorContext } from '../../domain/ports.ts';
import type { RunningImageFact } from '../ecs/model.ts';

/** As ECS calls the architectures of images. */
const ARCHITECTURES: Readonly<Record<string, string>> = { X86_64: 'amd64', ARM64: 'arm64' };

/** Who runs what of one repository. */
export class UsesOfImages {
  readonly #byDigest = new Map<string, RunningImageFact[]>();
  readonly #planned: ReadonlySet<string>;

  /**
   * @param key see {@link ecrRepositoryKey}
   * @param planned architectures on which what nobody runs yet is about to
   */
  constructor({ facts }: Pick<CollectorContext, 'facts'>, key: string, planned: ReadonlySet<string> = new Set()) {
    this.#planned = planned;
    for (const fact of facts.about('running-image', key).facts) {
      const digest = fact.digest ?? parseImageReference(fact.image)?.digest;
      if (digest === undefined) continue;
      this.#byDigest.set(digest, [...(this.#byDigest.get(digest) ?? []), fact]);
    }
  }

  of(digest: string): readonly RunningImageFact[] {
    return this.#byDigest.get(digest) ?? [];
  }

  /** The architectures on which a digest runs; undefined where a use does not say. */
  architecturesOf(digest: string): ReadonlySet<string> | undefined {
    const said = [...this.of(digest).map(({ cpuArchitecture }) => cpuArchitecture), ...this.#planned];
    const known = said.map((architecture) => ARCHITECTURES[architecture ?? '']);
    const named = known.filter((architecture) => architecture !== undefined);
    return named.length > 0 && named.length === known.length ? new Set(named) : undefined;
  }
}
