import type { ImageConfiguration } from '../../domain/image-content.ts';
import { known, type Observed } from '../../domain/observed.ts';
import type { CollectorContext } from '../../domain/ports.ts';
import { unreadable } from './answers.ts';
import { ContentStore } from './content-store.ts';
import { downloadBlob } from './download.ts';
import type { RepositoryPlace } from './manifests.ts';
import { readConfiguration } from './read-configuration.ts';

/** Configurations are some kilobytes; what is larger is none. */
const MOST_BYTES = 8_000_000;
const OPERATION = 'ecr:GetDownloadUrlForLayer';

/** Null where the repository does not have it any more. */
export type ReadConfiguration = Observed<ImageConfiguration | null>;

/** The configurations behind digests: each is fetched once ever, however many repositories and images have it. */
export class Configurations {
  readonly #store: ContentStore<ImageConfiguration>;
  readonly #underWay = new Map<string, Promise<ReadConfiguration>>();

  constructor({ contents }: Pick<CollectorContext, 'contents'>) {
    this.#store = new ContentStore(contents, 'configuration');
  }

  /** Looks up what is remembered of several in one go. */
  async prepare(digests: readonly string[]): Promise<void> {
    const asked = digests.filter((digest) => !this.#underWay.has(digest));
    for (const [digest, configuration] of await this.#store.recall(asked)) {
      this.#underWay.set(digest, Promise.resolve(known(configuration)));
    }
  }

  /** One configuration; of several askers the first fetches it, from its own repository. */
  read(place: RepositoryPlace, digest: string): Promise<ReadConfiguration> {
    const earlier = this.#underWay.get(digest);
    if (earlier !== undefined) return earlier;
    const reading = this.#fetch(place, digest);
    this.#underWay.set(digest, reading);
    return reading;
  }

  async #fetch(place: RepositoryPlace, digest: string): Promise<ReadConfiguration> {
    const blob = await downloadBlob(place, digest, MOST_BYTES);
    if (!blob.known || blob.value === null) return blob as ReadConfiguration;
    const configuration = await readConfiguration(blob.value, place.context);
    if (configuration === undefined) {
      const message = 'The configuration of an image is not what the image specification says.';
      return unreadable(place.context, OPERATION, message, place.repositoryArn);
    }
    await this.#store.remember(new Map([[digest, configuration]]));
    return known(configuration);
  }
}
