import { type FileHandle, mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import type { ReportRow } from './model.ts';
import { plainJson } from './plain-json.ts';

/** Findings laid aside, so that every format and every slice is made of the same ones while their source moves on. */
export interface Spool {
  /** Those of the accounts that are wanted, in the order in which they came; all of them by default. */
  rows(isWanted?: (accountId: string) => boolean): AsyncIterable<ReportRow>;
  remove(): Promise<void>;
}

/** Rows of one account that follow each other, compressed together. */
interface Block {
  readonly accountId: string;
  readonly position: number;
  readonly length: number;
}

/** A block is closed when its text has about so many UTF-16 units: a slice reads its own blocks and no others. */
const BLOCK = 512 * 1024;
const [compress, decompress] = [promisify(gzip), promisify(gunzip)];

/**
 * Reads a source once and lays its rows aside, compressed, in a directory of its own.
 *
 * @param look sees each row as it passes
 * @throws what the source throws, or the file system; nothing is left behind then
 */
export async function spoolRows(
  source: Iterable<ReportRow> | AsyncIterable<ReportRow>,
  look: (row: ReportRow) => void,
): Promise<Spool> {
  const directory = await mkdtemp(join(tmpdir(), 'hullcheck-report-'));
  const remove = () => rm(directory, { recursive: true, force: true });
  const path = join(directory, 'rows');
  let blocks: readonly Block[];
  try {
    const file = await open(path, 'w');
    try {
      blocks = await writeBlocks(source, look, file);
    } finally {
      await file.close();
    }
  } catch (error) {
    await remove();
    throw error;
  }
  return { rows: (isWanted = () => true) => readBlocks(path, blocks, isWanted), remove };
}

async function writeBlocks(
  source: Iterable<ReportRow> | AsyncIterable<ReportRow>,
  look: (row: ReportRow) => void,
  file: FileHandle,
): Promise<readonly Block[]> {
  const blocks: Block[] = [];
  let [lines, units, accountId, position] = [[] as string[], 0, '', 0];
  const close = async () => {
    if (lines.length === 0) return;
    const bytes = await compress(lines.join('\n'), { level: 1 });
    await file.write(bytes, 0, bytes.length, position);
    blocks.push({ accountId, position, length: bytes.length });
    position += bytes.length;
    [lines, units] = [[], 0];
  };
  for await (const row of source) {
    look(row);
    const own = row.finding.resource.accountId;
    if (own !== accountId || units > BLOCK) {
      await close();
      accountId = own;
    }
    const line = plainJson(row);
    lines.push(line);
    units += line.length;
  }
  await close();
  return blocks;
}

async function* readBlocks(
  path: string,
  blocks: readonly Block[],
  isWanted: (accountId: string) => boolean,
): AsyncGenerator<ReportRow> {
  const file = await open(path);
  try {
    for (const { accountId, position, length } of blocks) {
      if (!isWanted(accountId)) continue;
      const { buffer } = await file.read(Buffer.allocUnsafe(length), 0, length, position);
      const text = (await decompress(buffer)).toString('utf8');
      for (const line of text.split('\n')) yield JSON.parse(line) as ReportRow;
    }
  } finally {
    await file.close();
  }
}
