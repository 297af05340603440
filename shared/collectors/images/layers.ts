import PQueue from 'p-queue';
import type { LayerDescriptor } from '../../domain/image-content.ts';
import type { LayerFindings } from '../../domain/image-layers.ts';
import { known, type Observed } from '../../domain/observed.ts';
import type { CollectorContext } from '../../domain/ports.ts';
import { ContentStore } from './content-store.ts';
import { openBlob } from './download.ts';
import { type LayerContent, listLayer } from './list-layer.ts';
import type { RepositoryPlace } from './manifests.ts';

/** Each keeps a decompressor busy. */
const LAYERS_AT_ONCE = 4;
/** Layers of Windows that their makers allow nobody else to store. */
const ELSEWHERE = /foreign|nondistributable/;
const KEPT = 20;

/** Null where the repository does not have it any more. */
type ReadLayer = Observed<LayerContent | null>;

/** Looks through the layers of images: each layer once ever, however many images are built on it. */
export class Layers {
  readonly #store: ContentStore<LayerContent>;
  readonly #underWay = new Map<string, Promise<ReadLayer>>();
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
    const layers = await Promise.all(own.map((layer) => this.#layer(place, layer)));
    const seen = layers.flatMap((layer) => (layer.known && layer.value !== null ? layer.value : []));
    const distribution = seen.findLast((layer) => layer.distribution !== undefined)?.distribution;
    const findings: LayerFindings = {
      leftovers: seen.flatMap(({ leftovers }) => leftovers).slice(0, KEPT),
      setuid: seen.flatMap(({ setuid }) => setuid).slice(0, KEPT),
      buildTools: [...new Set(seen.flatMap(({ buildTools }) => buildTools))].sort(),
      ...(distribution === undefined ? {} : { distribution }),
      complete: seen.length === descriptors.length,
    };
    const unread = layers.find((layer) => !layer.known);
    const isNothing = findings.leftovers.length + findings.setuid.length + findings.buildTools.length === 0;
    return unread !== undefined && !unread.known && isNothing ? unread : known(findings);
  }

  async #prepare(digests: readonly string[]): Promise<void> {
    const asked = digests.filter((digest) => !this.#underWay.has(digest));
    for (const [digest, content] of await this.#store.recall(asked)) {
      this.#underWay.set(digest, Promise.resolve(known(content)));
    }
  }

  #layer(place: RepositoryPlace, layer: LayerDescriptor): Promise<ReadLayer> {
    const earlier = this.#underWay.get(layer.digest);
    if (earlier !== undefined) return earlier;
    const reading = this.#queue.add(() => this.#fetch(place, layer));
    this.#underWay.set(layer.digest, reading);
    return reading;
  }

  async #fetch(place: RepositoryPlace, layer: LayerDescriptor): Promise<ReadLayer> {
    const content = await place.context.readOptional(
      'ecr:GetDownloadUrlForLayer',
      ['LayersNotFoundException', 'LayerInaccessibleException', 'RepositoryNotFoundException'],
      async () => listLayer(await openBlob(place, layer.digest), layer),
      { resource: place.repositoryArn },
    );
    if (content.known && content.value !== null) await this.#store.remember(new Map([[layer.digest, content.value]]));
    return content;
  }
}
