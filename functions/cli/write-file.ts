import { constants, createWriteStream } from 'node:fs';
import { access, mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { fileProblem } from './errors.ts';
import { UsageError } from './io.ts';

/**
 * Says that a file cannot be written before the account is read, which takes a while. Leaves what is there as it is.
 *
 * @throws UsageError if the file cannot be written
 */
export async function requireWritable(file: string): Promise<void> {
  try {
    await access(dirname(file), constants.W_OK);
    if (await isDirectory(file)) throw Object.assign(new Error('a directory'), { code: 'EISDIR' });
  } catch (error) {
    throw cannotBeWritten(file, error);
  }
}

/** @throws UsageError if the directory is not there and cannot be made, or cannot be written to */
export async function makeDirectory(directory: string): Promise<void> {
  try {
    await mkdir(directory, { recursive: true });
    await access(directory, constants.W_OK);
  } catch (error) {
    throw new UsageError(`The directory ${directory} cannot be made: ${fileProblem(error)}.`);
  }
}

/** @throws UsageError if the file cannot be written */
export async function writeFileStream(file: string, write: (stream: Writable) => Promise<void>): Promise<void> {
  const stream = createWriteStream(file);
  const closed = finished(stream);
  try {
    await Promise.race([write(stream), closed]);
    stream.end();
    await closed;
  } catch (error) {
    stream.destroy();
    await closed.catch(() => undefined);
    if ((error as { code?: string }).code === undefined) throw error;
    throw cannotBeWritten(file, error);
  }
}

function cannotBeWritten(file: string, error: unknown): UsageError {
  return new UsageError(`${file} cannot be written: ${fileProblem(error)}.`);
}

async function isDirectory(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    if ((error as { code?: string }).code === 'ENOENT') return false;
    throw error;
  }
}
