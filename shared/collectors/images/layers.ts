import PQueue from 'p-queue';
import { groupBy } from '../../domain/group-by.ts';
import type { LayerDescriptor } from '../../domain/image-content.ts';
import {
  byWeight,
  isUsualSetuid,
  type LayerFile,
  type LayerFindings,
  unusualFirst,
} from '../../domain/image-layers.ts';
import { known, type Observed } from '../../domain/observed.ts';
import type { CollectorContext } from '../../domain/ports.ts';
import { withholdSecretValue } from '../secrets/tag-values.ts';
import { ContentStore } from './content-store.ts';
import { openBlob } from './download.ts';
import { type LayerContent, listLayer } from './list-layer.ts';
import type { RepositoryPlace } from './manifests.ts';
import { type SharedRead, SharedReads } from './shared-reads.ts';

/** Each keeps a decompressor busy. */
const LAYERS_AT_ONCE = 4;
/** Layers of Windows that their makers allow nobody else to store. */
const ELSEWHERE = /foreign|nondistributable/;
const KEPT_OF_A_KIND = 20;

/** The first of each group, so that many of one kind hide no other. */
function firstOfEach(files: readonly LayerFile[], groupOf: (file: LayerFile) => unknown): readonly LayerFile[] {
  return [...groupBy(files, groupOf).values()].flatMap((group) => group.slice(0, KEPT_OF_A_KIND));
}

/** The same with nothing that looks like a secret among the names: they are shown. */
async function withoutSecrets(
  content: LayerContent,
  { classify }: Pick<CollectorContext, 'classify'>,
): Promise<LayerContent> {
  const shown = (text: string) => withholdSecretValue('', text, classify);
  const named = (files: readonly LayerFile[]) =>
    Promise.all(files.map(async (file) => ({ ...file, path: await shown(file.path) })));
  const { distribution } = content;
  return {
    ...content,
    leftovers: await named(content.leftovers),
    setuid: await named(content.setuid),
    ...(distribution === undefined
      ? {}
      : {
          distribution: {
            id: await shown(distribution.id),
            ...(distribution.version === undefined ? {} : { version: await shown(distribution.version) }),
          },
        }),
  };
}

/** Looks through the layers of images: each layer once ever, however many images are built on it. */
export class Layers {
  readonly #store: ContentStore<LayerContent>;
  readonly #reads = new SharedReads<LayerContent>();
  readonly #queue = new PQueue({ concurrency: LAYERS_AT_ONCE });

  constructor({ contents }: Pick<CollectorContext, 'contents'>) {
    this.#store = new ContentStore(contents, 'layer');
  }

  /**
   * What the layers of one image hold. A layer that is broken, or larger than anybody looks through, is a gap.
   *
   * @returns unknown where a layer could not be read and the others hold nothing worth telling
   */
  async read(place: RepositoryPlace, descriptors: readonly LayerDescriptor[]): Promise<Observed<LayerFindings>> {
    const own = descriptors.filter(({ mediaType }) => !ELSEWHERE.test(mediaType));
    await this.#prepare(own.map(({ digest }) => digest));
    const layers = await Promise.all(
      own.map((layer) => this.#reads.read(place, layer.digest, () => this.#queue.add(() => this.#fetch(place, layer)))),
    );
    const seen = layers.flatMap((layer) => (layer.known && layer.value !== null ? layer.value : []));
    const distribution = seen.findLast((layer) => layer.distribution !== undefined)?.distribution;
    const findings: LayerFindings = {
      leftovers: firstOfEach(seen.flatMap(({ leftovers }) => leftovers).sort(byWeight), ({ kind }) => kind),
      setuid: firstOfEach(seen.flatMap(({ setuid }) => setuid).sort(unusualFirst), ({ path }) => isUsualSetuid(path)),
      buildTools: [...new Set(seen.flatMap(({ buildTools }) => buildTools))].sort(),
      ...(distribution === undefined ? {} : { distribution }),
      complete: seen.length === descriptors.length,
    };
    const unread = layers.find((layer) => !layer.known);
    const isNothing = findings.leftovers.length + findings.setuid.length + findings.buildTools.length === 0;
    return unread !== undefined && !unread.known && isNothing ? unread : known(findings);
  }

  async #prepare(digests: readonly string[]): Promise<void> {
    const asked = digests.filter((digest) => !this.#reads.has(digest));
    for (const [digest, content] of await this.#store.recall(asked)) {
      this.#reads.recalled(digest, content);
    }
  }

  async #fetch(place: RepositoryPlace, layer: LayerDescriptor): Promise<SharedRead<LayerContent>> {
    const content = await place.context.readOptional(
      'ecr:GetDownloadUrlForLayer',
      ['LayersNotFoundException', 'LayerInaccessibleException', 'RepositoryNotFoundException'],
      async () => withoutSecrets(await listLayer(await openBlob(place, layer.digest), layer), place.context),
      { resource: place.repositoryArn },
    );
    if (content.known && content.value !== null) await this.#store.remember(new Map([[layer.digest, content.value]]));
    return content;
  }
}
