import { homeRegionFor, type ReachableAccount, reachAccount } from '../aws/accounts.ts';
import type { ClientFactory, Credentials } from '../aws/clients.ts';
import type { Config } from '../config/schema.ts';
import { type OwnAccount, sourceOf } from '../use-cases/accounts-in-scope.ts';

/** What one does in an account: by different roles, so that whoever reads cannot write. */
export type Purpose = 'reading' | 'publishing';

interface Attempt {
  readonly at: number;
  readonly answer: Promise<ReachableAccount>;
}

/** So long a role that could not be assumed is not tried again: every call of an unread account would. */
const REFUSED_MS = 60_000;

/**
 * Credentials of the accounts in scope. A role is assumed when it is first needed, once for each execution environment:
 * one that cannot be leaves its own account unread, and no other.
 */
export class MemberAccounts {
  readonly #clients: ClientFactory;
  readonly #own: OwnAccount & { readonly region: string };
  readonly #now: () => Date;
  readonly #attempts = new Map<string, Attempt>();
  readonly #providers = new Map<string, Credentials>();

  constructor(clients: ClientFactory, own: OwnAccount & { readonly region: string }, now: () => Date) {
    this.#clients = clients;
    this.#own = own;
    this.#now = now;
  }

  /** @returns undefined for the account of the function itself, where it needs no role */
  credentialsOf(scope: Config['scope'], accountId: string, purpose: Purpose): Credentials | undefined {
    const { roleArn, publishRoleArn = roleArn, externalId } = sourceOf(scope, accountId, this.#own);
    const role = purpose === 'publishing' ? publishRoleArn : roleArn;
    if (role === undefined) return undefined;
    const key = `${role} ${externalId ?? ''}`;
    const provider =
      this.#providers.get(key) ??
      (async (properties) => (await this.#reach(key, role, externalId)).credentials(properties));
    this.#providers.set(key, provider);
    return provider;
  }

  #reach(key: string, roleArn: string, externalId: string | undefined): Promise<ReachableAccount> {
    const now = this.#now().getTime();
    const attempt = this.#attempts.get(key);
    if (attempt !== undefined && now - attempt.at < REFUSED_MS) return attempt.answer;
    const answer = this.#assume(roleArn, externalId);
    this.#attempts.set(key, { at: now, answer });
    answer.then(
      // A session renews itself.
      () => this.#attempts.set(key, { at: Number.POSITIVE_INFINITY, answer }),
      () => undefined, // Whoever waits for the answer gets the error; until then it is remembered.
    );
    return answer;
  }

  async #assume(roleArn: string, externalId: string | undefined): Promise<ReachableAccount> {
    const source = { roleArn, ...(externalId === undefined ? {} : { externalId }) };
    const answer = await reachAccount(this.#clients, source, homeRegionFor(this.#own.region));
    if (answer.reached) return answer.account;
    // The SDK's own name for credentials that cannot be had, so that it is classified as such.
    throw Object.assign(new Error(answer.reason.message), { name: 'CredentialsProviderError' });
  }
}
