import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { makeClusterCertificates } from '#demo/kubernetes/certificates.ts';
import { KubernetesApi, type RawObject } from '#shared/kubernetes/api.ts';
import { classifyKubernetesError, InvalidAnswerError, KubernetesError } from '#shared/kubernetes/errors.ts';

interface Reply {
  readonly status?: number;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
  /** Break the connection instead. */
  readonly reset?: boolean;
}

let server: Server;
let api: KubernetesApi;
let replies: Reply[];
let asked: string[];

beforeEach(async () => {
  const { authority, server: own } = makeClusterCertificates(new Date());
  replies = [];
  asked = [];
  server = createServer({ key: own.key, cert: own.certificate }, (request, response) => {
    asked.push(request.url ?? '');
    const { status = 200, body = {}, headers = {}, reset = false } = replies.shift() ?? {};
    if (reset) {
      request.socket.destroy();
      return;
    }
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  api = new KubernetesApi({
    endpoint: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    certificateAuthority: authority,
    token: async () => 'token',
    concurrency: 2,
  });
});

afterEach(async () => {
  api.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const page = (names: readonly string[], next?: string): Reply => ({
  body: {
    items: names.map((name) => ({ metadata: { name } })),
    metadata: next === undefined ? {} : { continue: next },
  },
});

async function listed(): Promise<readonly unknown[] | false> {
  let names: unknown[] = [];
  const served = await api.list('/api/v1/pods', {
    begin: () => {
      names = [];
    },
    item: (raw: RawObject) => {
      names.push((raw.metadata as { name: string }).name);
    },
  });
  return served && names;
}

describe('a list', () => {
  test('is read page by page, 500 at a time', async () => {
    replies = [page(['a', 'b'], 'next/1'), page(['c'])];

    expect(await listed()).toEqual(['a', 'b', 'c']);
    expect(asked).toEqual(['/api/v1/pods?limit=500', '/api/v1/pods?continue=next%2F1&limit=500']);
  });

  test('begins again when it expired between two pages, and counts nothing twice', async () => {
    replies = [page(['a', 'b'], 'old'), { status: 410 }, page(['b', 'c'])];

    expect(await listed()).toEqual(['b', 'c']);
  });

  test('is given up when it expires each time', async () => {
    replies = Array.from({ length: 4 }, () => [page(['a'], 'old'), { status: 410 }]).flat();

    await expect(listed()).rejects.toMatchObject({ status: 410 });
  });

  test('that the cluster does not serve is none', async () => {
    replies = [{ status: 404 }];

    expect(await listed()).toBe(false);
  });

  test('may be null where it is empty, as Go writes it', async () => {
    replies = [{ body: { items: null, metadata: null } }];

    expect(await listed()).toEqual([]);
  });

  test.for([
    ['a page of a proxy', '<!doctype html>'],
    ['a list without items', {}],
    ['items that are no list', { items: 'many' }],
    ['a list with an item that is no object', { items: [{ metadata: { name: 'a' } }, null] }],
    ['a list that goes on nowhere', { items: [], metadata: { continue: 7 } }],
    ['an array', []],
  ] as const)('%s is not an answer, and never an empty list', async ([, body]) => {
    replies = [{ body }];

    await expect(listed()).rejects.toBeInstanceOf(InvalidAnswerError);
  });
});

describe('a busy server', () => {
  test('is asked again after the time it names', async () => {
    replies = [{ status: 429, headers: { 'retry-after': '0' } }, page(['a'])];

    expect(await listed()).toEqual(['a']);
  });

  test.for([500, 503])('is asked again after an error %s', async (status) => {
    replies = [{ status, headers: { 'retry-after': '0' } }, page(['a'])];

    expect(await listed()).toEqual(['a']);
  });

  test('is asked again after a broken connection', async () => {
    replies = [{ reset: true }, page(['a'])];

    expect(await listed()).toEqual(['a']);
  });

  test('is not asked for ever', async () => {
    replies = Array.from({ length: 9 }, () => ({ status: 429, headers: { 'retry-after': '0' } }));

    await expect(listed()).rejects.toMatchObject({ status: 429 });
    expect(asked).toHaveLength(4);
  });
});

test('one object is read by its path, and null where it is not there', async () => {
  replies = [{ body: { data: { a: '1' } } }, { status: 404 }];

  expect(await api.get('/api/v1/namespaces/kube-system/configmaps/aws-auth')).toEqual({ data: { a: '1' } });
  expect(await api.get('/api/v1/namespaces/kube-system/configmaps/aws-auth')).toBeNull();
});

test('a redirect is an error: the token goes nowhere else', async () => {
  replies = [{ status: 302, headers: { location: `${asked.length}/elsewhere` } }];

  await expect(api.get('/apis')).rejects.toMatchObject({ status: 302 });
  expect(asked).toEqual(['/apis']);
});

test('an authority of the system is not trusted: only the cluster’s own', async () => {
  const { authority } = makeClusterCertificates(new Date());
  const { port } = server.address() as AddressInfo;
  const other = new KubernetesApi({
    endpoint: `https://127.0.0.1:${port}`,
    certificateAuthority: authority,
    token: async () => 'token',
    concurrency: 1,
  });

  await expect(other.get('/apis')).rejects.toMatchObject({ code: expect.stringMatching(/SIGNATURE|CERT/) });
  expect(asked).toEqual([]);
  other.close();
});

describe('each failure has its own cause and fix', () => {
  const operation = 'kubernetes:list pods';
  const network = (code: string) => Object.assign(new Error('connect 10.0.0.1:443'), { code });
  const timeout = Object.assign(new Error('Connection timed out'), { name: 'TimeoutError' });

  test.for([
    [new KubernetesError(401), 'unauthenticated', 'create-access-entry'],
    [new KubernetesError(403), 'denied', 'ClusterRole'],
    [new KubernetesError(404), 'not-supported', 'not served'],
    [new KubernetesError(410), 'failed', 'expired each time'],
    [new KubernetesError(429), 'throttled', 'retries ran out'],
    [new KubernetesError(500), 'failed', 'HTTP 500'],
    [new InvalidAnswerError(), 'invalid-answer', 'not an answer of Kubernetes'],
    [network('ENOTFOUND'), 'unreachable', 'DNS'],
    [timeout, 'unreachable', 'publicAccessCidrs'],
    [network('ECONNREFUSED'), 'unreachable', 'refused'],
    [network('UNABLE_TO_VERIFY_LEAF_SIGNATURE'), 'unreachable', 'CA of the cluster'],
    [network('ERR_TLS_CERT_ALTNAME_INVALID'), 'unreachable', 'CA of the cluster'],
    [new Error('anything'), 'failed', 'failed (Error)'],
  ] as const)('%s is %s', ([error, cause, text]) => {
    const reason = classifyKubernetesError(error, operation);

    expect(reason).toMatchObject({ kind: 'unreadable', cause, operation, message: expect.stringContaining(text) });
    expect(reason.missingPermission).toBe(cause === 'denied' ? operation : undefined);
    expect(reason.message).not.toContain('10.0.0.1');
  });
});
