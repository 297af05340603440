import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import type { Inventory } from '#shared/domain/inventory.ts';
import { readInventory } from '#shared/inventory-file/read.ts';
import { fileProblem } from './errors.ts';
import { UsageError } from './io.ts';

/** @throws UsageError if the file cannot be read, InventoryFileError if it is no inventory */
export async function readInventoryFile(file: string): Promise<Inventory> {
  try {
    const handle = await open(file);
    const isFile = (await handle.stat()).isFile();
    await handle.close();
    if (!isFile) throw Object.assign(new Error('not a file'), { code: 'EISDIR' });
  } catch (error) {
    throw new UsageError(`The inventory ${file} cannot be read: ${fileProblem(error)}.`);
  }
  return readInventory(createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY }), file);
}
