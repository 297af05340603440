import pMap from 'p-map';
import { groupBy } from '../domain/group-by.ts';
import type { FinishedRun, Ledger, News } from '../domain/ledger.ts';
import type { SinkReport } from '../domain/ports.ts';
import { DEFAULT_ROUTE } from '../domain/route.ts';
import type { Severity } from '../domain/severity.ts';
import type { DigestFacts } from '../sinks/sns/digest.ts';
import { type DigestingSink, factsOfRoute, noneOpen } from './digest-facts.ts';
import { countOpen, type OpenFailures } from './open-failures.ts';

export interface TellNewsDependencies {
  readonly ledger: Ledger;
  readonly sinks: readonly DigestingSink[];
  readonly now: () => Date;
}

/** What is known of the run; the ledger adds what is open and which run it is compared with. */
export interface RunToTell {
  readonly runId: string;
  readonly accountIds: readonly string[];
  /** The scopes it covered: see `FinishedRun`. */
  readonly scopes: readonly string[];
  readonly notCovered?: FinishedRun['notCovered'];
  readonly facts: DigestFacts;
  /** What is open, where somebody has counted it; otherwise it is counted when it has to be told. */
  readonly open?: OpenFailures;
}

/** So long nobody is reminded of the same expiring waiver again. */
const REMINDER_SECONDS = 7 * 86_400;
const REMOVED_AT_ONCE = 500;
const ACCOUNTS_AT_ONCE = 16;

/**
 * Ends a run: on each route one message with what changed since the last one, or none where nothing did. A first run
 * says what the baseline is, and nothing in it is news; so does the one message about new accounts beside known ones.
 *
 * What was told is forgotten only afterwards: a crash in between repeats the message under the same key.
 */
export async function tellNews(run: RunToTell, dependencies: TellNewsDependencies): Promise<readonly SinkReport[]> {
  const { ledger, sinks, now } = dependencies;
  const last = await ledger.lastFinishedRun();
  const baselines: string[] = [];
  const others: string[] = [];
  const claim = (accountId: string) => ledger.claimBaseline(accountId, run.runId);
  for (const { accountId, baselineAt } of await pMap(run.accountIds, claim, { concurrency: ACCOUNTS_AT_ONCE })) {
    (baselineAt === undefined ? baselines : others).push(accountId);
  }
  let counted: Promise<OpenFailures> | undefined = run.open === undefined ? undefined : Promise.resolve(run.open);
  const open = () => {
    counted ??= countOpen(ledger, sinks);
    return counted;
  };
  const reports: SinkReport[] = [];
  let isBaselineUntold = false;
  if (sinks.length > 0) {
    const isMixed = baselines.length > 0 && others.length > 0;
    if (!isMixed) reports.push(...(await tell(baselines, { ...run.facts, kind: 'baseline' }, open, dependencies)));
    const compared =
      last === undefined
        ? {}
        : { comparedWith: last.finishedAt, coverageEqual: last.scopes.join('\n') === run.scopes.join('\n') };
    const waiversExpiring = await dueReminders(run, dependencies);
    // A message of its own for the new accounts would be one more than a run may send (OC-2), under the same key.
    const added = isMixed ? { newAccounts: baselines } : {};
    const digest: DigestFacts = { ...run.facts, ...compared, ...added, kind: 'digest', waiversExpiring };
    const digests = await tell(others, digest, open, dependencies);
    if (digests.length > 0 && digests.every(isUntold)) await undoReminders(run, waiversExpiring, ledger);
    reports.push(...digests);
    // One route that cannot be reached must not keep all others waiting for their alerts: it hears in a later digest.
    isBaselineUntold = baselines.length > 0 && reports.length > 0 && reports.every(isUntold);
    if (isMixed && !isBaselineUntold) await forget(ledger, await newsOf(ledger, baselines));
  }
  const { startedAt, finishedAt, complete } = run.facts;
  if (!isBaselineUntold) {
    const told = { baselineAt: now().toISOString() };
    await pMap(baselines, (accountId) => ledger.updateAccount(accountId, told), { concurrency: ACCOUNTS_AT_ONCE });
  }
  const { runId, scopes, notCovered } = run;
  await ledger.recordFinishedRun({
    runId,
    startedAt,
    finishedAt,
    complete,
    scopes,
    ...(notCovered === undefined ? {} : { notCovered }),
  });
  return reports;
}

async function tell(
  accountIds: readonly string[],
  facts: DigestFacts,
  countedOpen: () => Promise<OpenFailures>,
  { ledger, sinks }: TellNewsDependencies,
): Promise<readonly SinkReport[]> {
  if (accountIds.length === 0) return [];
  const told = await newsOf(ledger, accountIds);
  // An unchanged world is silence, even while something in it cannot be read (OC-1).
  const { kind, newAccounts = [], waiversExpiring } = facts;
  const isQuiet = told.length === 0 && kind === 'digest' && newAccounts.length === 0 && waiversExpiring.length === 0;
  if (isQuiet && !sinks.some(({ tellsEveryRun }) => tellsEveryRun)) return [];
  const reports: SinkReport[] = [];
  const untold = new Set<News>();
  for (const sink of sinks) {
    // A baseline is of its accounts. What a digest opened is over only when nothing is open in any account.
    const failures = await countedOpen();
    const open = failures.of(sink, kind === 'baseline' ? new Set(accountIds) : undefined);
    const openInNew = newAccounts.length === 0 ? undefined : failures.of(sink, new Set(newAccounts));
    const byRoute = groupBy(told, ({ transition }) => sink.routeOf(transition.finding));
    for (const route of sink.routes) {
      const own = byRoute.get(route) ?? [];
      const known = factsOfRoute(facts, open.get(route) ?? noneOpen(), route, sink);
      const ofRoute = route === DEFAULT_ROUTE || isAnyOpen(openInNew?.get(route)) ? known : withoutNewAccounts(known);
      const isSummary = sink.tellsEveryRun && route === DEFAULT_ROUTE;
      if (!isSummary && !hasToHear(route, own, ofRoute)) continue;
      const report = await sink.publishDigest(
        ofRoute,
        own.map(({ transition }) => transition),
        route,
      );
      reports.push(report);
      // It is told by the next run.
      if (isUntold(report)) for (const news of own) untold.add(news);
    }
  }
  await forget(
    ledger,
    told.filter((news) => !untold.has(news)),
  );
  return reports;
}

async function forget(ledger: Ledger, heard: readonly News[]): Promise<void> {
  for (let start = 0; start < heard.length; start += REMOVED_AT_ONCE) {
    await ledger.removeNews(heard.slice(start, start + REMOVED_AT_ONCE));
  }
}

function withoutNewAccounts({ newAccounts: _, ...facts }: DigestFacts): DigestFacts {
  return facts;
}

function isAnyOpen(open: Readonly<Record<Severity, number>> | undefined): boolean {
  return Object.values(open ?? {}).some((count) => count > 0);
}

/**
 * Whether nobody took a digest. One that a single topic of several refused was told, and is in the report as refused:
 * telling it again would repeat it to all others in every run, and a baseline that never ends lets no alert through.
 */
function isUntold({ published, rejected }: SinkReport): boolean {
  return published === 0 && rejected.length > 0;
}

/** A route hears of what is its own; that there is a baseline at all is said on the default route. */
function hasToHear(
  route: string,
  own: readonly News[],
  { kind, newAccounts, openBySeverity, waiversExpiring }: DigestFacts,
): boolean {
  if (own.length > 0 || waiversExpiring.length > 0 || newAccounts !== undefined) return true;
  if (kind !== 'baseline') return false;
  return route === DEFAULT_ROUTE || isAnyOpen(openBySeverity);
}

function reminderOf({ id, expiresAt }: DigestFacts['waiversExpiring'][number]): string {
  return `reminder ${id} ${expiresAt}`;
}

/** Nobody was reminded: the next run does it. */
async function undoReminders(
  { runId }: RunToTell,
  waivers: DigestFacts['waiversExpiring'],
  ledger: Ledger,
): Promise<void> {
  for (const waiver of waivers) await ledger.releaseLease(reminderOf(waiver), runId);
}

async function dueReminders(
  { runId, facts }: RunToTell,
  { ledger, now }: TellNewsDependencies,
): Promise<DigestFacts['waiversExpiring']> {
  const due: DigestFacts['waiversExpiring'][number][] = [];
  for (const waiver of facts.waiversExpiring) {
    if (await ledger.acquireLease(reminderOf(waiver), runId, now(), REMINDER_SECONDS)) due.push(waiver);
  }
  return due;
}

async function newsOf(ledger: Ledger, accountIds: readonly string[]): Promise<readonly News[]> {
  const ofAccounts = await pMap(
    accountIds,
    async (accountId) => {
      const all: News[] = [];
      for await (const news of ledger.news(accountId)) all.push(news);
      return all;
    },
    { concurrency: ACCOUNTS_AT_ONCE },
  );
  return ofAccounts.flat();
}
