import type { Report, ReportHead, ReportRow } from './model.ts';
import { plainJson } from './plain-json.ts';

/** The JSON report, version 1 (`docs/schema/report.v1.json`): one key of the head a line, then one finding a line. */
export async function* jsonReport({ head, rows }: Report): AsyncGenerator<string> {
  yield '{\n';
  for (const [key, value] of Object.entries({
    ...headWithoutCount(head),
    worst: head.worst.map(({ finding }) => finding.id),
  })) {
    if (value !== undefined) yield `${plainJson(key)}: ${plainJson(value)},\n`;
  }
  yield '"findings": [';
  let separator = '\n';
  for await (const row of rows()) {
    yield separator + plainJson(rowObject(row));
    separator = ',\n';
  }
  yield '\n]\n}\n';
}

/** The number of findings is that of the list. */
function headWithoutCount({ findings: _, ...head }: ReportHead): Omit<ReportHead, 'findings'> {
  return head;
}

function rowObject({ finding, firstSeenAt, observedAt, failedBefore, lastKnown, stale, change }: ReportRow): object {
  return { ...finding, stale, change, history: { firstSeenAt, observedAt, failedBefore, lastKnown } };
}
