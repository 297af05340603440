import type { ListSink, RawObject } from '../../kubernetes/api.ts';
import { keyOfPod, objectAt, selectableLabels, withoutGenerated } from './pod-identity.ts';
import { type OwnerReference, readMetadata } from './read-metadata.ts';

/** What a container runs. */
interface PodImage {
  readonly image: string;
  readonly digest?: string;
  /** Whether the container, or its pod, sets a user other than root. */
  readonly setsUser: boolean;
}

/** Pods that are alike in everything checks look at. */
export interface LikePods {
  /** One of them, without what was generated. */
  readonly raw: RawObject;
  /** Names of the nodes they run on; empty text for one that waits for a node. */
  readonly nodes: Set<string>;
  /** Their distinct labels, as JSON. */
  readonly labelSets: Set<string>;
  /** What their containers run: reference and digest, `image digest`. */
  readonly images: Map<string, PodImage>;
}

/** Pods that one controller made, or one bare pod. */
export interface PodGroup {
  readonly namespace: string;
  /** The controller; absent for a bare pod. */
  readonly owner?: OwnerReference;
  /** Of a bare pod. */
  readonly name: string;
  /** Made by the kubelet from a file. */
  readonly isStatic: boolean;
  /** The Deployment's own hash of its template, in the names of its ReplicaSets. */
  readonly templateHash?: string;
  readonly variants: Map<string, LikePods>;
}

/** The annotation of a pod that only mirrors what a kubelet runs. */
const MIRROR = 'kubernetes.io/config.mirror';
/** Pods that are over run nothing and will not again (T70). */
const OVER = new Set(['Failed', 'Succeeded']);

/**
 * Takes the list of pods and keeps one of each kind, so that memory grows with what differs and not with replicas.
 *
 * @see https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-phase
 */
export class PodGroups implements ListSink {
  #groups = new Map<string, PodGroup>();

  begin(): void {
    this.#groups = new Map();
  }

  item(raw: RawObject): void {
    const status = objectAt(raw, 'status');
    if (OVER.has(String(status.phase))) return;
    const { name, namespace = '', uid = '', labels, annotations, owners } = readMetadata(raw);
    const { nodeName } = objectAt(raw, 'spec');
    const node = typeof nodeName === 'string' ? nodeName : '';
    const isStatic = Object.hasOwn(annotations, MIRROR);
    const owner = isStatic ? undefined : owners.find(({ controller }) => controller);
    // The name of a mirrored pod ends with that of its node.
    const plainName = isStatic && name.endsWith(`-${node}`) ? name.slice(0, -node.length - 1) : name;
    const key = owner === undefined ? `${isStatic ? plainName : uid} ${namespace} ${plainName}` : owner.uid;
    let group = this.#groups.get(key);
    if (group === undefined) {
      const templateHash = labels['pod-template-hash'];
      group = {
        namespace,
        name: plainName,
        isStatic,
        ...(owner === undefined ? {} : { owner }),
        ...(templateHash === undefined ? {} : { templateHash }),
        variants: new Map(),
      };
      this.#groups.set(key, group);
    }
    const pod = withoutGenerated(raw);
    const variantKey = keyOfPod(pod);
    const alike: LikePods = group.variants.get(variantKey) ?? {
      raw: pod,
      nodes: new Set(),
      labelSets: new Set(),
      images: new Map(),
    };
    group.variants.set(variantKey, alike);
    alike.nodes.add(node);
    alike.labelSets.add(JSON.stringify(Object.entries(selectableLabels(labels)).sort()));
    for (const image of imagesOf(raw)) {
      const key = `${image.image} ${image.digest ?? ''}`;
      // One container that leaves it to the image is enough.
      const setsUser = image.setsUser && alike.images.get(key)?.setsUser !== false;
      alike.images.set(key, { ...image, setsUser });
    }
  }

  /** All groups, in an order that does not depend on names that were generated. */
  list(): readonly PodGroup[] {
    return [...this.#groups.values()];
  }
}

/** What the containers of a pod run: the reference of the spec, and the digest that the kubelet says it resolved to. */
function imagesOf(raw: RawObject): PodImage[] {
  const [spec, status] = [objectAt(raw, 'spec'), objectAt(raw, 'status')];
  const digests = new Map<unknown, string>();
  for (const list of ['containerStatuses', 'initContainerStatuses', 'ephemeralContainerStatuses']) {
    for (const { name, imageID } of objectsIn(status[list])) {
      const [, digest] = /(?:^|@)(sha256:[0-9a-f]{64})$/.exec(String(imageID ?? '')) ?? [];
      // Without a repository it is the id of the configuration, not the digest of a manifest.
      if (digest !== undefined && String(imageID).includes('@')) digests.set(name, digest);
    }
  }
  const { runAsUser: ofPod } = objectAt(spec, 'securityContext');
  return ['containers', 'initContainers', 'ephemeralContainers'].flatMap((list) =>
    objectsIn(spec[list]).flatMap((container) => {
      const { name, image } = container;
      const digest = digests.get(name);
      const user = objectAt(container, 'securityContext').runAsUser ?? ofPod;
      const setsUser = typeof user === 'number' && user !== 0;
      return typeof image === 'string' ? [{ image, setsUser, ...(digest === undefined ? {} : { digest }) }] : [];
    }),
  );
}

function objectsIn(list: unknown): readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(list) ? list.filter((item) => typeof item === 'object' && item !== null) : [];
}
