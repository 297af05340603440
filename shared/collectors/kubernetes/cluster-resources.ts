import type { CollectorContext } from '../../domain/ports.ts';
import type { ResourceBase, ResourceType } from '../../domain/resource.ts';
import type { ReadableCluster } from './cluster-reader.ts';

/** An object inside a cluster, as its uid names it; the cluster's namespaces have no kind in theirs. */
interface Place {
  readonly namespace?: string;
  readonly kind?: string;
  readonly name: string;
}

/** Names what is inside one cluster, so that two clusters never share an identity (SH-3). */
export class ClusterResources {
  readonly #context: CollectorContext;
  readonly cluster: ReadableCluster;

  constructor(context: CollectorContext, cluster: ReadableCluster) {
    this.#context = context;
    this.cluster = cluster;
  }

  /** `<cluster ARN>/<namespace>/<kind>/<name>`; without what the object does not have. */
  uid({ namespace, kind, name }: Place): string {
    return [this.cluster.key, namespace, kind, name].filter((part) => part !== undefined).join('/');
  }

  /** The part of a resource that says who and where it is. */
  base<T extends ResourceType>(type: T, place: Place): ResourceBase<T> {
    const { accountId, region, partition } = this.#context;
    const { namespace } = place;
    return {
      type,
      uid: this.uid(place),
      name: place.name,
      accountId,
      region,
      partition,
      cluster: this.cluster.name,
      ...(namespace === undefined ? {} : { namespace }),
      inUse: 'yes',
    };
  }
}
