import { homeRegionFor, reachAccount } from '../aws/accounts.ts';
import type { ClientFactory, Credentials } from '../aws/clients.ts';
import type { ScanTarget } from '../domain/inventory.ts';
import type { ClientClass } from '../domain/ports.ts';
import type { Caller } from './composition-root.ts';

/** The role that changes things in other accounts than the function's own. */
export interface RespondingRole {
  /** Its name with its path; `{accountId}` stands for the account. */
  readonly role: string;
  readonly externalId?: string | undefined;
}

/**
 * Clients with the right to change what fixes change. Not those of a scan: these speak with other roles, and the two must
 * never be mixed up.
 */
export class RespondingAccounts {
  readonly #clients: ClientFactory;
  readonly #own: Caller;
  readonly #role: RespondingRole;
  readonly #sessions = new Map<string, Promise<Credentials>>();

  constructor(clients: ClientFactory, own: Caller, role: RespondingRole) {
    this.#clients = clients;
    this.#own = own;
    this.#role = role;
  }

  clientFor<C>({ accountId, region, partition }: ScanTarget, clientClass: ClientClass<C>): C {
    if (accountId === this.#own.accountId) return this.#clients.clientFor(clientClass, accountId, region);
    const name = this.#role.role.replaceAll('{accountId}', accountId);
    const roleArn = `arn:${partition}:iam::${accountId}:role/${name}`;
    return this.#clients.clientFor(clientClass, accountId, region, async (properties) => {
      const credentials = await this.#sessionOf(roleArn);
      return typeof credentials === 'function' ? credentials(properties) : credentials;
    });
  }

  #sessionOf(roleArn: string): Promise<Credentials> {
    const session = this.#sessions.get(roleArn) ?? this.#assume(roleArn);
    this.#sessions.set(roleArn, session);
    return session;
  }

  async #assume(roleArn: string): Promise<Credentials> {
    const { externalId } = this.#role;
    const source = { roleArn, ...(externalId === undefined ? {} : { externalId }) };
    const answer = await reachAccount(this.#clients, source, homeRegionFor(this.#own.region));
    if (answer.reached) return answer.account.credentials;
    this.#sessions.delete(roleArn);
    const why = `The role ${roleArn} could not be assumed: ${answer.reason.message}`;
    // The SDK's own name for credentials that cannot be had, so that nobody tries again.
    throw Object.assign(new Error(why), { name: 'CredentialsProviderError' });
  }
}
