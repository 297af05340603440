import { NodeHttpHandler } from '@smithy/node-http-handler';
import type {
  AwsCredentialIdentity,
  AwsCredentialIdentityProvider,
  FinalizeRequestMiddleware,
  Pluggable,
} from '@smithy/types';
import type { ClientClass } from '../domain/ports.ts';
import { actionOf } from './actions.ts';
import type { Limiter } from './limiter.ts';

/** One attempt of one API call, as the middleware saw it. */
export interface ApiCall {
  readonly action: string;
  readonly accountId: string;
  readonly region: string;
}

/** Told of every attempt that leaves the process: counts calls, proves permissions. */
export type CallObserver = (call: ApiCall) => void;

export interface ClientFactoryOptions {
  readonly limiter: Limiter;
  readonly observe?: CallObserver;
  /** Attempts of one call, the first included. */
  readonly maxAttempts: number;
  /** Sockets per client. */
  readonly maxSockets: number;
  readonly connectionTimeoutMs: number;
  readonly requestTimeoutMs: number;
}

/** What every client of the SDK has, as far as this file needs it. */
interface AnyClient {
  readonly middlewareStack: { use(plugin: Pluggable<object, object>): void };
  readonly config: { readonly serviceId?: string };
  destroy(): void;
}

export type Credentials = AwsCredentialIdentity | AwsCredentialIdentityProvider;

/**
 * Makes and keeps SDK clients: one per class, account and region, all with the shared limiter, adaptive retries and
 * bounded time. Retries draw from the limiter like first attempts do.
 *
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
 */
export class ClientFactory {
  readonly #options: ClientFactoryOptions;
  readonly #clients = new Map<ClientClass<unknown>, Map<string, unknown>>();
  readonly #handler: NodeHttpHandler;

  constructor(options: ClientFactoryOptions) {
    this.#options = options;
    this.#handler = new NodeHttpHandler({
      connectionTimeout: options.connectionTimeoutMs,
      requestTimeout: options.requestTimeoutMs,
      throwOnRequestTimeout: true,
      httpAgent: { maxSockets: options.maxSockets, keepAlive: true },
      httpsAgent: { maxSockets: options.maxSockets, keepAlive: true },
    });
  }

  /**
   * A client of the given class.
   *
   * @param credentials whose calls they are; left out = the SDK's default chain
   */
  clientFor<C>(clientClass: ClientClass<C>, accountId: string, region: string, credentials?: Credentials): C {
    const byScope = this.#clients.get(clientClass) ?? new Map<string, unknown>();
    this.#clients.set(clientClass, byScope);
    const scope = `${accountId} ${region}`;
    let client = byScope.get(scope) as C | undefined;
    if (client === undefined) {
      client = new clientClass({
        region,
        retryMode: 'adaptive',
        maxAttempts: this.#options.maxAttempts,
        requestHandler: this.#handler,
        ...(credentials === undefined ? {} : { credentials }),
      } as never);
      this.#instrument(client as AnyClient, accountId, region);
      byScope.set(scope, client);
    }
    return client;
  }

  /** Closes all sockets, so that the process can end. */
  destroy(): void {
    for (const byScope of this.#clients.values())
      for (const client of byScope.values()) (client as AnyClient).destroy();
    this.#clients.clear();
    this.#handler.destroy();
  }

  #instrument(client: AnyClient, accountId: string, region: string): void {
    const { limiter, observe } = this.#options;
    const limited: FinalizeRequestMiddleware<object, object> = (next, context) => (args) => {
      const action = actionOf(client.config.serviceId ?? String(context.clientName), String(context.commandName));
      return limiter.run(accountId, region, action, () => {
        observe?.({ action, accountId, region });
        return next(args);
      });
    };
    const plugin: Pluggable<object, object> = {
      applyToStack: (stack) =>
        stack.addRelativeTo(limited, {
          name: 'hullcheckLimiter',
          relation: 'after',
          toMiddleware: 'retryMiddleware',
          override: true,
        }),
    };
    client.middlewareStack.use(plugin);
  }
}
