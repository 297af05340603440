import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { EmulatedWire, emulatedWires } from './emulated-wire.ts';
import { Emulators } from './emulators.ts';
import { type Fault, Faults } from './faults.ts';
import { missingMember } from './protocols/required-members.ts';
import { Recorder } from './recorder.ts';
import {
  accessDenied,
  expiredToken,
  internalError,
  invalidCredentials,
  missingRequired,
  resourceOf,
  throttled,
  unknownOperation,
} from './refusals.ts';
import { seedWorld } from './seed/seed-world.ts';
import type { Call, Service } from './service.ts';
import { ServiceError } from './service-error.ts';
import { services } from './services/services.ts';
import { type Caller, Sessions } from './sessions.ts';
import { type Asked, Wire, type WireAnswer, type WireRequest } from './wire.ts';
import { type AccountState, regionOf, type World } from './world/world.ts';

/** A running demo account. */
export interface DemoAccount {
  endpoint: string;
  /** Environment variables that point any AWS SDK at it. */
  env: Record<string, string>;
  world: World;
  faults: Faults;
  recorder: Recorder;
  sessions: Sessions;
  close: () => Promise<void>;
}

/** The access key of the demo's own account. It opens nothing anywhere else. */
const demoAccessKeyId = 'AKIATIDEWATERDEMO001';

/** Requests larger than Security Hub's largest batch (6 MB) and some room are refused. */
const maxBodyBytes = 8 * 1024 * 1024;

interface Scope {
  accessKeyId: string;
  region: string;
  serviceName: string;
  token: string | undefined;
}

/**
 * Serves a world over the real AWS wire protocols on a free loopback port.
 *
 * @param options `world` to serve instead of the seeded one; `faults` to start with
 * @returns the endpoint, the environment for an SDK, and handles on everything inside
 */
export async function startDemoAccount(options: { world?: World; faults?: Faults } = {}): Promise<DemoAccount> {
  const world = options.world ?? seedWorld();
  const faults = options.faults ?? new Faults();
  const recorder = new Recorder();
  const sessions = new Sessions();
  const home = world.accounts[0] as AccountState;
  sessions.addAccessKey(demoAccessKeyId, {
    accountId: home.id,
    arn: `arn:aws:iam::${home.id}:user/hullcheck-demo`,
    userId: 'AIDATIDEWATERDEMO0001',
  });

  const emulators = new Emulators();
  const front = new FrontDoor(world, faults, recorder, sessions, emulators);
  const server = createServer((request, response) => {
    front.serve(request, response).catch((error: unknown) => {
      response.destroy(error instanceof Error ? error : new Error(String(error)));
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    endpoint,
    env: {
      AWS_ENDPOINT_URL: endpoint,
      AWS_ACCESS_KEY_ID: demoAccessKeyId,
      AWS_SECRET_ACCESS_KEY: 'demo-secret-not-a-credential-1234567890ab',
      AWS_REGION: home.regions[0]?.name ?? 'us-east-1',
    },
    world,
    faults,
    recorder,
    sessions,
    close: async () => {
      await new Promise<void>((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      });
      await emulators.close();
    },
  };
}

/** Takes a request apart, applies faults, lets the service answer, and writes the answer down. */
class FrontDoor {
  readonly #world: World;
  readonly #faults: Faults;
  readonly #recorder: Recorder;
  readonly #sessions: Sessions;
  readonly #wires: Map<string, Wire | EmulatedWire>;

  constructor(world: World, faults: Faults, recorder: Recorder, sessions: Sessions, emulators: Emulators) {
    this.#world = world;
    this.#faults = faults;
    this.#recorder = recorder;
    this.#sessions = sessions;
    const own = services.map((service): [string, Wire] => [service.signingName, new Wire(service)]);
    this.#wires = new Map<string, Wire | EmulatedWire>([...own, ...emulatedWires(emulators)]);
  }

  async serve(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const scope = scopeOf(message);
    const wire = scope && this.#wires.get(scope.serviceName);
    const request = await readRequest(message);
    if (!scope || !wire) {
      const text = scope ? 'No such service is served here' : 'Missing Authentication Token';
      write(response, {
        status: 403,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ message: text }),
      });
      return;
    }
    const done = this.#recorder.start();
    const asked = wire.asked(request);
    let caller: Caller | undefined;
    let outcome = 'ok';
    try {
      caller = this.#identify(wire.service, scope);
      const answer = await this.#answer(wire, asked, request, scope, caller);
      if (answer === 'reset') {
        outcome = 'reset';
        (message.socket as Socket).resetAndDestroy();
      } else {
        if (answer.status >= 300) outcome = `HTTP ${answer.status}`;
        write(response, answer);
      }
    } catch (error) {
      const refusal = asServiceError(wire.service, error);
      outcome = refusal.code;
      write(response, wire.refusal(refusal));
    } finally {
      done({
        operation: `${wire.service.iamPrefix ?? wire.service.signingName}:${asked.name}`,
        accountId: caller?.accountId ?? 'unknown',
        region: scope.region,
        caller: caller?.arn ?? scope.accessKeyId,
        outcome,
      });
    }
  }

  #identify(service: Service, scope: Scope): Caller {
    try {
      return this.#sessions.identify(scope.accessKeyId, scope.token);
    } catch (error) {
      if (error instanceof ServiceError && error.code === 'ExpiredToken') throw expiredToken(service);
      throw invalidCredentials(service);
    }
  }

  async #answer(
    wire: Wire | EmulatedWire,
    asked: Asked,
    request: WireRequest,
    scope: Scope,
    caller: Caller,
  ): Promise<WireAnswer | 'reset'> {
    const account = this.#world.accounts.find(({ id }) => id === caller.accountId);
    const region = account && regionOf(account, scope.region);
    if (!account || !region) throw invalidCredentials(wire.service);
    const input = inputOf(wire, asked, request);
    const rated = {
      operation: `${wire.service.iamPrefix ?? wire.service.signingName}:${asked.name}`,
      accountId: account.id,
      region: scope.region,
    };
    const faults = this.#faults.take(rated, () => input);
    const instead = await insteadOfAnAnswer(
      faults,
      wire.service,
      caller,
      asked.name,
      resourceOf(wire.service, rated, input),
    );
    if (instead) return instead;
    const isLost = faults.some(({ kind }) => kind === 'lose-answer');
    if (wire instanceof EmulatedWire) {
      const place = { accountId: account.id, region: scope.region, endpoint: `http://${request.headers.host}` };
      const answer = await wire.answer(request, place);
      return isLost ? 'reset' : answer;
    }
    if (!('endpoint' in asked)) throw unknownOperation(wire.service, asked.name);
    const missing = missingMember(asked.endpoint.input, input, asked.endpoint.operation.validatesNested ?? true);
    if (missing) throw missingRequired(wire.service, missing);
    const call: Call = {
      world: this.#world,
      account,
      region,
      caller,
      sessions: this.#sessions,
      service: wire.service,
      operation: asked.name,
      pageSize: faults.find((fault) => fault.kind === 'page-size')?.size,
    };
    const answer = wire.answer(asked.endpoint, asked.endpoint.operation.handle(call, input));
    return isLost ? 'reset' : answer;
  }
}

function inputOf(wire: Wire | EmulatedWire, asked: Asked, request: WireRequest): Record<string, unknown> {
  if (wire instanceof EmulatedWire) return wire.input(request);
  return 'endpoint' in asked ? wire.input(asked, request) : {};
}

async function insteadOfAnAnswer(
  faults: readonly Fault[],
  service: Service,
  caller: Caller,
  operation: string,
  resource: string,
): Promise<WireAnswer | 'reset' | undefined> {
  for (const fault of faults) {
    switch (fault.kind) {
      case 'delay':
        await sleep(fault.milliseconds);
        break;
      case 'page-size':
      case 'lose-answer':
        break;
      case 'reset':
        return 'reset';
      case 'html':
        return {
          status: 404,
          headers: { 'content-type': 'text/html' },
          body: '<!doctype html>\n<html lang=en>\n<title>404 Not Found</title>\n<h1>Not Found</h1>\n',
        };
      case 'throttle':
        throw throttled(service);
      case 'expired-token':
        throw expiredToken(service);
      case 'error':
        throw internalError(service, fault.status);
      case 'deny':
        throw accessDenied(service, caller, operation, fault.because, resource);
    }
  }
  return undefined;
}

/** Account, region and service come from the signature, as everywhere in AWS; the signature itself is not checked. */
function scopeOf(message: IncomingMessage): Scope | undefined {
  const match = /Credential=([^/]+)\/\d{8}\/([^/]+)\/([^/]+)\/aws4_request/.exec(message.headers.authorization ?? '');
  if (!match) return undefined;
  const [, accessKeyId, region, serviceName] = match as unknown as [string, string, string, string];
  const token = message.headers['x-amz-security-token'];
  return { accessKeyId, region, serviceName, token: typeof token === 'string' ? token : undefined };
}

async function readRequest(message: IncomingMessage): Promise<WireRequest> {
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

function asServiceError(service: Service, error: unknown): ServiceError {
  if (error instanceof ServiceError) return error;
  if (error instanceof SyntaxError) return new ServiceError('SerializationException', error.message);
  const cause = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`The demo account failed: ${cause}\n`);
  return internalError(service, 500);
}

function write(response: ServerResponse, answer: WireAnswer): void {
  const body = Buffer.from(answer.body);
  response.writeHead(answer.status, { 'content-length': body.length, ...answer.headers });
  response.end(body);
}
