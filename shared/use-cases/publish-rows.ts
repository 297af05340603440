import pMap from 'p-map';
import { groupBy } from '../domain/group-by.ts';
import type { Ledger, LedgerRow, NewRow, PublishState } from '../domain/ledger.ts';
import type { Sink, SinkReport, Transition } from '../domain/ports.ts';
import { recordStateAfter, transitionOf } from '../engine/transitions.ts';
import { importRegion } from '../sinks/security-hub/import-scope.ts';
import { changeRow } from './change-row.ts';

export interface PublishDependencies {
  readonly ledger: Ledger;
  readonly sinks: readonly Sink[];
  readonly now: () => Date;
  /**
   * What the next digest will tell: of a run everything, kept for it before anything else is told; of what happens
   * between runs only what had no message of its own, because the next run would say the same thing again (OC-1).
   */
  readonly keepNews: 'all' | 'not alerted' | 'nothing';
}

/** Names the digest among the destinations that have a transition already. */
const NEWS = 'news';
const WRITES_AT_ONCE = 16;
const ROWS_AT_ONCE = 500;

/**
 * Steps (2) and (3) of telling a change: pending rows go to every destination that does not have them yet, and are
 * marked. A row that a destination refused stays pending for it alone, and the next run sends it first. A crash in
 * between leaves rows pending: they are sent again, with the same finding id and the same deduplication key.
 *
 * @returns what each destination did, one report for each
 */
export async function publishRows(
  rows: AsyncIterable<LedgerRow>,
  dependencies: PublishDependencies,
): Promise<readonly SinkReport[]> {
  const reports: SinkReport[] = [];
  let batch: LedgerRow[] = [];
  for await (const row of rows) {
    batch.push(row);
    if (batch.length < ROWS_AT_ONCE) continue;
    reports.push(...(await publishBatch(batch, dependencies)));
    batch = [];
  }
  reports.push(...(await publishBatch(batch, dependencies)));
  return mergeReports(reports);
}

async function publishBatch(
  rows: readonly LedgerRow[],
  { ledger, sinks, now, keepNews }: PublishDependencies,
): Promise<readonly SinkReport[]> {
  if (rows.length === 0 || sinks.length === 0) return [];
  const delivered = new Map(rows.map((row) => [row.finding.id, new Set<string>()]));
  const keep = async (news: readonly LedgerRow[]) => {
    await ledger.addNews(news.flatMap((row) => newsOf(row)));
    for (const { finding } of news) delivered.get(finding.id)?.add(NEWS);
  };
  const owingNews = rows.filter((row) => owes(row, NEWS, false));
  if (keepNews === 'all') await keep(owingNews);
  const reports: SinkReport[] = [];
  for (const sink of sinks) {
    const owing = rows.filter((row) => owes(row, sink.name, sink.holdsFindings === true));
    if (owing.length === 0) continue;
    const report = await sink.publish(owing.flatMap((row) => transitionFor(row, sink.name)));
    reports.push(report);
    for (const row of arrived(owing, report)) delivered.get(row.finding.id)?.add(sink.name);
    for (const { findingId, parts } of report.partly ?? []) {
      for (const part of parts) delivered.get(findingId)?.add(`${sink.name} ${part}`);
    }
  }
  const alerted = new Set(reports.flatMap((report) => report.alerted ?? []));
  if (keepNews === 'not alerted') {
    await keep(owingNews.filter(({ finding }) => !alerted.has(finding.id)));
    // What a topic refused is sent to it by the next run, whose digest need not tell it again.
    for (const { finding } of owingNews) delivered.get(finding.id)?.add(NEWS);
  }
  const at = now().toISOString();
  const marking = { ledger, sinks, at, changed: alerted };
  await pMap(rows, (row) => mark(row, delivered.get(row.finding.id) ?? new Set(), marking), {
    concurrency: WRITES_AT_ONCE,
  });
  return reports;
}

function owes({ publish }: LedgerRow, destination: string, holdsFindings: boolean): boolean {
  if (publish.state !== 'pending' || publish.delivered.includes(destination)) return false;
  return publish.quiet !== true || holdsFindings;
}

function newsOf(row: LedgerRow): { readonly accountId: string; readonly transition: Transition }[] {
  const transition = transitionOf(row);
  return transition === undefined ? [] : [{ accountId: row.scope.accountId, transition }];
}

/** The transition a row waits to tell, with what of the destination has it already. */
function transitionFor(row: LedgerRow, destination: string): readonly Transition[] {
  const transition = transitionOf(row);
  if (transition === undefined || row.publish.state !== 'pending') return [];
  const own = `${destination} `;
  const parts = row.publish.delivered.filter((name) => name.startsWith(own)).map((name) => name.slice(own.length));
  return [parts.length === 0 ? transition : { ...transition, deliveredTo: parts }];
}

/** What a destination neither refused nor could not reach. */
function arrived(rows: readonly LedgerRow[], { rejected, notPublished }: SinkReport): readonly LedgerRow[] {
  const refused = new Set(rejected.map(({ findingId }) => findingId));
  const closed = new Set(notPublished.map(({ accountId, region }) => `${accountId} ${region}`));
  return rows.filter(
    ({ finding: { id, resource } }) =>
      !refused.has(id) && !closed.has(`${resource.accountId} ${importRegion(resource)}`),
  );
}

interface Marking {
  readonly ledger: Ledger;
  readonly sinks: readonly Sink[];
  readonly at: string;
  /** Findings whose rows the telling itself has changed. */
  readonly changed: ReadonlySet<string>;
}

/** A row that a newer look has changed meanwhile has something newer to tell, and stays as that look left it. */
async function mark(
  told: LedgerRow,
  delivered: ReadonlySet<string>,
  { ledger, sinks, at, changed }: Marking,
): Promise<void> {
  const { publish } = told;
  if (publish.state !== 'pending') return;
  await changeRow(
    ledger,
    { ...told.scope, findingId: told.finding.id },
    (row) => {
      if (row === undefined || row.publish.state !== 'pending') return undefined;
      if (row.publish.since !== publish.since || row.publish.transition !== publish.transition) return undefined;
      return marked(row, row.publish, delivered, sinks, at);
    },
    changed.has(told.finding.id) ? undefined : { row: told },
  );
}

function marked(
  row: LedgerRow,
  publish: Extract<PublishState, { state: 'pending' }>,
  delivered: ReadonlySet<string>,
  sinks: readonly Sink[],
  at: string,
): NewRow | undefined {
  const have = [...new Set([...publish.delivered, ...delivered])].sort();
  const done: LedgerRow = { ...row, publish: { ...publish, delivered: have } };
  const everyone = sinks.every((sink) => !owes(done, sink.name, sink.holdsFindings === true));
  if (!everyone && have.length === publish.delivered.length) return undefined;
  const isHeld = sinks.some((sink) => sink.holdsFindings === true && delivered.has(sink.name));
  return {
    ...row,
    ...(isHeld ? { publishedAs: recordStateAfter(publish.transition), lastPublishedAt: at } : {}),
    publish: everyone ? { state: 'published', transition: publish.transition } : { ...publish, delivered: have },
  };
}

/** One report for each destination. */
export function mergeReports(reports: readonly SinkReport[]): readonly SinkReport[] {
  return [...groupBy(reports, ({ sink }) => sink)].map(([sink, some]) => ({
    sink,
    published: some.reduce((sum, { published }) => sum + published, 0),
    ...(some.some(({ alerted }) => alerted !== undefined)
      ? { alerted: some.flatMap(({ alerted }) => alerted ?? []) }
      : {}),
    ...(some.some(({ partly }) => partly !== undefined) ? { partly: some.flatMap(({ partly }) => partly ?? []) } : {}),
    rejected: some.flatMap(({ rejected }) => rejected),
    notPublished: some.flatMap(({ notPublished }) => notPublished),
  }));
}
