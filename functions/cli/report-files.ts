import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { MANIFEST, type Manifest, ManifestError, parseManifest, type ReportPlace } from '#shared/reports/manifest.ts';
import { type PreviousReport, readPrevious } from '#shared/reports/previous.ts';
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
 * @throws UsageError if it cannot be read, PreviousReportError or ManifestError if it is no report
 */
export async function readPreviousReport(
  directory: string,
): Promise<{ readonly report: PreviousReport; readonly chain: NonNullable<Manifest['previous']> }> {
  const manifestFile = join(directory, MANIFEST);
  const bytes = await readingOf(manifestFile, () => readFile(manifestFile));
  const manifest = parseManifest(bytes.toString('utf8'));
  const file = join(directory, 'report.json');
  const digest = createHash('sha256');
  for await (const chunk of createReadStream(file)) digest.update(chunk as Buffer);
  if (digest.digest('hex') !== manifest.files.find(({ name }) => name === 'report.json')?.sha256) {
    throw new ManifestError(`${file} was changed: nothing is compared with it.`);
  }
  const handle = await readingOf(file, () => open(file));
  try {
    const report = await readPrevious(handle.readLines({ encoding: 'utf8' }), file);
    const manifestSha256 = createHash('sha256').update(bytes).digest('hex');
    return { report, chain: { runId: manifest.runId, manifestSha256 } };
  } finally {
    await handle.close();
  }
}

async function readingOf<T>(file: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if ((error as { code?: string }).code === undefined) throw error;
    throw new UsageError(`${file} cannot be read: ${fileProblem(error)}.`);
  }
}
