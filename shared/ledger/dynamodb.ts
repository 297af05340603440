import { setTimeout as sleep } from 'node:timers/promises';
import { ConditionalCheckFailedException, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  DeleteCommand,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  paginateQuery,
  type QueryCommandInput,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import type { IamAction } from '../domain/ports.ts';
import type { Item, ItemKey, ItemStore } from './item-store.ts';

/** The sparse index of items that stand in a queue: hash key `queue`, range key `queuedSince`, keys only. */
export const QUEUE_INDEX = 'queue';
/** BatchGetItem takes at most this many keys. */
const KEYS_AT_ONCE = 100;
const MAX_ROUNDS = 8;

interface StoredItem {
  readonly pk: string;
  readonly sk: string;
  readonly body?: string;
  readonly version?: number;
  readonly queue?: string;
  readonly queuedSince?: string;
  readonly expiresAt?: number;
  readonly members?: ReadonlySet<string>;
}

/** What the ledger may do with its table and the table's index; the policy is generated from it. */
export const ledgerPermissions: readonly IamAction[] = [
  'dynamodb:BatchGetItem',
  'dynamodb:DeleteItem',
  'dynamodb:GetItem',
  'dynamodb:PutItem',
  'dynamodb:Query',
  'dynamodb:UpdateItem',
];

/**
 * One table, string keys `pk` and `sk`, time to live on `expiresAt`. All reads of items are strongly consistent; only
 * the queue index lags, so that what it lists is read again before it is believed.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.ConditionExpressions.html
 */
export class DynamoDbItemStore implements ItemStore {
  readonly permissions = ledgerPermissions;
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBClient, table: string) {
    this.#client = DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
    this.#table = table;
  }

  async get(key: ItemKey): Promise<Item | undefined> {
    return toItem(await this.#read(key));
  }

  async getMany(keys: readonly ItemKey[]): Promise<readonly Item[]> {
    return (await this.#readMany(keys)).flatMap((stored) => toItem(stored) ?? []);
  }

  async #readMany(keys: readonly ItemKey[]): Promise<readonly StoredItem[]> {
    const items: StoredItem[] = [];
    for (let start = 0; start < keys.length; start += KEYS_AT_ONCE) {
      items.push(...(await this.#readBatch(keys.slice(start, start + KEYS_AT_ONCE))));
    }
    return items;
  }

  /** What does not fit into one answer (16 MB) comes back as unprocessed and is asked for again. */
  async #readBatch(keys: readonly ItemKey[]): Promise<readonly StoredItem[]> {
    const items: StoredItem[] = [];
    let waiting: Record<string, unknown>[] = keys.map(({ pk, sk }) => ({ pk, sk }));
    for (let round = 0; waiting.length > 0; round += 1) {
      if (round >= MAX_ROUNDS) throw new Error(`DynamoDB did not answer for ${waiting.length} items of a batch`);
      if (round > 0) await sleep(25 * 2 ** round);
      const answer = await this.#client.send(
        new BatchGetCommand({ RequestItems: { [this.#table]: { Keys: waiting, ConsistentRead: true } } }),
      );
      items.push(...((answer.Responses?.[this.#table] ?? []) as StoredItem[]));
      waiting = answer.UnprocessedKeys?.[this.#table]?.Keys ?? [];
    }
    return items;
  }

  async put({ queue, ...item }: Item, expectedVersion?: number): Promise<boolean> {
    const Item = { ...item, queue: queue?.name, queuedSince: queue?.since };
    return unlessRefused(
      this.#client.send(
        new PutCommand({
          TableName: this.#table,
          Item,
          ...(expectedVersion === undefined ? {} : versionIs(expectedVersion)),
        }),
      ),
    );
  }

  async remove({ pk, sk }: ItemKey): Promise<void> {
    await this.#client.send(new DeleteCommand({ TableName: this.#table, Key: { pk, sk } }));
  }

  async *query(pk: string, prefix = '', order: 'ascending' | 'descending' = 'ascending'): AsyncGenerator<Item> {
    const byPrefix = prefix === '' ? '' : ' AND begins_with(sk, :prefix)';
    for await (const stored of this.#pages({
      KeyConditionExpression: `pk = :pk${byPrefix}`,
      ExpressionAttributeValues: { ':pk': pk, ...(prefix === '' ? {} : { ':prefix': prefix }) },
      ConsistentRead: true,
      ScanIndexForward: order === 'ascending',
    })) {
      const item = toItem(stored);
      if (item !== undefined) yield item;
    }
  }

  async *queued(queue: string): AsyncGenerator<ItemKey> {
    for await (const { pk, sk } of this.#pages({
      IndexName: QUEUE_INDEX,
      KeyConditionExpression: '#queue = :queue',
      ExpressionAttributeNames: { '#queue': 'queue' },
      ExpressionAttributeValues: { ':queue': queue },
    })) {
      yield { pk, sk };
    }
  }

  async addMembers(
    { pk, sk }: ItemKey,
    members: readonly string[],
    expiresAt: number,
    maxSize?: number,
  ): Promise<ReadonlySet<string> | undefined> {
    if (maxSize !== undefined && maxSize <= 0) return undefined;
    try {
      const { Attributes } = await this.#client.send(
        new UpdateCommand({
          TableName: this.#table,
          Key: { pk, sk },
          UpdateExpression: 'ADD #members :members SET #expiresAt = :expiresAt',
          ExpressionAttributeNames: { '#members': 'members', '#expiresAt': 'expiresAt' },
          ExpressionAttributeValues: {
            ':members': new Set(members),
            ':expiresAt': expiresAt,
            ...(maxSize === undefined ? {} : { ':max': maxSize, ':member': members[0] }),
          },
          ...(maxSize === undefined
            ? {}
            : {
                ConditionExpression:
                  'contains(#members, :member) OR attribute_not_exists(#members) OR size(#members) < :max',
              }),
          ReturnValues: 'ALL_NEW',
        }),
      );
      return (Attributes as StoredItem | undefined)?.members ?? new Set();
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return undefined;
      throw error;
    }
  }

  async members(keys: readonly ItemKey[]): Promise<readonly ReadonlySet<string>[]> {
    const sets = new Map<string, ReadonlySet<string>>();
    for (const { pk, sk, members } of await this.#readMany(keys)) if (members) sets.set(`${pk} ${sk}`, members);
    return keys.map(({ pk, sk }) => sets.get(`${pk} ${sk}`) ?? new Set());
  }

  /** The client belongs to whoever made it. */
  close(): void {}

  async #read({ pk, sk }: ItemKey): Promise<StoredItem | undefined> {
    const { Item } = await this.#client.send(
      new GetCommand({ TableName: this.#table, Key: { pk, sk }, ConsistentRead: true }),
    );
    return Item as StoredItem | undefined;
  }

  async *#pages(input: Omit<QueryCommandInput, 'TableName'>): AsyncGenerator<StoredItem> {
    for await (const page of paginateQuery({ client: this.#client }, { ...input, TableName: this.#table })) {
      yield* (page.Items ?? []) as StoredItem[];
    }
  }
}

function versionIs(version: number) {
  if (version === 0) return { ConditionExpression: 'attribute_not_exists(pk)' };
  return {
    ConditionExpression: '#version = :version',
    ExpressionAttributeNames: { '#version': 'version' },
    ExpressionAttributeValues: { ':version': version },
  };
}

async function unlessRefused(call: Promise<unknown>): Promise<boolean> {
  try {
    await call;
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}

/** An item without a body is a set; whoever lists a partition does not want those. */
function toItem(stored: StoredItem | undefined): Item | undefined {
  if (stored?.body === undefined || stored.version === undefined) return undefined;
  const { pk, sk, body, version, queue, queuedSince, expiresAt } = stored;
  return {
    pk,
    sk,
    body,
    version,
    ...(queue === undefined || queuedSince === undefined ? {} : { queue: { name: queue, since: queuedSince } }),
    ...(expiresAt === undefined ? {} : { expiresAt }),
  };
}
