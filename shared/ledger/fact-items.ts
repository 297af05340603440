import { pMapIterable } from 'p-map';
import type { Fact } from '../domain/fact.ts';
import type { UnitFacts } from '../domain/ledger.ts';
import type { Item, ItemStore } from './item-store.ts';
import { keyOf } from './keys.ts';

/** An item holds at most 400 KB; a chunk stays far below, whatever its facts are made of. */
const CHUNK_CHARACTERS = 80_000;
const MAX_READS = 5;
const UNITS_AT_ONCE = 8;
const DAY = 86_400;
/** Facts are believed for 30 days at most; what nobody states anew (a service that is gone) is forgotten some later. */
const KEEP_POINTER_DAYS = 35;
/** Never before the pointer to them, which the store may remove some days late. */
const KEEP_CHUNK_DAYS = 60;

/** Points to the one generation of chunks that counts. */
interface Pointer extends Omit<UnitFacts, 'facts'> {
  readonly generation: string;
  readonly chunks: number;
}

/**
 * Replaces what a unit has stated: the new chunks are written first, then the pointer to them changes in one step, and
 * only then are older chunks removed. A reader sees all of the old or all of the new, and a crash leaves at most chunks
 * that the next replacement removes.
 */
export async function replaceFacts(store: ItemStore, unit: UnitFacts): Promise<boolean> {
  const key = keyOf.factUnit(unit);
  const prefix = keyOf.factChunks(unit);
  const generation = `${unit.observedAt}#${crypto.randomUUID()}`;
  const chunks = chunksOf(unit.facts);
  for (const [index, body] of chunks.entries()) {
    await store.put({
      pk: key.pk,
      sk: `${prefix}${chunkName(generation, index)}`,
      body,
      version: 1,
      expiresAt: seconds(unit) + KEEP_CHUNK_DAYS * DAY,
    });
  }
  const { facts: _, ...statement } = unit;
  const pointer: Pointer = { ...statement, generation, chunks: chunks.length };
  const taken = await movePointer(store, key, pointer);
  // Never what a newer look has written: it may not have moved the pointer yet.
  const obsolete = (sk: string) => (taken ? sk < `${prefix}${generation}` : sk.startsWith(`${prefix}${generation}`));
  for await (const { pk, sk } of store.query(key.pk, prefix)) if (obsolete(sk)) await store.remove({ pk, sk });
  return taken;
}

async function movePointer(store: ItemStore, key: { pk: string; sk: string }, pointer: Pointer): Promise<boolean> {
  for (;;) {
    const now = await store.get(key);
    if (now !== undefined && (JSON.parse(now.body) as Pointer).observedAt > pointer.observedAt) return false;
    const version = now?.version ?? 0;
    const expiresAt = seconds(pointer) + KEEP_POINTER_DAYS * DAY;
    if (await store.put({ ...key, body: JSON.stringify(pointer), version: version + 1, expiresAt }, version))
      return true;
  }
}

function seconds({ observedAt }: Pick<UnitFacts, 'observedAt'>): number {
  return Math.floor(Date.parse(observedAt) / 1000);
}

/** The facts of all units of an account, unit by unit. */
export function factsOf(store: ItemStore, accountId: string): AsyncIterable<UnitFacts> {
  // There is one for each thing that was rechecked.
  return pMapIterable(store.query(keyOf.facts(accountId), 'unit#'), (item) => readUnit(store, item), {
    concurrency: UNITS_AT_ONCE,
  });
}

/** Where the pointer moved while its chunks were read, the new ones are read. */
async function readUnit(store: ItemStore, found: Item): Promise<UnitFacts> {
  let item: Item | undefined = found;
  for (let read = 0; read < MAX_READS && item !== undefined; read += 1) {
    const { generation, chunks, ...statement } = JSON.parse(item.body) as Pointer;
    const prefix = keyOf.factChunks(statement);
    const { pk } = item;
    const keys = Array.from({ length: chunks }, (_, index) => ({ pk, sk: `${prefix}${chunkName(generation, index)}` }));
    const read = await store.getMany(keys);
    if (read.length === chunks) {
      const bodies = [...read].sort((left, right) => (left.sk < right.sk ? -1 : 1)).map(({ body }) => body);
      return { ...statement, facts: bodies.flatMap((body) => JSON.parse(body) as Fact[]) };
    }
    item = await store.get(found);
  }
  throw new Error(`the facts of ${found.sk} changed each time they were read`);
}

function chunksOf(facts: readonly Fact[]): string[] {
  const chunks: string[] = [];
  let [texts, size] = [[] as string[], 0];
  for (const fact of facts) {
    const text = JSON.stringify(fact);
    if (size > 0 && size + text.length > CHUNK_CHARACTERS) {
      chunks.push(`[${texts.join(',')}]`);
      [texts, size] = [[], 0];
    }
    texts.push(text);
    size += text.length + 1;
  }
  if (size > 0) chunks.push(`[${texts.join(',')}]`);
  return chunks;
}

function chunkName(generation: string, index: number): string {
  return `${generation}#${String(index).padStart(5, '0')}`;
}
