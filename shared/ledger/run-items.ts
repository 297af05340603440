import type { FinishedRun } from '../domain/ledger.ts';
import type { ItemKey, ItemStore } from './item-store.ts';
import { keyOf } from './keys.ts';

/** An item holds at most 400 KB; a run of a thousand accounts and all their regions names more scopes than that. */
const CHUNK_CHARACTERS = 80_000;

/** What is listed: the run itself, or how many chunks it has. */
type Listed = FinishedRun | { readonly runId: string; readonly chunks: number };

/** Keeps a run that is over: where it is long its chunks first, then the item by which it is found. */
export async function recordFinishedRun(store: ItemStore, run: FinishedRun, expiresAt: number): Promise<void> {
  const text = JSON.stringify(run);
  const chunks = text.length > CHUNK_CHARACTERS ? Math.ceil(text.length / CHUNK_CHARACTERS) : 0;
  for (const [index, key] of chunkKeys(run.runId, chunks).entries()) {
    const body = text.slice(index * CHUNK_CHARACTERS, (index + 1) * CHUNK_CHARACTERS);
    await store.put({ ...key, body, version: 1, expiresAt });
  }
  const listed: Listed = chunks > 0 ? { runId: run.runId, chunks } : run;
  const sk = `${run.finishedAt} ${run.runId}`;
  await store.put({ pk: keyOf.finishedRuns, sk, body: JSON.stringify(listed), version: 1, expiresAt });
}

/** @throws Error when a part of it is missing: half a run would look like coverage that was lost */
export async function lastFinishedRun(store: ItemStore): Promise<FinishedRun | undefined> {
  for await (const item of store.query(keyOf.finishedRuns, '', 'descending')) {
    const listed = JSON.parse(item.body) as Listed;
    return 'chunks' in listed ? readChunks(store, listed) : listed;
  }
  return undefined;
}

async function readChunks(
  store: ItemStore,
  { runId, chunks }: Extract<Listed, { readonly chunks: number }>,
): Promise<FinishedRun> {
  const found = await store.getMany(chunkKeys(runId, chunks));
  if (found.length !== chunks) throw new Error(`${chunks - found.length} parts of the run ${runId} are missing.`);
  const bodies = found.toSorted((left, right) => (left.sk < right.sk ? -1 : 1)).map(({ body }) => body);
  return JSON.parse(bodies.join('')) as FinishedRun;
}

function chunkKeys(runId: string, chunks: number): readonly ItemKey[] {
  const pk = keyOf.finishedRunChunks(runId);
  return Array.from({ length: chunks }, (_, index) => ({ pk, sk: String(index).padStart(5, '0') }));
}
