import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import type { Item, ItemKey, ItemStore } from './item-store.ts';

/** Raised when the local ledger cannot be used; the message says what to do. */
export class LocalLedgerError extends Error {
  override readonly name = 'LocalLedgerError';
}

/** So long a writer waits for another process before it gives up. */
const BUSY_TIMEOUT_MS = 10_000;
const PAGE = 500;

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS items (
    pk TEXT NOT NULL,
    sk TEXT NOT NULL,
    body TEXT NOT NULL,
    version INTEGER NOT NULL,
    queue TEXT,
    queued_since TEXT,
    expires_at INTEGER,
    PRIMARY KEY (pk, sk)
  ) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS items_by_queue ON items (queue, queued_since) WHERE queue IS NOT NULL;
  CREATE TABLE IF NOT EXISTS members (
    pk TEXT NOT NULL,
    sk TEXT NOT NULL,
    member TEXT NOT NULL,
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (pk, sk, member)
  ) WITHOUT ROWID;
`;

/**
 * Opens (or makes) a ledger file. The module is loaded only now: older versions of Node, which run everything else,
 * do not have it.
 *
 * @param file path of the file, or `:memory:`
 * @throws LocalLedgerError where Node has no SQLite, or the file is not a ledger or cannot be written
 * @see https://nodejs.org/api/sqlite.html
 */
export async function openSqliteItemStore(file: string, now: () => Date = () => new Date()): Promise<ItemStore> {
  const { DatabaseSync } = await loadSqlite();
  try {
    const database = new DatabaseSync(file, { timeout: BUSY_TIMEOUT_MS });
    database.exec('PRAGMA journal_mode = WAL');
    // A killed process loses nothing. A power cut may lose the last writes: they are found out and told again.
    database.exec('PRAGMA synchronous = NORMAL');
    database.exec(SCHEMA);
    const seconds = Math.floor(now().getTime() / 1000);
    database.prepare('DELETE FROM items WHERE expires_at < ?').run(seconds);
    database.prepare('DELETE FROM members WHERE expires_at < ?').run(seconds);
    return new SqliteItemStore(database);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new LocalLedgerError(`The ledger ${file} cannot be used: SQLite says "${message}".`);
  }
}

async function loadSqlite(): Promise<typeof import('node:sqlite')> {
  try {
    return await import('node:sqlite');
  } catch {
    throw new LocalLedgerError(
      `A local ledger needs Node 22.13 or newer, which has SQLite built in; this is ${process.version}.`,
    );
  }
}

/** A file that several processes of one machine may share; every statement is a transaction of its own. */
class SqliteItemStore implements ItemStore {
  readonly permissions = [];
  readonly #database: DatabaseSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  async get({ pk, sk }: ItemKey): Promise<Item | undefined> {
    const row = this.#database.prepare('SELECT * FROM items WHERE pk = ? AND sk = ?').get(pk, sk);
    return row === undefined ? undefined : toItem(row);
  }

  async getMany(keys: readonly ItemKey[]): Promise<readonly Item[]> {
    const statement = this.#database.prepare('SELECT * FROM items WHERE pk = ? AND sk = ?');
    return keys.flatMap(({ pk, sk }) => {
      const row = statement.get(pk, sk);
      return row === undefined ? [] : [toItem(row)];
    });
  }

  async put({ pk, sk, body, version, queue, expiresAt }: Item, expectedVersion?: number): Promise<boolean> {
    const values = [body, version, queue?.name ?? null, queue?.since ?? null, expiresAt ?? null];
    if (expectedVersion !== undefined && expectedVersion > 0) {
      const { changes } = this.#database
        .prepare(
          `UPDATE items SET body = ?, version = ?, queue = ?, queued_since = ?, expires_at = ?
           WHERE pk = ? AND sk = ? AND version = ?`,
        )
        .run(...values, pk, sk, expectedVersion);
      return changes === 1;
    }
    const { changes } = this.#database
      .prepare(
        `INSERT INTO items (body, version, queue, queued_since, expires_at, pk, sk) VALUES (?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT DO ${
           expectedVersion === 0
             ? 'NOTHING'
             : `UPDATE SET body = excluded.body, version = excluded.version, queue = excluded.queue,
                queued_since = excluded.queued_since, expires_at = excluded.expires_at`
         }`,
      )
      .run(...values, pk, sk);
    return changes === 1;
  }

  async remove({ pk, sk }: ItemKey): Promise<void> {
    this.#database.prepare('DELETE FROM items WHERE pk = ? AND sk = ?').run(pk, sk);
  }

  /** Page by page, each read at once: no statement stays open while the caller writes. */
  async *query(pk: string, prefix = '', order: 'ascending' | 'descending' = 'ascending'): AsyncGenerator<Item> {
    const [beyond, direction] = order === 'ascending' ? ['>', 'ASC'] : ['<', 'DESC'];
    const statement = this.#database.prepare(
      `SELECT * FROM items WHERE pk = ? AND substr(sk, 1, ?) = ? AND (? IS NULL OR sk ${beyond} ?)
       ORDER BY sk ${direction} LIMIT ${PAGE}`,
    );
    let last: string | null = null;
    for (;;) {
      const page: Item[] = statement.all(pk, [...prefix].length, prefix, last, last).map(toItem);
      yield* page;
      if (page.length < PAGE) return;
      last = page.at(-1)?.sk ?? null;
    }
  }

  async *queued(queue: string): AsyncGenerator<ItemKey> {
    yield* this.#database
      .prepare('SELECT pk, sk FROM items WHERE queue = ? ORDER BY queued_since, sk')
      .all(queue)
      .map(({ pk, sk }) => ({ pk: String(pk), sk: String(sk) }));
  }

  async addMembers(
    key: ItemKey,
    members: readonly string[],
    expiresAt: number,
    maxSize?: number,
  ): Promise<ReadonlySet<string> | undefined> {
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      const now = this.#members(key);
      const [member = ''] = members;
      const full = maxSize !== undefined && now.size >= maxSize && !now.has(member);
      if (!full) {
        const insert = this.#database.prepare(
          `INSERT INTO members (pk, sk, member, expires_at) VALUES (?, ?, ?, ?)
           ON CONFLICT DO UPDATE SET expires_at = excluded.expires_at`,
        );
        for (const each of members) insert.run(key.pk, key.sk, each, expiresAt);
      }
      this.#database.exec('COMMIT');
      return full ? undefined : this.#members(key);
    } catch (error) {
      this.#database.exec('ROLLBACK');
      throw error;
    }
  }

  async members(keys: readonly ItemKey[]): Promise<readonly ReadonlySet<string>[]> {
    return keys.map((key) => this.#members(key));
  }

  close(): void {
    this.#database.close();
  }

  #members({ pk, sk }: ItemKey): ReadonlySet<string> {
    const rows = this.#database.prepare('SELECT member FROM members WHERE pk = ? AND sk = ?').all(pk, sk);
    return new Set(rows.map(({ member }) => String(member)));
  }
}

function toItem(row: Record<string, SQLOutputValue>): Item {
  return {
    pk: String(row.pk),
    sk: String(row.sk),
    body: String(row.body),
    version: Number(row.version),
    ...(row.queue === null || row.queued_since === null
      ? {}
      : { queue: { name: String(row.queue), since: String(row.queued_since) } }),
    ...(row.expires_at === null ? {} : { expiresAt: Number(row.expires_at) }),
  };
}
