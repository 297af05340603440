import type { Fact } from '../domain/fact.ts';
import type { UnitFacts } from '../domain/ledger.ts';
import type { Item, ItemKey, ItemStore } from './item-store.ts';
import { keyOf } from './keys.ts';

/** An item holds at most 400 KB; a chunk stays far below, whatever its facts are made of. */
const CHUNK_CHARACTERS = 80_000;
const MAX_READS = 5;
/** As many as one call of DynamoDB takes. */
const CHUNKS_AT_ONCE = 100;
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

/**
 * The facts of all units of an account. There is a unit for each thing that was rechecked, most of them small: chunks
 * of many units are read together, so that a few calls are enough for an account.
 */
export async function* factsOf(store: ItemStore, accountId: string, service?: string): AsyncGenerator<UnitFacts> {
  let together: PointedUnit[] = [];
  let chunks = 0;
  for await (const item of store.query(keyOf.facts(accountId), 'unit#')) {
    const unit = pointedBy(item);
    if (service !== undefined && unit.statement.service !== service) continue;
    if (together.length > 0 && chunks + unit.keys.length > CHUNKS_AT_ONCE) {
      yield* readUnits(store, together);
      [together, chunks] = [[], 0];
    }
    together.push(unit);
    chunks += unit.keys.length;
  }
  yield* readUnits(store, together);
}

interface PointedUnit {
  readonly pointer: ItemKey;
  readonly statement: Omit<UnitFacts, 'facts'>;
  /** In the order of the facts. */
  readonly keys: readonly ItemKey[];
}

function pointedBy({ pk, sk, body }: Item): PointedUnit {
  const { generation, chunks, ...statement } = JSON.parse(body) as Pointer;
  const prefix = keyOf.factChunks(statement);
  const keys = Array.from({ length: chunks }, (_, index) => ({ pk, sk: `${prefix}${chunkName(generation, index)}` }));
  return { pointer: { pk, sk }, statement, keys };
}

/** Where a pointer moved while its chunks were read, the new ones are read. */
async function* readUnits(store: ItemStore, units: readonly PointedUnit[]): AsyncGenerator<UnitFacts> {
  let waiting = units;
  for (let read = 0; read < MAX_READS && waiting.length > 0; read += 1) {
    const keys = waiting.flatMap((unit) => unit.keys);
    const bodies = new Map((await store.getMany(keys)).map(({ sk, body }) => [sk, body]));
    const moved: ItemKey[] = [];
    for (const { pointer, statement, keys: own } of waiting) {
      const found = own.flatMap(({ sk }) => bodies.get(sk) ?? []);
      if (found.length < own.length) moved.push(pointer);
      else yield { ...statement, facts: found.flatMap((body) => JSON.parse(body) as Fact[]) };
    }
    waiting = moved.length === 0 ? [] : (await store.getMany(moved)).map(pointedBy);
  }
  const [changing] = waiting;
  if (changing !== undefined) throw new Error(`the facts of ${changing.pointer.sk} changed each time they were read`);
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
