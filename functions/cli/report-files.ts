import { createReadStream } from 'node:fs';
import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReportPlace } from '#shared/reports/manifest.ts';
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
    async read(name) {
      const file = join(directory, name);
      return readingOf(file, async () => {
        try {
          const handle = await open(file);
          await handle.close();
          return createReadStream(file);
        } catch (error) {
          if ((error as { code?: string }).code === 'ENOENT') return undefined;
          throw error;
        }
      });
    },
  };
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
