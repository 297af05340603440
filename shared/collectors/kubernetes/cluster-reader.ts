import { STSClient } from '@aws-sdk/client-sts';
import { known, type Observed, unknown } from '../../domain/observed.ts';
import type { CollectorContext } from '../../domain/ports.ts';
import { KubernetesApi, type ListSink, type RawObject } from '../../kubernetes/api.ts';
import { eksTokens } from '../../kubernetes/eks-token.ts';
import { classifyKubernetesError, InvalidAnswerError } from '../../kubernetes/errors.ts';
import type { EksClusterFact, EksClusterInside } from '../eks/model.ts';
import { WrongTypeError } from './raw-fields.ts';
import { type KubernetesRead, operationOf, pathOf } from './reads.ts';

/** Requests under way at once in one cluster. */
const REQUESTS_AT_ONCE = 4;

/** The cluster that is being read, with what is known of it from outside. */
export type ReadableCluster = EksClusterFact & { readonly inside: EksClusterInside };

/** Reads one cluster; whatever does not answer is reported as a gap of that cluster. */
export class ClusterReader {
  readonly cluster: ReadableCluster;
  readonly context: CollectorContext;
  readonly #api: KubernetesApi;
  #groups: ReadonlyMap<string, readonly string[]> = new Map();

  readonly #namespace: string | undefined;

  /** @param namespace reads only what is there, of all kinds that live in namespaces */
  constructor(context: CollectorContext, cluster: ReadableCluster, namespace?: string) {
    this.#namespace = namespace;
    const { endpoint, certificateAuthority } = cluster.inside;
    this.context = context;
    this.cluster = cluster;
    this.#api = new KubernetesApi({
      endpoint,
      certificateAuthority,
      concurrency: REQUESTS_AT_ONCE,
      token: eksTokens(context.clientFor(STSClient), cluster.name, context.region),
    });
  }

  /**
   * Opens the cluster: one call that tells whether it can be reached and knows the caller, and which API groups it
   * serves. Where it fails nothing else has to be tried.
   */
  async open(): Promise<Observed<true>> {
    const groups = await this.#observed('kubernetes:get /apis', async () => {
      const answer = await this.#api.get('/apis');
      // Without them nobody knows who has extended the cluster.
      if (!Array.isArray(answer?.groups)) throw new InvalidAnswerError();
      return new Map(answer.groups.map(versionsOf));
    });
    if (!groups.known) return groups;
    this.#groups = groups.value;
    return known(true);
  }

  /** The versions of an API group that the cluster serves; empty where it knows no such group. */
  versionsOf(group: string): readonly string[] {
    return this.#groups.get(group) ?? [];
  }

  /** Names of all API groups, for telling who has extended the cluster. */
  get groups(): ReadonlySet<string> {
    return new Set(this.#groups.keys());
  }

  /**
   * Reads a list and what `read` makes of each item; null where the cluster serves no such kind.
   *
   * @param read undefined leaves an item out
   */
  async list<T>(what: KubernetesRead, read: (raw: RawObject) => T | undefined): Promise<Observed<readonly T[] | null>> {
    let items: T[] = [];
    const sink: ListSink = {
      begin: () => {
        items = [];
      },
      item: (raw) => {
        const item = this.#reading(what, () => read(raw));
        if (item !== undefined) items.push(item);
      },
    };
    const listed = await this.stream(what, sink);
    if (!listed.known) return listed;
    return known(listed.value ? items : null);
  }

  /** Like {@link ClusterReader.list} of a kind that every supported version serves: its absence is a gap. */
  async listBuiltIn<T>(what: KubernetesRead, read: (raw: RawObject) => T | undefined): Promise<Observed<readonly T[]>> {
    const listed = await this.list(what, read);
    if (!listed.known || listed.value !== null) return listed as Observed<readonly T[]>;
    const operation = operationOf(what);
    const reason = `${operation} is not served by this cluster, though every supported version serves it.`;
    this.context.reportGap({ operation, cause: 'not-supported', reason, cluster: this.cluster.name });
    return unknown({ kind: 'unreadable', cause: 'not-supported', operation, message: reason });
  }

  /** Streams a list into a sink; false where the cluster serves no such kind. */
  stream(what: KubernetesRead, sink: ListSink): Promise<Observed<boolean>> {
    return this.#observed(operationOf(what), () => this.#api.list(pathOf(what, this.#namespace), sink));
  }

  /** Reads one object; null where it does not exist. */
  get(what: KubernetesRead): Promise<Observed<RawObject | null>> {
    return this.#observed(operationOf(what), () => this.#api.get(pathOf(what)));
  }

  /** Runs what reads an object; one that the API server itself would refuse is a gap, and left out. */
  async reading<T>(what: KubernetesRead, read: () => Promise<T>): Promise<T | undefined> {
    try {
      return await read();
    } catch (error) {
      return this.#leftOut(what, error);
    }
  }

  close(): void {
    this.#api.close();
  }

  #reading<T>(what: KubernetesRead, read: () => T | undefined): T | undefined {
    try {
      return read();
    } catch (error) {
      return this.#leftOut(what, error);
    }
  }

  #leftOut(what: KubernetesRead, error: unknown): undefined {
    if (!(error instanceof WrongTypeError)) throw error;
    const operation = operationOf(what);
    this.context.reportGap({
      operation,
      cause: 'invalid-answer',
      reason: `${operation} answered with an object whose fields have types that the API does not know.`,
      cluster: this.cluster.name,
    });
    return undefined;
  }

  async #observed<T>(operation: `kubernetes:${string}`, call: () => Promise<T>): Promise<Observed<T>> {
    try {
      return known(await call());
    } catch (error) {
      const reason = classifyKubernetesError(error, operation);
      const { cause, message, missingPermission } = reason;
      this.context.reportGap({
        operation,
        cause,
        reason: message,
        ...(missingPermission === undefined ? {} : { missingPermission }),
        cluster: this.cluster.name,
        resource: this.cluster.key,
      });
      return unknown(reason);
    }
  }
}

function versionsOf(group: unknown): [string, readonly string[]] {
  const { name, versions } = (group ?? {}) as { name?: unknown; versions?: unknown };
  const served = (Array.isArray(versions) ? versions : []).flatMap((one: { version?: unknown } | null) =>
    typeof one?.version === 'string' ? [one.version] : [],
  );
  return [String(name), served];
}
