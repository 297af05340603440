import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault, Faults } from '../faults.ts';
import type { Recorder } from '../recorder.ts';
import type { Caller, Sessions } from '../sessions.ts';
import type { EksClusterState } from '../world/eks-state.ts';
import { emptyKubernetes, type KubernetesObject, type KubernetesState } from '../world/kubernetes-state.ts';
import { isAllowed, rulesOf } from './authorization.ts';
import { type AskedFor, apiGroups, askedFor, objectsOf } from './resources.ts';
import { callerOfToken } from './token.ts';

export interface ClusterApiParts {
  faults: Faults;
  sessions: Sessions;
  recorder: Recorder;
  now: () => Date;
}

interface Answer {
  status: number;
  body: unknown;
  headers?: Record<string, string>;
}

const reasons: Record<number, string> = {
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  405: 'MethodNotAllowed',
  410: 'Expired',
  429: 'TooManyRequests',
};

/** The Kubernetes API of one cluster, as far as somebody who only reads sees it. */
export class ClusterApi {
  readonly #cluster: EksClusterState;
  readonly #place: { accountId: string; region: string };
  readonly #parts: ClusterApiParts;

  constructor(cluster: EksClusterState, place: { accountId: string; region: string }, parts: ClusterApiParts) {
    this.#cluster = cluster;
    this.#place = place;
    this.#parts = parts;
  }

  /** Answers one request and writes it down. */
  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const done = this.#parts.recorder.start();
    const url = new URL(request.url ?? '/', 'https://127.0.0.1');
    const asked = askedFor(this.#state, url.pathname);
    const operation = `kubernetes:${operationOf(url.pathname, asked)}`;
    const caller = this.#identify(request);
    const faults = this.#parts.faults.take({ operation, ...this.#place }, () => ({
      cluster: this.#cluster.cluster.name,
      path: url.pathname,
    }));
    for (const fault of faults) if (fault.kind === 'delay') await sleep(fault.milliseconds);
    const isReset = faults.some(({ kind }) => kind === 'reset' || kind === 'lose-answer');
    const answer = insteadOfAnAnswer(faults, url) ?? this.#answer(request, url, asked, caller, faults);
    if (isReset) request.socket.destroy();
    else write(response, answer);
    const outcome = isReset ? 'reset' : answer.status === 200 ? 'ok' : `HTTP ${answer.status}`;
    done({ operation, ...this.#place, caller: caller?.arn ?? 'unknown', outcome });
  }

  get #state(): KubernetesState {
    return this.#cluster.kubernetes ?? emptyKubernetes();
  }

  #identify(request: IncomingMessage): Caller | undefined {
    const [, token] = /^Bearer (.+)$/.exec(request.headers.authorization ?? '') ?? [];
    const { sessions, now } = this.#parts;
    return token === undefined ? undefined : callerOfToken(token, this.#cluster.cluster.name, sessions, now());
  }

  #answer(
    request: IncomingMessage,
    url: URL,
    asked: AskedFor | undefined,
    caller: Caller | undefined,
    faults: readonly Fault[],
  ): Answer {
    const rules = caller && rulesOf(caller, this.#cluster, this.#state);
    if (rules === undefined) return refusal(401);
    if (request.method !== 'GET') return refusal(405);
    // Whoever is authenticated may discover.
    if (url.pathname === '/apis') return { status: 200, body: groupList(this.#state) };
    if (url.pathname === '/version')
      return { status: 200, body: { gitVersion: `v${this.#cluster.cluster.version}.0` } };
    if (!asked) return refusal(404);
    const { served, name } = asked;
    const [group = ''] = served.apiVersion.includes('/') ? served.apiVersion.split('/') : [''];
    const verb = name === undefined ? 'list' : 'get';
    if (!isAllowed(rules, { verb, group, resource: served.plural, name })) return refusal(403);
    const objects = objectsOf(this.#state, asked);
    if (name !== undefined) return objects[0] ? { status: 200, body: objects[0] } : refusal(404);
    const forced = faults.find((fault) => fault.kind === 'page-size')?.size;
    return listAnswer(asked, objects, url.searchParams, forced);
  }
}

function operationOf(path: string, asked: AskedFor | undefined): string {
  if (!asked) return `get ${path}`;
  return `${asked.name === undefined ? 'list' : 'get'} ${asked.served.plural}`;
}

function insteadOfAnAnswer(faults: readonly Fault[], url: URL): Answer | undefined {
  for (const fault of faults) {
    if (fault.kind === 'deny') return refusal(403);
    if (fault.kind === 'expired-token') return refusal(401);
    if (fault.kind === 'throttle') return { ...refusal(429), headers: { 'retry-after': '0' } };
    if (fault.kind === 'error') return refusal(fault.status);
    if (fault.kind === 'expired-list' && url.searchParams.has('continue')) return refusal(410);
    if (fault.kind === 'html') return { status: 200, body: '<!doctype html><title>Proxy</title>' };
  }
  return undefined;
}

function listAnswer(
  { served }: AskedFor,
  objects: readonly KubernetesObject[],
  query: URLSearchParams,
  forced: number | undefined,
): Answer {
  const start = Number(query.get('continue') ?? 0);
  const asked = Number(query.get('limit') ?? 0) || objects.length;
  const end = start + Math.max(1, Math.min(asked, forced ?? asked));
  const rest = objects.length - end;
  const metadata = {
    resourceVersion: '4711',
    ...(rest > 0 ? { continue: String(end), remainingItemCount: rest } : {}),
  };
  const { apiVersion, kind } = served;
  // As the real one does it: items of a list carry neither their version nor their kind.
  const items = objects.slice(start, end).map(({ apiVersion: _, kind: __, ...item }) => item);
  return { status: 200, body: { apiVersion, kind: `${kind}List`, metadata, items } };
}

function groupList(state: KubernetesState): object {
  const groups = apiGroups(state).map(({ name, versions }) => {
    const named = versions.map((version) => ({ groupVersion: `${name}/${version}`, version }));
    return { name, versions: named, preferredVersion: named[0] };
  });
  return { kind: 'APIGroupList', apiVersion: 'v1', groups };
}

function refusal(status: number): Answer {
  const reason = reasons[status] ?? 'InternalError';
  return { status, body: { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', reason, code: status } };
}

function write(response: ServerResponse, { status, body, headers }: Answer): void {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(text);
}
