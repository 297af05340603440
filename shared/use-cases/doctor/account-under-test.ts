import type { AwsCredentialIdentityProvider } from '@smithy/types';
import type { ReachableAccount } from '../../aws/accounts.ts';
import type { ClientFactory } from '../../aws/clients.ts';
import type { ProbePlace } from '../../aws/probes/probe.ts';
import type { ClientClass } from '../../domain/ports.ts';
import type { Identity } from './identity.ts';

/** An account that can be spoken to, and as whom. */
export class AccountUnderTest {
  readonly clients: ClientFactory;
  readonly reached: ReachableAccount;
  /** Who reads. */
  readonly identity: Identity;
  /** Who publishes; undefined where that role cannot be assumed. */
  readonly publisher: Identity | undefined;

  constructor(clients: ClientFactory, reached: ReachableAccount, identity: Identity, publisher?: Identity) {
    this.clients = clients;
    this.reached = reached;
    this.identity = identity;
    this.publisher = publisher;
  }

  /** A place of this account to try reading in. */
  placeIn(region: string): ProbePlace {
    return this.#place(region, this.reached.credentials);
  }

  /** A place of this account to try publishing in. */
  publishingPlaceIn(region: string): ProbePlace {
    return this.#place(region, this.reached.publishing);
  }

  #place(region: string, credentials: AwsCredentialIdentityProvider): ProbePlace {
    const { partition, accountId } = this.reached;
    return {
      partition,
      accountId,
      region,
      clientFor: <C>(clientClass: ClientClass<C>, other: string = region) =>
        this.clients.clientFor(clientClass, accountId, other, credentials),
    };
  }
}
