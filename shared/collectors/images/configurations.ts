import type { ImageConfiguration } from '../../domain/image-content.ts';
import { known } from '../../domain/observed.ts';
import type { CollectorContext } from '../../domain/ports.ts';
import { unreadable } from './answers.ts';
import { ContentStore } from './content-store.ts';
import { downloadBlob } from './download.ts';
import type { RepositoryPlace } from './manifests.ts';
import { readConfiguration } from './read-configuration.ts';
import { type SharedRead, SharedReads } from './shared-reads.ts';

/** Configurations are some kilobytes; what is larger is none. */
const MOST_BYTES = 8_000_000;
const OPERATION = 'ecr:GetDownloadUrlForLayer';

export type ReadConfiguration = SharedRead<ImageConfiguration>;

/** The configurations behind digests: each is fetched once ever, however many repositories and images have it. */
export class Configurations {
  readonly #store: ContentStore<ImageConfiguration>;
  readonly #reads = new SharedReads<ImageConfiguration>();

  constructor({ contents }: Pick<CollectorContext, 'contents'>) {
    this.#store = new ContentStore(contents, 'configuration');
  }

  /** Looks up what is remembered of several in one go. */
  async prepare(digests: readonly string[]): Promise<void> {
    const asked = digests.filter((digest) => !this.#reads.has(digest));
    for (const [digest, configuration] of await this.#store.recall(asked)) {
      this.#reads.recalled(digest, configuration);
    }
  }

  /** One configuration; of several repositories the first that gives it out does for all. */
  read(place: RepositoryPlace, digest: string): Promise<ReadConfiguration> {
    return this.#reads.read(place, digest, () => this.#fetch(place, digest));
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
