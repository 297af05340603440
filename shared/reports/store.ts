import type { ReportPlace } from './manifest.ts';

/** Where reports are kept, by key: a bucket. */
export interface ReportStore {
  /** Writes an object piece by piece, so that it is never held whole. What its name ends in says what it is. */
  write(key: string, chunks: AsyncIterable<string | Uint8Array>): Promise<void>;
  /** @returns undefined where there is no such object; an object that cannot be read is an error */
  read(key: string): Promise<AsyncIterable<Uint8Array> | undefined>;
  /** The names of the folders directly below a prefix that ends in a slash, without theirs. */
  folders(prefix: string): Promise<readonly string[]>;
}

/** A folder of a store as a place that a report is read from. */
export function placeIn(store: ReportStore, folder: string): Pick<ReportPlace, 'read'> {
  return { read: (name) => store.read(`${folder}${name}`) };
}
