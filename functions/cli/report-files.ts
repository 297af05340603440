import { constants } from 'node:fs';
import { type FileHandle, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { NoFileError, type ReportPlace } from '#shared/reports/manifest.ts';
import { type ChainedReport, keepRows, type PreviousRow, readChained } from '#shared/reports/previous.ts';
import type { ReportTarget } from '#shared/reports/write.ts';
import { fileProblem } from './errors.ts';
import { UsageError } from './io.ts';
import { writeFileStream } from './write-file.ts';

/** Writes the files of a report into a directory that is there. */
export function directoryTarget(directory: string): ReportTarget {
  return (name, chunks) =>
    writeFileStream(join(directory, name), (stream) => pipeline(Readable.from(chunks), stream, { end: false }));
}

/** A directory as a place to verify. */
export function directoryPlace(directory: string): ReportPlace {
  return {
    async list() {
      return readingOf(directory, () => readdir(directory));
    },
    read: (name) => readingOf(join(directory, name), () => regularFile(join(directory, name), name)),
  };
}

/** Follows no link and waits for no pipe: what lies in the directory of a report need not be from Hullcheck. */
async function regularFile(file: string, name: string): Promise<AsyncIterable<Uint8Array> | undefined> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(file, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
    if (!(await handle.stat()).isFile()) throw new NoFileError(`${name} is no regular file.`);
    return handle.createReadStream();
  } catch (error) {
    await handle?.close();
    const { code } = error as { code?: string };
    if (code === 'ENOENT') return undefined;
    // A link, a socket or device, a directory where the system says so at once.
    if (code === 'ELOOP' || code === 'ENXIO' || code === 'EISDIR') throw new NoFileError(`${name} is no regular file.`);
    throw error;
  }
}

/**
 * Reads the report that the next one is compared with and chained to.
 *
 * @throws UsageError if it cannot be read, ManifestError if it is no report or was changed
 */
export function readPreviousReport(directory: string): Promise<ChainedReport<PreviousRow>> {
  return readChained(directoryPlace(directory), join(directory, '/'), keepRows);
}

async function readingOf<T>(file: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if ((error as { code?: string }).code === undefined) throw error;
    throw new UsageError(`${file} cannot be read: ${fileProblem(error)}.`);
  }
}
