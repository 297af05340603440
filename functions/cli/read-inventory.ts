import { open } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import type { Inventory } from '#shared/domain/inventory.ts';
import { readInventory } from '#shared/inventory-file/read.ts';
import { fileProblem } from './errors.ts';
import { type CliIo, UsageError } from './io.ts';

/**
 * Reads an inventory from a file, or from standard input where the file is `-`, as `collect --output -` writes it.
 *
 * @throws UsageError if the file cannot be read, InventoryFileError if it is no inventory
 */
export async function readInventoryFile(file: string, io: CliIo): Promise<Inventory> {
  if (file === '-') return readInventory(createInterface({ input: io.stdin }), 'standard input');
  try {
    // Opened once and nothing asked of it before: what comes through a named pipe can be read only once.
    const handle = await open(file);
    try {
      return await readInventory(handle.readLines(), file);
    } finally {
      await handle.close();
    }
  } catch (error) {
    // Errors of the system have a code; any other is told as what it is.
    if ((error as { code?: string }).code === undefined) throw error;
    throw new UsageError(`The inventory ${file} cannot be read: ${fileProblem(error)}.`);
  }
}
