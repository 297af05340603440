import { open } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { classifyError } from '#shared/aws/errors.ts';
import type { Inventory } from '#shared/domain/inventory.ts';
import { InventoryFileError, readInventory } from '#shared/inventory-file/read.ts';
import { bucketClient, readStoredInventory } from '#shared/inventory-file/stored.ts';
import { fileProblem } from './errors.ts';
import { type CliIo, UsageError } from './io.ts';
import { isInBucket } from './write-file.ts';

/**
 * Reads an inventory from a file, from `s3://BUCKET/KEY`, or from standard input where the file is `-`, as `collect --output -` writes it.
 *
 * @throws UsageError if the file cannot be read, InventoryFileError if it is no inventory
 */
export async function readInventoryFile(file: string, io: CliIo): Promise<Inventory> {
  if (file === '-') return readInventory(createInterface({ input: io.stdin }), 'standard input');
  if (isInBucket(file)) return readFromBucket(file);
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

async function readFromBucket(place: string): Promise<Inventory> {
  const client = bucketClient();
  try {
    const found = await readStoredInventory(client, place);
    if (found === null) throw new UsageError(`The inventory ${place} cannot be read: it does not exist.`);
    return found;
  } catch (error) {
    if (error instanceof InventoryFileError || error instanceof UsageError) throw error;
    throw new UsageError(`The inventory ${place} cannot be read: ${classifyError(error, 's3:GetObject').message}`);
  } finally {
    client.destroy();
  }
}
