import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { serveBlob } from './blobs.ts';
import { EmulatedWire, emulatedWires } from './emulated-wire.ts';
import { Emulators } from './emulators.ts';
import { EventBus } from './events.ts';
import { type Fault, Faults } from './faults.ts';
import { readRequest, type Scope, scopeOf, write } from './http.ts';
import { Clusters } from './kubernetes/clusters.ts';
import { missingMember } from './protocols/required-members.ts';
import { Queues } from './queues.ts';
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
import { homeAccount, scannerArn } from './seed/tidewater.ts';
import type { Call, Service } from './service.ts';
import { ServiceError } from './service-error.ts';
import { services } from './services/services.ts';
import { type Caller, Sessions, secretOf } from './sessions.ts';
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
  /** The event buses of the account. */
  bus: EventBus;
  /** The API servers of its EKS clusters. */
  clusters: Clusters;
  /** The clock of everything that is stamped. */
  now: () => Date;
  /** The queues of the demo's own account in a Region, as AWS itself uses them. */
  queues: (region?: string) => Queues;
  close: () => Promise<void>;
}

interface DemoOptions {
  world?: World;
  faults?: Faults;
  now?: () => Date;
}

/** The access key of the demo's own account. It opens nothing anywhere else. */
const demoAccessKeyId = 'AKIATIDEWATERDEMO001';

/**
 * Serves a world over the real AWS wire protocols on a free loopback port.
 *
 * @param options `world` to serve instead of the seeded one; `faults` to start with; `now` for another clock
 * @returns the endpoint, the environment for an SDK, and handles on everything inside
 */
export async function startDemoAccount(options: DemoOptions = {}): Promise<DemoAccount> {
  const now = options.now ?? (() => new Date());
  const world = options.world ?? seedWorld();
  const faults = options.faults ?? new Faults();
  const recorder = new Recorder();
  const sessions = new Sessions();
  const home = world.accounts[0] as AccountState;
  sessions.addAccessKey(demoAccessKeyId, {
    accountId: home.id,
    arn: scannerArn.replace(homeAccount, home.id),
    userId: 'AIDATIDEWATERDEMO0001',
  });

  const emulators = new Emulators();
  const bus = new EventBus(now);
  // Tokens are signed by the clock of the machine, whatever the demo's own says.
  const clusters = new Clusters(faults, sessions, () => new Date());
  const front = new FrontDoor({ world, faults, recorder, sessions, bus, clusters, now }, emulators);
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
      AWS_SECRET_ACCESS_KEY: secretOf(demoAccessKeyId),
      AWS_REGION: home.regions[0]?.name ?? 'us-east-1',
    },
    world,
    faults,
    recorder,
    sessions,
    bus,
    clusters,
    now,
    queues: (region = 'us-east-1') => new Queues(emulators, { accountId: home.id, region, endpoint }),
    close: async () => {
      await new Promise<void>((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      });
      await clusters.close();
      await emulators.close();
    },
  };
}

type DemoParts = Pick<DemoAccount, 'world' | 'faults' | 'recorder' | 'sessions' | 'bus' | 'clusters' | 'now'>;

/** Takes a request apart, applies faults, lets the service answer, and writes the answer down. */
class FrontDoor {
  readonly #demo: DemoParts;
  readonly #wires: Map<string, Wire | EmulatedWire>;

  constructor(demo: DemoParts, emulators: Emulators) {
    this.#demo = demo;
    const own = services.map((service): [string, Wire] => [service.signingName, new Wire(service)]);
    this.#wires = new Map<string, Wire | EmulatedWire>([...own, ...emulatedWires(emulators)]);
  }

  async serve(message: IncomingMessage, response: ServerResponse): Promise<void> {
    // A client that sees another clock than its own takes a refusal for a skewed signature, and tries again.
    response.setHeader('date', this.#demo.now().toUTCString());
    if (message.url?.startsWith('/blobs/') === true) {
      serveBlob(this.#demo, message.url, response);
      return;
    }
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
    const done = this.#demo.recorder.start();
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
      return this.#demo.sessions.identify(scope.accessKeyId, scope.token);
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
    const account = this.#demo.world.accounts.find(({ id }) => id === caller.accountId);
    const region = account && regionOf(account, scope.region);
    if (!account || !region) throw invalidCredentials(wire.service);
    const input = inputOf(wire, asked, request);
    const rated = {
      operation: `${wire.service.iamPrefix ?? wire.service.signingName}:${asked.name}`,
      accountId: account.id,
      region: scope.region,
    };
    const faults = this.#demo.faults.take(rated, () => input);
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
    const { world, sessions, bus, clusters, now } = this.#demo;
    if (wire.service.signingName === 'eks') await clusters.serve(account, region);
    const call: Call = {
      world,
      account,
      region,
      caller,
      sessions,
      bus,
      now,
      service: wire.service,
      operation: asked.name,
      endpoint: `http://${request.headers.host}`,
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
      case 'expired-list':
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

function asServiceError(service: Service, error: unknown): ServiceError {
  if (error instanceof ServiceError) return error;
  if (error instanceof SyntaxError) return new ServiceError('SerializationException', error.message);
  const cause = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`The demo account failed: ${cause}\n`);
  return internalError(service, 500);
}
