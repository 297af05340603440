import { Agent, request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { toEmulator, toSdk } from './emulated-accounts.ts';
import { ServiceError } from './service-error.ts';
import type { WireAnswer, WireRequest } from './wire.ts';

/** The services that other people's emulators answer, behind the demo account's own endpoint. */
export const emulatedServices = ['dynamodb', 'sqs', 's3'] as const;
export type EmulatedService = (typeof emulatedServices)[number];

/** Whose request it is, and under which address the demo account is known to the SDK. */
export interface EmulatedPlace {
  accountId: string;
  region: string;
  endpoint: string;
}

interface Emulator {
  port: number;
  close: () => Promise<void>;
}

/** Headers that belong to one connection and are not passed on. */
const hopByHop = new Set(['connection', 'keep-alive', 'transfer-encoding', 'expect', 'upgrade', 'host']);

/**
 * Tables, queues and buckets in memory: one emulator per account and Region, and one for all buckets, whose names are
 * global. None is loaded before the first request for it.
 */
export class Emulators {
  readonly #running = new Map<string, Promise<Emulator>>();
  readonly #agent = new Agent({ keepAlive: true });

  /**
   * Passes a request on and returns the answer.
   *
   * @throws ServiceError where the emulator's package is not installed, as in the published command line
   */
  async forward(service: EmulatedService, request: WireRequest, place: EmulatedPlace): Promise<WireAnswer> {
    const key = service === 's3' ? 's3' : `${service} ${place.accountId} ${place.region}`;
    const emulator = this.#running.get(key) ?? (service === 'dynamodb' ? startDynalite() : startFauxqs());
    this.#running.set(key, emulator);
    const { port } = await emulator;
    if (service !== 'sqs') return send(port, this.#agent, request, request.raw);
    const raw = Buffer.from(JSON.stringify(toEmulator(JSON.parse(request.body) as object, place.accountId)));
    const answer = await send(port, this.#agent, request, raw);
    const text = answer.body.toString();
    return text === '' ? answer : { ...answer, body: JSON.stringify(toSdk(JSON.parse(text) as object, place)) };
  }

  /** Stops everything that was started; nothing keeps the process alive afterwards. */
  async close(): Promise<void> {
    this.#agent.destroy();
    const started = await Promise.allSettled(this.#running.values());
    this.#running.clear();
    for (const one of started) if (one.status === 'fulfilled') await one.value.close();
  }
}

/**
 * Whether the emulators can be loaded here: they are in a clone of the project, on a Node that has `node:sqlite`, and
 * not in the published command line, whose bundle leaves them out.
 */
export async function emulatorsAreAvailable(): Promise<boolean> {
  try {
    await Promise.all([import('dynalite'), import('fauxqs')]);
    return true;
  } catch (error) {
    if (isNotInstalled(error)) return false;
    throw error;
  }
}

function isNotInstalled(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'ERR_MODULE_NOT_FOUND' || code === 'ERR_UNKNOWN_BUILTIN_MODULE';
}

/** An answer that no SDK tries again, in place of a service that cannot be had here. */
async function orRefuse<T>(loading: Promise<T>): Promise<T> {
  try {
    return await loading;
  } catch (error) {
    if (!isNotInstalled(error)) throw error;
    const message = 'Tables, queues and buckets are served by the demo account of a clone, after npm ci, on Node 24.';
    throw new ServiceError('UnknownOperationException', message);
  }
}

async function startDynalite(): Promise<Emulator> {
  const { default: dynalite } = await orRefuse(import('dynalite'));
  const server = dynalite({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}

async function startFauxqs(): Promise<Emulator> {
  const { buildApp } = await orRefuse(import('fauxqs'));
  const app = buildApp({ logger: false });
  await app.listen({ port: 0, host: '127.0.0.1' });
  return { port: (app.server.address() as AddressInfo).port, close: () => app.close() };
}

function send(port: number, agent: Agent, { method, url, headers }: WireRequest, body: Buffer): Promise<WireAnswer> {
  return new Promise((resolve, reject) => {
    const passed = { ...endToEnd(headers), 'content-length': String(body.length) };
    const outgoing = httpRequest({ host: '127.0.0.1', port, agent, method, path: url, headers: passed });
    outgoing.once('error', reject);
    outgoing.once('response', async (incoming) => {
      try {
        const chunks: Buffer[] = [];
        for await (const chunk of incoming) chunks.push(chunk as Buffer);
        const answered = endToEnd(incoming.headers);
        // Only an answer without a body, to a question for the head alone, has a length of its own.
        if (method !== 'HEAD') delete answered['content-length'];
        resolve({ status: incoming.statusCode ?? 502, headers: answered, body: Buffer.concat(chunks) });
      } catch (error) {
        reject(error as Error);
      }
    });
    outgoing.end(body);
  });
}

function endToEnd(headers: IncomingHttpHeaders): Record<string, string> {
  const passed: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined && !hopByHop.has(name)) passed[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return passed;
}
