import type { IncomingMessage, ServerResponse } from 'node:http';
import type { WireAnswer, WireRequest } from './wire.ts';

/** Requests larger than Security Hub's largest batch (6 MB) and some room are refused. */
const maxBodyBytes = 8 * 1024 * 1024;

/** What a signature says about a request. */
export interface Scope {
  accessKeyId: string;
  region: string;
  serviceName: string;
  token: string | undefined;
}

/** Account, region and service come from the signature, as everywhere in AWS; the signature itself is not checked. */
export function scopeOf(message: IncomingMessage): Scope | undefined {
  const match = /Credential=([^/]+)\/\d{8}\/([^/]+)\/([^/]+)\/aws4_request/.exec(message.headers.authorization ?? '');
  if (!match) return undefined;
  const [, accessKeyId, region, serviceName] = match as unknown as [string, string, string, string];
  const token = message.headers['x-amz-security-token'];
  return { accessKeyId, region, serviceName, token: typeof token === 'string' ? token : undefined };
}

/** Reads a request whole. Throws when it is larger than any AWS would take. */
export async function readRequest(message: IncomingMessage): Promise<WireRequest> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of message) {
    size += (chunk as Buffer).length;
    if (size > maxBodyBytes) throw new Error('The request is too large');
    chunks.push(chunk as Buffer);
  }
  const url = new URL(message.url ?? '/', 'http://127.0.0.1');
  const raw = Buffer.concat(chunks);
  return {
    url: message.url ?? '/',
    raw,
    method: message.method ?? 'GET',
    path: url.pathname,
    query: url.searchParams,
    headers: message.headers,
    body: raw.toString('utf8'),
  };
}

/** Writes an answer whole; a length it names itself, as the answer to HEAD does, stays. */
export function write(response: ServerResponse, answer: WireAnswer): void {
  const body = Buffer.from(answer.body);
  response.writeHead(answer.status, { 'content-length': body.length, ...answer.headers });
  response.end(body);
}
