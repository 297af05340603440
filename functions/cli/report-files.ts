import { constants } from 'node:fs';
import { type FileHandle, open, readdir, realpath, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { MANIFEST, NoFileError, REPORT_FILES, type ReportPlace } from '#shared/reports/manifest.ts';
import type { ReportHead } from '#shared/reports/model.ts';
import {
  type ChainedReport,
  keepRows,
  type PreviousRow,
  type ReportSubject,
  readChained,
} from '#shared/reports/previous.ts';
import type { ReportTarget } from '#shared/reports/write.ts';
import { plainLine } from '#shared/sinks/plain-text.ts';
import { fileProblem } from './errors.ts';
import { UsageError } from './io.ts';
import { writeFileStream } from './write-file.ts';

/**
 * Writes the files of a report into a directory that is there. A manifest that lies there goes first, so that a report
 * that never comes to its end has none.
 */
export function directoryTarget(directory: string): ReportTarget {
  return async (name, chunks) => {
    const file = join(directory, name);
    if (name !== MANIFEST) await readingOf(file, () => rm(join(directory, MANIFEST), { force: true }));
    await writeFileStream(file, (stream) => pipeline(Readable.from(chunks), stream, { end: false }));
  };
}

/**
 * Says before the account is read that a report is not to be written into a directory.
 *
 * @param previous the directory of the report before, where there is one
 * @throws UsageError if it would overwrite a report, or could not be verified among other files
 */
export async function requireRoom(
  directory: string,
  { previous, replace = false }: { readonly previous?: string; readonly replace?: boolean },
): Promise<void> {
  if (previous !== undefined && (await realpath(directory)) === (await realpath(previous))) {
    throw new UsageError('--output is the directory of the report before, which would be overwritten: name another.');
  }
  const names = await readingOf(directory, () => readdir(directory));
  const known: readonly string[] = [MANIFEST, ...REPORT_FILES];
  const others = names.filter((name) => !known.includes(name));
  if (others.length > 0) {
    const some = others.slice(0, 3).map(plainLine).join(', ');
    throw new UsageError(
      `${directory} has files of its own (${some}${others.length > 3 ? ', …' : ''}), among which no report can be verified: name an empty directory as --output.`,
    );
  }
  if (names.includes(MANIFEST) && !replace) {
    throw new UsageError(
      `${directory} has a report: name another directory as --output, or replace it with --replace.`,
    );
  }
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
 * @param next what the next one is made from, and of what
 * @throws UsageError if it cannot be read or shows something else, ManifestError if it is no report or was changed
 */
export async function readPreviousReport(
  directory: string,
  next: Pick<ReportSubject, 'source' | 'slice'>,
): Promise<ChainedReport<PreviousRow>> {
  const previous = await readChained(directoryPlace(directory), join(directory, '/'), keepRows);
  const { source, slice } = previous.subject;
  if (source !== next.source) {
    throw notComparable(`was made from ${FROM[source]}, and this one is from ${FROM[next.source]}`);
  }
  if (slice?.kind !== next.slice?.kind || slice?.id !== next.slice?.id) {
    throw notComparable(`is about ${partOf(slice)}, and this one is about ${partOf(next.slice)}`);
  }
  return previous;
}

/**
 * Makes sure that the report before was one, now that it is known which run the next one shows.
 *
 * @throws UsageError if it shows the same run, a later one or other accounts
 */
export function requireBefore(
  { report, subject }: ChainedReport<PreviousRow>,
  { startedAt, coverage }: Pick<ReportHead, 'startedAt' | 'coverage'>,
): void {
  if (report.startedAt >= startedAt) {
    throw notComparable(`shows the run of ${plainLine(report.startedAt)}, which is not before that of ${startedAt}`);
  }
  const own = coverage.entries.map(({ accountId }) => accountId);
  if (own.length > 0 && subject.accountIds.length > 0 && !own.some((id) => subject.accountIds.includes(id))) {
    throw notComparable('is about other accounts');
  }
}

const FROM: Readonly<Record<ReportSubject['source'], string>> = { inventory: 'a scan', ledger: 'a ledger' };

function partOf(slice: ReportSubject['slice']): string {
  if (slice === undefined) return 'everything';
  return `${slice.kind === 'account' ? 'account' : 'organizational unit'} ${plainLine(slice.id)}`;
}

function notComparable(why: string): UsageError {
  return new UsageError(`The report before ${why}: name another one as --previous, or none.`);
}

async function readingOf<T>(file: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if ((error as { code?: string }).code === undefined) throw error;
    throw new UsageError(`${file} cannot be read: ${fileProblem(error)}.`);
  }
}
