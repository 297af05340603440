import type { IamAction } from '../domain/ports.ts';

export interface ItemKey {
  /** The partition that items are listed by. */
  readonly pk: string;
  /** Names the item within it and gives its order. */
  readonly sk: string;
}

/** One stored thing: JSON with what the store itself needs to know of it. */
export interface Item extends ItemKey {
  readonly body: string;
  /** Counts the writes; the condition of the next one. */
  readonly version: number;
  /** The queue the item stands in, and since when; absent = in none. */
  readonly queue?: { readonly name: string; readonly since: string };
  /** When it may be forgotten; seconds since 1970. */
  readonly expiresAt?: number;
}

/**
 * The few things both stores can do, each atomic for one item. There are no transactions on purpose: what DynamoDB
 * takes to change two items at once costs twice, and no step of the ledger needs it.
 */
export interface ItemStore {
  /** The IAM actions its calls need. */
  readonly permissions: readonly IamAction[];
  get(key: ItemKey): Promise<Item | undefined>;
  /** Those of the items that exist, in any order. */
  getMany(keys: readonly ItemKey[]): Promise<readonly Item[]>;
  /**
   * @param expectedVersion the version that must be stored now; 0 = none may be; undefined = whatever is
   * @returns false when it is another
   */
  put(item: Item, expectedVersion?: number): Promise<boolean>;
  remove(key: ItemKey): Promise<void>;
  /** The items of a partition whose sort key begins with the prefix, in order of it. */
  query(pk: string, prefix?: string, order?: 'ascending' | 'descending'): AsyncIterable<Item>;
  /** The keys of the items in a queue, oldest first. May lag behind the items themselves. */
  queued(queue: string): AsyncIterable<ItemKey>;
  /**
   * Adds members to a set that is one item.
   *
   * @param maxSize a member that is not in it yet is only taken while the set is smaller; with one member only
   * @returns the set afterwards, or undefined when it was full
   */
  addMembers(
    key: ItemKey,
    members: readonly string[],
    expiresAt: number,
    maxSize?: number,
  ): Promise<ReadonlySet<string> | undefined>;
  /** The members of several sets, in the order of the keys; a set that does not exist is empty. */
  members(keys: readonly ItemKey[]): Promise<readonly ReadonlySet<string>[]>;
  close(): void;
}
