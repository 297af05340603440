import type { AwsCredentialIdentityProvider } from '@smithy/types';
import type { ReachableAccount } from '../../aws/accounts.ts';
import type { ClientFactory } from '../../aws/clients.ts';
import type { ProbePlace } from '../../aws/probes/probe.ts';
import type { ClientClass } from '../../domain/ports.ts';
import type { Identity } from './identity.ts';

/** Who has to do with an account besides the one that scans it. */
interface Beside {
  /** They read the same account, and are let into clusters each by itself. */
  readonly readers?: readonly AccountUnderTest[];
  /** All whose pulls of images are not to count as use; the one that scans, where none are named. */
  readonly pullers?: readonly Identity[];
  /** Asks what no scan asks; the one that scans, where nobody is named. */
  readonly asks?: AccountUnderTest;
}

/** An account that can be spoken to, and as whom. */
export class AccountUnderTest {
  readonly clients: ClientFactory;
  readonly reached: ReachableAccount;
  /** Who reads. */
  readonly identity: Identity;
  /** Who publishes; undefined where that role cannot be assumed. */
  readonly publisher: Identity | undefined;
  readonly #beside: Beside;

  constructor(
    clients: ClientFactory,
    reached: ReachableAccount,
    identity: Identity,
    publisher?: Identity,
    beside: Beside = {},
  ) {
    this.clients = clients;
    this.reached = reached;
    this.identity = identity;
    this.publisher = publisher;
    this.#beside = beside;
  }

  /** All that read the account, the one that scans first. */
  get readers(): readonly [AccountUnderTest, ...AccountUnderTest[]] {
    return [this, ...(this.#beside.readers ?? [])];
  }

  get pullers(): readonly Identity[] {
    return this.#beside.pullers ?? [this.identity];
  }

  get asks(): AccountUnderTest {
    return this.#beside.asks ?? this;
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
