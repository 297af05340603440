import { type CoverageEntry, isIncomplete } from '../domain/coverage.ts';
import type { Finding } from '../domain/finding.ts';
import { groupBy } from '../domain/group-by.ts';
import type { Ledger, LedgerRow } from '../domain/ledger.ts';
import type { Sink, SinkReport } from '../domain/ports.ts';
import type { ResultHeader } from '../domain/result.ts';
import { ClosingScope } from '../engine/closing-scope.ts';
import { coverageFinding } from '../engine/coverage-findings.ts';
import { rowKeyOf, type ServiceOfCheck } from '../engine/finding-address.ts';
import type { CheckRegistry } from '../engine/registry.ts';
import type { DiffOptions, Look } from '../engine/transitions.ts';
import { closeRetired } from './close-retired.ts';
import { digestFacts, isDigesting } from './digest-facts.ts';
import type { ScanResult } from './evaluate-inventory.ts';
import { mergeReports, publishRows } from './publish-rows.ts';
import { closeUnseen, recordLooks } from './record-looks.ts';
import { tellNews } from './tell-news.ts';
import { storeSummary, unknownByCheck } from './unit-summary.ts';

export interface PublishChangesDependencies extends DiffOptions {
  readonly ledger: Ledger;
  readonly sinks: readonly Sink[];
  /** The checks the run evaluated: nothing of another check is closed. */
  readonly checkIds: readonly string[];
  readonly serviceOf: ServiceOfCheck;
  /** The checks the run evaluated, with their earlier ids. */
  readonly registry: CheckRegistry;
  readonly now: () => Date;
  /** Whether transitions are kept for a digest; by default where a sink can send one. */
  readonly keepNews?: boolean;
}

/**
 * Tells a whole run: what a unit of it has to tell, and then the one message about it.
 *
 * @returns what each destination did
 */
export async function publishChanges(
  runId: string,
  result: ScanResult,
  dependencies: PublishChangesDependencies,
): Promise<readonly SinkReport[]> {
  const { header } = result;
  const accountIds = [...new Set(header.coverage.map(({ accountId }) => accountId))];
  for (const accountId of accountIds) await dependencies.ledger.claimBaseline(accountId, runId);
  const reports = [
    ...(await publishUnit(result, dependencies)),
    ...(header.complete ? await publishRetired(header, dependencies) : []),
  ];
  await storeSummaries(result, dependencies);
  const scopes = scopesOf(header.coverage);
  if (dependencies.sinks.length === 0) {
    const { startedAt, finishedAt, complete } = header;
    await dependencies.ledger.recordFinishedRun({ runId, startedAt, finishedAt, complete, scopes });
    return reports;
  }
  const digests = await tellNews(
    { runId, accountIds, scopes, facts: digestFacts(header) },
    { ...dependencies, sinks: dependencies.sinks.filter(isDigesting) },
  );
  return mergeReports([...reports, ...digests]);
}

/** What each service of each region came to, as the units of a deployment leave it for the reports. */
async function storeSummaries(
  { header, findings }: ScanResult,
  { ledger, serviceOf }: PublishChangesDependencies,
): Promise<void> {
  const { startedAt: observedAt, coverage } = header;
  const placeOf = ({ accountId, region, service }: Pick<CoverageEntry, 'accountId' | 'region' | 'service'>) =>
    `${accountId} ${region} ${service}`;
  const unknown: Finding[] = [];
  for (const finding of findings()) if (finding.status === 'UNKNOWN') unknown.push(finding);
  const unknownIn = groupBy(unknown, ({ id }) => {
    const scope = rowKeyOf(id, serviceOf);
    return scope === undefined ? '' : placeOf(scope);
  });
  for (const [place, entries] of groupBy(coverage, placeOf)) {
    const [accountId = '', region = '', service = ''] = place.split(' ');
    const ofPlace = unknownIn.get(place) ?? [];
    await storeSummary(ledger, {
      key: service,
      accountId,
      region,
      observedAt,
      unknown: ofPlace.length,
      unknownByCheck: unknownByCheck(ofPlace),
      resources: 0,
      coverage: entries,
    });
  }
}

/**
 * Compares what a unit of work saw with the ledger and tells destinations what changed, and nothing else. What an
 * earlier run left untold goes first; then what was seen; then what is not there any more, in what was read completely.
 *
 * Without destinations it only remembers: the transitions wait for a run that has some.
 */
export async function publishUnit(
  result: ScanResult,
  dependencies: PublishChangesDependencies,
): Promise<readonly SinkReport[]> {
  const { ledger, sinks, checkIds, now } = dependencies;
  const { startedAt, coverage } = result.header;
  const keepsNews = dependencies.keepNews ?? sinks.some(isDigesting);
  const publish = (rows: AsyncIterable<LedgerRow>) =>
    publishRows(rows, { ledger, sinks, now, keepNews: keepsNews ? 'all' : 'nothing' });
  const seen = new Set<string>();
  const closing = new ClosingScope(coverage, checkIds, result.unprovenAbsence);
  const reports = [
    ...(await publish(pendingRows(ledger, coverage))),
    ...(await publish(recordLooks(ledger, looksOf(result, dependencies), seen, dependencies))),
    ...(await publish(recordLooks(ledger, await endedScopes(ledger, result.header), seen, dependencies))),
    ...(await publish(closeUnseen(ledger, closing, seen, startedAt, dependencies))),
  ];
  await rememberScopes(ledger, result.header);
  return mergeReports(reports);
}

/** What no check of this version judges is nothing that anybody could fix. */
function publishRetired(
  { coverage, finishedAt }: ResultHeader,
  { ledger, sinks, now, keepNews = sinks.some(isDigesting), ...dependencies }: PublishChangesDependencies,
): Promise<readonly SinkReport[]> {
  const retired = closeRetired(coverage, finishedAt, { ledger, ...dependencies });
  return publishRows(retired, { ledger, sinks, now, keepNews: keepNews ? 'all' : 'nothing' });
}

async function* pendingRows(ledger: Ledger, coverage: readonly CoverageEntry[]): AsyncGenerator<LedgerRow> {
  const places = new Map(coverage.map(({ accountId, region }) => [`${accountId} ${region}`, { accountId, region }]));
  for (const { accountId, region } of places.values()) yield* ledger.pendingRows(accountId, region);
}

/** Every verdict, and every scope that could not be read. */
function* looksOf(result: ScanResult, { serviceOf }: PublishChangesDependencies): Generator<Look> {
  const { startedAt: observedAt, coverage } = result.header;
  for (const finding of result.findings()) {
    const scope = rowKeyOf(finding.id, serviceOf);
    if (scope === undefined) throw new Error(`no service reads what the check ${finding.checkId} judges`);
    const { accountId, region, service } = scope;
    yield { scope: { accountId, region, service }, finding, observedAt };
  }
  for (const entry of coverage.filter(isIncomplete)) yield coverageLook(entry, observedAt);
}

/** Scopes that are deliberately not looked at any more: what was said about reading them is over. */
async function endedScopes(ledger: Ledger, { coverage, startedAt }: ResultHeader): Promise<readonly Look[]> {
  const looks = coverage.filter(({ status }) => status === 'excluded').map((entry) => coverageLook(entry, startedAt));
  const rows = await ledger.readRows(looks.map(({ scope, finding }) => ({ ...scope, findingId: finding.id })));
  return looks.filter(({ finding }) => rows.has(finding.id));
}

function coverageLook(entry: CoverageEntry, observedAt: string): Look {
  const { accountId, region, service } = entry;
  return { scope: { accountId, region, service }, finding: coverageFinding(entry), observedAt };
}

async function rememberScopes(ledger: Ledger, { coverage, startedAt }: ResultHeader): Promise<void> {
  const complete = new Map<string, boolean>();
  const scopes = new Map<string, CoverageEntry>();
  for (const entry of coverage) {
    if (entry.status === 'excluded') continue;
    const key = [entry.accountId, entry.region, entry.service].join(' ');
    scopes.set(key, entry);
    complete.set(key, (complete.get(key) ?? true) && entry.status === 'scanned');
  }
  for (const [key, { accountId, region, service }] of scopes) {
    const completedAt = complete.get(key) === true ? { completedAt: startedAt } : {};
    await ledger.recordScope({ accountId, region, service, lookedAt: startedAt, ...completedAt });
  }
}

function scopesOf(coverage: readonly CoverageEntry[]): readonly string[] {
  return coverage
    .filter(({ status }) => status === 'scanned' || status === 'partial')
    .map(({ accountId, region, service, cluster }) => [accountId, region, service, cluster ?? ''].join(' ').trim())
    .sort();
}
