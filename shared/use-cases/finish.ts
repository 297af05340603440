import pMap from 'p-map';
import { type CoverageEntry, isIncomplete } from '../domain/coverage.ts';
import type { ScanTarget } from '../domain/inventory.ts';
import type { LedgerRow, LedgerScope } from '../domain/ledger.ts';
import type { SinkReport } from '../domain/ports.ts';
import type { MessageQueue } from '../domain/queue.ts';
import { EXPIRING_WITHIN_DAYS } from '../domain/waiver.ts';
import { ClosingScope } from '../engine/closing-scope.ts';
import { coverageFinding } from '../engine/coverage-findings.ts';
import type { Look } from '../engine/transitions.ts';
import type { DigestFacts } from '../sinks/sns/digest.ts';
import { coverageOfExcluded, phasesOf } from './collect-inventory.ts';
import { isDigesting } from './digest-facts.ts';
import { interleave } from './interleave.ts';
import type { LookDependencies } from './look.ts';
import { notCoveredIn } from './not-covered.ts';
import { OpenFailures, SCOPES_AT_ONCE } from './open-failures.ts';
import { accountLease, DEADLINE_ROUND_SECONDS } from './plan.ts';
import { excludedAccount } from './plan-targets.ts';
import { mergeReports, publishRows } from './publish-rows.ts';
import { closeUnseen, recordLooks } from './record-looks.ts';
import { accountMessages, type FinishMessage, type RunUnit, unitName } from './run-messages.ts';
import { accountsMissing, readLeftOut, readRun } from './run-progress.ts';
import { settleRows } from './settle-rows.ts';
import { tellNews } from './tell-news.ts';
import { ACCOUNT_SUMMARY, summariesOf } from './unit-summary.ts';

export interface FinishDependencies extends LookDependencies {
  readonly unitQueue: MessageQueue;
  readonly finishQueue: MessageQueue;
  readonly deadlineSeconds: number;
  /** Names the message, the same each time it is delivered: two messages must not end one run at the same time. */
  readonly messageId: string;
  /** Findings of an account or region that left the scope are closed when nothing has looked at it for so long. */
  readonly outOfScopeDays: number;
  /** The regions that are scanned: an account that never said which it has misses all of them. */
  readonly regions: readonly string[];
}

export interface FinishedOutcome {
  readonly outcome: 'finished' | 'finished before' | 'waiting';
  /** Units that were expected and did not complete. */
  readonly missing: readonly string[];
  readonly complete: boolean;
  readonly unknown: number;
  readonly reports: readonly SinkReport[];
}

const DAY_MS = 86_400_000;
const ACCOUNTS_AT_ONCE = 16;
/** Outlives the longest invocation. */
const LEASE_SECONDS = 930;
const NOTHING = { missing: [], complete: false, unknown: 0, reports: [] } as const;

/**
 * Ends a run: what did not report is coverage lost, waivers that ended count no more, what left the scope is closed, and
 * one message tells what changed. Told twice it does nothing the second time, also when the two last units were done at
 * the same moment and both said so; told too early it looks again later.
 */
export async function finishRun(message: FinishMessage, dependencies: FinishDependencies): Promise<FinishedOutcome> {
  const { ledger, finishQueue, messageId, now } = dependencies;
  const lease = `finish ${message.runId}`;
  if (!(await ledger.acquireLease(lease, messageId, now(), LEASE_SECONDS))) {
    await finishQueue.send([{ body: message, delaySeconds: DEADLINE_ROUND_SECONDS }]);
    return { ...NOTHING, outcome: 'waiting' };
  }
  const outcome = await endRun(message, dependencies);
  // A crash before leaves it to expire, or to the same message when it comes again.
  await ledger.releaseLease(lease, messageId);
  return outcome;
}

async function endRun(message: FinishMessage, dependencies: FinishDependencies): Promise<FinishedOutcome> {
  const { ledger, now } = dependencies;
  const { runId, startedAt } = message;
  const { accounts, targets, missing } = await readRun(ledger, runId, dependencies.regions);
  const accountIds = accounts.map(({ accountId }) => accountId);
  if ((await ledger.lastFinishedRun())?.runId === runId) {
    await giveBack(runId, accountIds, dependencies);
    return { ...NOTHING, outcome: 'finished before' };
  }
  const isLate = now().getTime() >= Date.parse(startedAt) + dependencies.deadlineSeconds * 1000;
  if (missing.length > 0 && !isLate) {
    await lookAgain(message, dependencies);
    return { ...NOTHING, missing: missing.map(unitName), outcome: 'waiting' };
  }
  const coverage = await coverageOf(runId, accountIds, missing, startedAt, dependencies);
  const complete = missing.length === 0 && !coverage.entries.some(isIncomplete);
  const digesting = dependencies.sinks.filter(isDigesting);
  const open = new OpenFailures(digesting);
  const reports = [
    ...(await publish(recordLooks(ledger, lostCoverage(coverage, now()), new Set(), dependencies), dependencies)),
    ...(await publish(leftScope(targets, dependencies), dependencies)),
    ...(await publish(settleRows(complete ? targets : [], open, now().toISOString(), dependencies), dependencies)),
  ];
  const finishedAt = now().toISOString();
  const incomplete = new Set([...missing, ...coverage.entries.filter(isIncomplete)].map(({ accountId }) => accountId));
  const whole = accountIds.filter((accountId) => !incomplete.has(accountId));
  await pMap(whole, (accountId) => ledger.updateAccount(accountId, { lastCompleteAt: finishedAt }), {
    concurrency: ACCOUNTS_AT_ONCE,
  });
  const facts = digestOf(message, { ...coverage, complete, finishedAt }, dependencies);
  const told = await tellNews(
    {
      runId,
      accountIds,
      scopes: scopesOf(coverage.entries),
      notCovered: notCoveredIn(coverage.entries),
      facts,
      open,
    },
    { ledger, now, sinks: digesting },
  );
  await giveBack(runId, accountIds, dependencies);
  return {
    outcome: 'finished',
    missing: missing.map(unitName),
    complete,
    unknown: coverage.unknown,
    reports: mergeReports([...reports, ...told]),
  };
}

/** A unit that died must not keep the later phases waiting: at the first deadline they begin without it. */
async function lookAgain(
  { runId, startedAt, round = 0 }: FinishMessage,
  { ledger, unitQueue, finishQueue, collectors }: FinishDependencies,
): Promise<void> {
  const missing = await accountsMissing(ledger, runId);
  const phases = phasesOf(collectors).length;
  if (missing.some(({ phase }) => phase === round) && round + 1 < phases) {
    const next = missing.filter(({ phase }) => phase === round + 1);
    await unitQueue.send(accountMessages({ runId, startedAt }, next, round + 1));
  }
  await finishQueue.send([
    {
      body: { version: 1, runId, startedAt, reason: 'deadline', round: round + 1 },
      delaySeconds: DEADLINE_ROUND_SECONDS,
    },
  ]);
}

interface RunCoverage {
  readonly entries: readonly CoverageEntry[];
  /** What no unit has told, because none could. */
  readonly untold: readonly CoverageEntry[];
  readonly unknown: number;
}

/** What the units of the run said of what they read; a unit that said nothing has failed. */
async function coverageOf(
  runId: string,
  accountIds: readonly string[],
  missing: readonly RunUnit[],
  startedAt: string,
  { ledger, collectors, regions }: FinishDependencies,
): Promise<RunCoverage> {
  const summaries = await summariesOf(ledger, accountIds, startedAt);
  const phases = phasesOf(collectors);
  const entries = summaries.flatMap(({ coverage }) => coverage);
  const isRead = new Set(entries.map(scopeName));
  const lost = missing.flatMap((unit) =>
    (phases[unit.phase] ?? [])
      .map(({ service }) => notScanned(unit, service))
      .filter((entry) => !isRead.has(scopeName(entry))),
  );
  const leftOut = (await readLeftOut(ledger, runId)).flatMap((account) =>
    excludedAccount(account, regions).flatMap((target) => coverageOfExcluded(target, collectors)),
  );
  const ofAccounts = summaries.filter(({ key }) => key === ACCOUNT_SUMMARY).flatMap(({ coverage }) => coverage);
  return {
    entries: [...entries, ...lost, ...leftOut],
    untold: [...lost, ...ofAccounts.filter(isIncomplete)],
    unknown: summaries.reduce((sum, { unknown }) => sum + unknown, 0),
  };
}

function scopeName({ accountId, region, service }: LedgerScope): string {
  return [accountId, region, service].join(' ');
}

function notScanned({ accountId, region }: RunUnit, service: string): CoverageEntry {
  return { accountId, region, service, status: 'failed', reason: 'the scan of it did not come to its end', gaps: [] };
}

/** Scopes whose unit never reported say so themselves, because the unit cannot. */
function* lostCoverage({ untold }: RunCoverage, at: Date): Generator<Look> {
  for (const entry of untold) {
    const { accountId, region, service } = entry;
    yield { scope: { accountId, region, service }, finding: coverageFinding(entry), observedAt: at.toISOString() };
  }
}

/** Accounts and regions that nobody asks for any more are closed after a while: a mistake in the scope can be undone. */
async function* leftScope(targets: readonly ScanTarget[], dependencies: FinishDependencies): AsyncGenerator<LedgerRow> {
  const { ledger, now, outOfScopeDays } = dependencies;
  const inScope = new Set(
    [...targets, ...dependencies.targets].map(({ accountId, region }) => `${accountId} ${region}`),
  );
  const oldest = new Date(now().getTime() - outOfScopeDays * DAY_MS).toISOString();
  const left: LedgerScope[] = [];
  const places = new Map<string, Pick<LedgerScope, 'accountId' | 'region'>>();
  for await (const scope of ledger.scopes()) {
    const place = `${scope.accountId} ${scope.region}`;
    if (inScope.has(place)) continue;
    places.set(place, scope);
    if (scope.lookedAt < oldest) left.push(placeOf(scope));
  }
  // No scan goes there any more that would tell what a destination refused.
  const pending = interleave(
    places.values(),
    ({ accountId, region }) => ledger.pendingRows(accountId, region),
    SCOPES_AT_ONCE,
  );
  yield* pending;
  const coverage = left.map((scope): CoverageEntry => ({ ...scope, status: 'scanned', gaps: [] }));
  const closing = new ClosingScope(coverage, undefined);
  const options = { ...dependencies, closedBecause: 'out of scope' } as const;
  yield* closeUnseen(ledger, closing, new Set(), now().toISOString(), options);
}

function placeOf({ accountId, region, service }: LedgerScope): LedgerScope {
  return { accountId, region, service };
}

function publish(
  rows: AsyncIterable<LedgerRow>,
  { ledger, sinks, now }: FinishDependencies,
): Promise<readonly SinkReport[]> {
  return publishRows(rows, { ledger, sinks, now, keepNews: sinks.some(isDigesting) ? 'all' : 'nothing' });
}

function digestOf(
  { runId, startedAt }: FinishMessage,
  { entries, unknown, complete, finishedAt }: RunCoverage & { readonly complete: boolean; readonly finishedAt: string },
  { waivers, now }: FinishDependencies,
): DigestFacts {
  const soon = new Date(now().getTime() + EXPIRING_WITHIN_DAYS * DAY_MS).toISOString();
  return {
    group: 'hullcheck-scan',
    runId,
    kind: 'digest',
    startedAt,
    finishedAt,
    complete,
    // The ledger knows what is open, also in what this run did not reach.
    openBySeverity: { CRITICAL: 0, HIGH: 0, MEDIUM: 0, LOW: 0, INFORMATIONAL: 0 },
    unknown,
    scopesScanned: entries.filter(({ status }) => status === 'scanned').length,
    problems: entries.filter(isIncomplete).flatMap(({ accountId, region, service, reason, gaps }) => {
      const reasons = gaps.length === 0 ? [reason ?? 'it could not be read'] : gaps.map((gap) => gap.reason);
      return reasons.map((text) => ({ accountId, region, service, reason: text }));
    }),
    waiversExpiring: (waivers?.waivers ?? [])
      .filter(({ expiresAt }) => expiresAt > now().toISOString() && expiresAt <= soon)
      .map(({ id, owner, expiresAt }) => ({ id, owner, expiresAt })),
  };
}

function scopesOf(entries: readonly CoverageEntry[]): readonly string[] {
  return entries
    .filter(({ status }) => status === 'scanned' || status === 'partial')
    .map(({ accountId, region, service, cluster }) => [accountId, region, service, cluster ?? ''].join(' ').trim())
    .sort();
}

async function giveBack(runId: string, accountIds: readonly string[], { ledger }: FinishDependencies): Promise<void> {
  await pMap(accountIds, (accountId) => ledger.releaseLease(accountLease(accountId), runId), {
    concurrency: ACCOUNTS_AT_ONCE,
  });
}
