import type { Finding } from '../domain/finding.ts';
import type { ReportHead, ReportRow } from './model.ts';

/** Raised when what should be a report is none that can be read. */
export class StoredReportError extends Error {
  override readonly name = 'StoredReportError';
}

/** The head of a report as `report.json` has it: what is worst stands there by id. */
export type StoredHead = Omit<ReportHead, 'findings' | 'worst'>;

type StoredRow = Finding &
  Pick<ReportRow, 'stale' | 'change'> & {
    readonly history: Pick<ReportRow, 'firstSeenAt' | 'observedAt' | 'failedBefore' | 'lastKnown'>;
  };

/**
 * Reads `report.json` line by line, one key of the head a line, then one finding a line, as the JSON format writes it.
 *
 * @param name for the message of the error
 * @param onHead gets the head before the first row
 * @throws StoredReportError if it is none, or not a whole one; then nothing of what was read counts
 */
export async function* readStoredReport(
  bytes: AsyncIterable<Uint8Array>,
  name: string,
  onHead: (head: StoredHead) => void,
): AsyncGenerator<ReportRow> {
  const head: Record<string, unknown> = {};
  let [inFindings, isWhole] = [false, false];
  for await (const line of linesOf(bytes)) {
    const text = line.trim().replace(/,$/, '');
    if (text === '{' || text === '' || text === ']') continue;
    if (text === '}') {
      isWhole = inFindings;
      continue;
    }
    if (text.startsWith('"findings":') && text.endsWith('[')) {
      inFindings = true;
      onHead(wholeHead(head, name));
      continue;
    }
    const value = parsed(inFindings ? text : `{${text}}`, name);
    if (inFindings) yield rowOf(value as unknown as StoredRow);
    else Object.assign(head, value);
  }
  if (!isWhole) throw notOne(name);
}

/** Reads the head alone; what comes after it is passed over, so that all of it has been looked at. */
export async function readStoredHead(bytes: AsyncIterable<Uint8Array>, name: string): Promise<StoredHead> {
  const head: Record<string, unknown> = {};
  let [text, inHead] = ['', true];
  const decoder = new TextDecoder();
  for await (const chunk of bytes) {
    if (!inHead) continue;
    text += decoder.decode(chunk, { stream: true });
    const end = text.indexOf('\n"findings": [');
    if (end === -1) continue;
    inHead = false;
    const lines = text.slice(0, end).split('\n').slice(1);
    for (const line of lines) Object.assign(head, parsed(`{${line.replace(/,$/, '')}}`, name));
  }
  return wholeHead(head, name);
}

/** Line feeds alone end a line: everything else is in the text that was written. */
async function* linesOf(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of bytes) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  yield rest;
}

function rowOf({ history, stale, change, ...finding }: StoredRow): ReportRow {
  return {
    finding,
    ...history,
    ...(stale === undefined ? {} : { stale }),
    ...(change === undefined ? {} : { change }),
  };
}

function wholeHead(head: Record<string, unknown>, name: string): StoredHead {
  for (const key of ['runId', 'startedAt', 'source', 'tool', 'counts', 'accounts'])
    if (head[key] === undefined) throw notOne(name);
  return head as unknown as StoredHead;
}

function parsed(text: string, name: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    // Whatever is wrong with a line, the sentence is the same: the file is not what it should be.
    throw notOne(name);
  }
}

function notOne(name: string): StoredReportError {
  return new StoredReportError(`${name} is no report of Hullcheck, or not a whole one.`);
}
