import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { InvalidAnswerError, isPassing, KubernetesError } from './errors.ts';

export interface KubernetesApiOptions {
  /** `https://…`, as EKS names it. */
  readonly endpoint: string;
  /** The only authority that is trusted, in PEM. */
  readonly certificateAuthority: string;
  /** A bearer token for the next request. */
  readonly token: () => Promise<string>;
  /** Requests under way at once. */
  readonly concurrency: number;
  readonly connectTimeoutMs?: number;
  readonly requestTimeoutMs?: number;
  /** Told of every request that leaves the process. */
  readonly observe?: (path: string) => void;
}

/** An object of the API: whatever is in it, it was not checked. */
export type RawObject = Readonly<Record<string, unknown>>;

/** Takes the items of a list as they come in. */
export interface ListSink {
  /** A list begins, or begins again: whatever it gave before is void. */
  begin(): void;
  item(raw: RawObject): void;
}

/** How many objects the API server is asked for at once, the page of Kubernetes' own tools. */
const PAGE_SIZE = 500;
const ATTEMPTS = 4;
/** How often a list begins again because it expired: each time it takes the newest state. */
const RESTARTS = 3;
const LONGEST_WAIT_SECONDS = 20;
/** Whoever extends a cluster may serve lists of their own, and must not keep a scan busy for ever. */
const MAX_PAGES = 4_000;

/**
 * Reads the API of one Kubernetes cluster: bounded in time, sockets and memory. Nothing is ever written.
 *
 * @see https://kubernetes.io/docs/reference/using-api/api-concepts/#retrieving-large-results-sets-in-chunks
 */
export class KubernetesApi {
  readonly #options: KubernetesApiOptions;
  readonly #handler: NodeHttpHandler;
  readonly #endpoint: URL;

  constructor(options: KubernetesApiOptions) {
    this.#options = options;
    this.#endpoint = new URL(options.endpoint);
    const { certificateAuthority: ca, concurrency, connectTimeoutMs = 5_000, requestTimeoutMs = 30_000 } = options;
    this.#handler = new NodeHttpHandler({
      connectionTimeout: connectTimeoutMs,
      requestTimeout: requestTimeoutMs,
      socketTimeout: requestTimeoutMs,
      throwOnRequestTimeout: true,
      httpsAgent: { ca, keepAlive: true, maxSockets: concurrency, minVersion: 'TLSv1.2' },
    });
  }

  /**
   * Reads one object.
   *
   * @returns null where there is none (404)
   * @throws KubernetesError, InvalidAnswerError, or an error of the network
   */
  async get(path: string, query: Record<string, string> = {}): Promise<RawObject | null> {
    try {
      return await this.#request(path, query);
    } catch (error) {
      if (error instanceof KubernetesError && error.status === 404) return null;
      throw error;
    }
  }

  /**
   * Reads a list to its end, page by page; only one page is in memory at a time. A list that expires while it is read
   * begins again.
   *
   * @returns false where the cluster does not serve such a list (404)
   * @throws KubernetesError, InvalidAnswerError, or an error of the network
   */
  async list(path: string, sink: ListSink): Promise<boolean> {
    for (let restarts = 0; ; restarts += 1) {
      try {
        await this.#listOnce(path, sink);
        return true;
      } catch (error) {
        if (!(error instanceof KubernetesError)) throw error;
        if (error.status === 404) return false;
        if (error.status !== 410 || restarts >= RESTARTS) throw error;
      }
    }
  }

  /** Closes all connections. */
  close(): void {
    this.#handler.destroy();
  }

  async #listOnce(path: string, sink: ListSink): Promise<void> {
    sink.begin();
    let next: string | undefined;
    for (let page = 0; page === 0 || next !== undefined; page += 1) {
      if (page >= MAX_PAGES) throw new InvalidAnswerError();
      const query: Record<string, string> = { limit: String(PAGE_SIZE), ...(next ? { continue: next } : {}) };
      const { items, metadata } = await this.#request(path, query);
      // Go's encoder writes an empty list as null.
      if (items !== null && !Array.isArray(items)) throw new InvalidAnswerError();
      for (const item of items ?? []) sink.item(itemOf(item));
      next = nextOf(metadata);
    }
  }

  async #request(path: string, query: Record<string, string>): Promise<RawObject> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#send(path, query);
      } catch (error) {
        if (attempt >= ATTEMPTS || !isPassing(error)) throw error;
        const asked = error instanceof KubernetesError ? error.retryAfter : undefined;
        await sleep(Math.min(asked ?? 2 ** attempt / 8, LONGEST_WAIT_SECONDS) * 1000);
      }
    }
  }

  async #send(path: string, query: Record<string, string>): Promise<RawObject> {
    const { observe, token } = this.#options;
    const { protocol, hostname, port } = this.#endpoint;
    const headers = { host: this.#endpoint.host, accept: 'application/json', authorization: `Bearer ${await token()}` };
    observe?.(path);
    const { response } = await this.#handler.handle({
      method: 'GET',
      protocol,
      hostname,
      ...(port === '' ? {} : { port: Number(port) }),
      path,
      query,
      headers,
    } as never);
    const text = await textOf(response.body as Readable);
    if (response.statusCode !== 200) {
      const seconds = Number(response.headers['retry-after']);
      throw new KubernetesError(response.statusCode, Number.isFinite(seconds) && seconds >= 0 ? seconds : undefined);
    }
    return parsed(text);
  }
}

async function textOf(body: Readable): Promise<string> {
  // Decoded as it comes in: a page is megabytes, and is not held twice.
  let text = '';
  for await (const chunk of body.setEncoding('utf8')) text += chunk;
  return text;
}

function parsed(text: string): RawObject {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The parser's message quotes the text.
    throw new InvalidAnswerError();
  }
  if (!isObject(value)) throw new InvalidAnswerError();
  return value;
}

/** What cannot be read must not be missing. */
function itemOf(item: unknown): RawObject {
  if (!isObject(item)) throw new InvalidAnswerError();
  return item;
}

function nextOf(metadata: unknown): string | undefined {
  const { continue: token = '' } = isObject(metadata) ? metadata : {};
  if (typeof token !== 'string') throw new InvalidAnswerError();
  return token === '' ? undefined : token;
}

function isObject(value: unknown): value is RawObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
