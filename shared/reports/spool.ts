import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import type { ReportRow } from './model.ts';
import { plainJson } from './plain-json.ts';

/** Findings laid aside, so that every format is made of the same ones while their source moves on. */
export interface Spool {
  rows(): AsyncIterable<ReportRow>;
  remove(): Promise<void>;
}

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
  const file = join(directory, 'rows.jsonl.gz');
  const remove = () => rm(directory, { recursive: true, force: true });
  async function* lines(): AsyncGenerator<string> {
    for await (const row of source) {
      look(row);
      yield `${plainJson(row)}\n`;
    }
  }
  try {
    await pipeline(Readable.from(lines()), createGzip({ level: 1 }), createWriteStream(file));
  } catch (error) {
    await remove();
    throw error;
  }
  return {
    async *rows() {
      const input = createReadStream(file).pipe(createGunzip());
      for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
        yield JSON.parse(line) as ReportRow;
      }
    },
    remove,
  };
}
