import { callsOfType } from './collectors/calls-by-type.ts';
import { allChecks, SERVICES_READ, serviceOfCheck } from './composition-root.ts';
import type { LoadedConfig } from './config/load.ts';
import type { WaiverReference } from './domain/finding.ts';
import type { Inventory } from './domain/inventory.ts';
import type { Ledger } from './domain/ledger.ts';
import { isExpired, type WaiverSet } from './domain/waiver.ts';
import type { CheckRegistry } from './engine/registry.ts';
import { frameworks } from './frameworks/index.generated.ts';
import { type BuiltReport, buildReport, type Slice } from './reports/build.ts';
import { rowsOfInventory } from './reports/from-inventory.ts';
import { lookAtLedger, rowsOfLedger } from './reports/from-ledger.ts';
import type { AccountResult, ReportRow } from './reports/model.ts';
import type { PreviousHead, PreviousReport, PreviousRow } from './reports/previous.ts';
import type { StoredHead } from './reports/stored.ts';
import type { Closed } from './reports/tally.ts';
import { registerOfRows, registerOfScan, type WaiverCount } from './reports/waiver-register.ts';
import { ruleSetHash, type ScanResult } from './use-cases/evaluate-inventory.ts';

/** What every report needs, wherever its findings come from. */
export interface ReportOptions extends Pick<LoadedConfig, 'config' | 'parameters' | 'checkIds'> {
  readonly toolVersion: string;
  readonly now: () => Date;
  readonly waivers?: WaiverSet;
  readonly slice?: Slice;
  readonly title?: string;
  /** What has to be said of the comparison with the report before. */
  readonly trendRemarks?: readonly string[];
  /** Why there is nothing to compare with; one sentence. */
  readonly noTrendBecause?: string;
}

/** The report before, as far as it has to be known. */
interface Before<P extends PreviousHead> {
  readonly previous?: P;
}

const TITLE = 'Container security report';

/**
 * The report on one scan.
 *
 * @param registry the checks that were run
 */
export function reportOnScan(
  { services }: Pick<Inventory, 'services'>,
  { header, findings }: ScanResult,
  registry: CheckRegistry,
  options: ReportOptions & Before<PreviousReport<PreviousRow>>,
): Promise<BuiltReport> {
  const base = baseOf(options);
  const wasRun = (checkId: string) =>
    registry.find(checkId) !== undefined && services.includes(base.serviceOf(checkId) ?? '');
  const { startedAt, finishedAt, coverage, tool, complete } = header;
  return buildReport({
    ...base,
    source: 'inventory',
    rows: rowsOfInventory({
      startedAt,
      findings: findings(),
      coverage,
      serviceOf: base.serviceOf,
      wasRun,
      ...(options.previous === undefined ? {} : { previous: options.previous }),
    }),
    runId: startedAt,
    startedAt,
    finishedAt,
    tool,
    complete,
    coverage,
    wasRun,
    unitsOf: () => [],
    waiversOf: (count) =>
      header.waivers === undefined
        ? undefined
        : registerOfScan(header.waivers, options.waivers, options.slice === undefined ? undefined : count),
  });
}

/**
 * The report on what a ledger knows, and its slices: the ledger is read once for all of them.
 *
 * @throws EmptyLedgerError where no run has finished, what the ledger throws
 */
export async function reportOnLedger(
  ledger: Ledger,
  options: ReportOptions & Before<PreviousReport>,
): Promise<BuiltReport> {
  const look = await lookAtLedger(ledger);
  const { run, coverage, notLookedAt, scopes, unjudged } = look;
  const accounts = new Map<string, KnownAccount>();
  for (const accountId of new Set([...scopes, ...coverage].map((scope) => scope.accountId))) {
    const { organizationalUnits: units = [], name } = (await ledger.readAccount(accountId)) ?? {};
    accounts.set(accountId, { units, ...(name === undefined ? {} : { name }) });
  }
  const tool = { name: 'hullcheck', version: options.toolVersion, ruleSetHash: ruleSetOf(options) } as const;
  return buildReport({
    ...onLedger(options, accounts),
    rows: rowsOfLedger(ledger, look, {
      isValid: stillValid(options),
      ...(options.previous === undefined ? {} : { previous: options.previous }),
    }),
    runId: run.runId,
    startedAt: run.startedAt,
    finishedAt: run.finishedAt,
    tool,
    complete: run.complete,
    coverage,
    notLookedAt,
    unjudged,
  });
}

/**
 * A report on a ledger once more, from its own `report.json`: for slices that are still to be made.
 *
 * @param closed what was closed since the report before, by account
 */
export function reportOnStored(
  head: StoredHead,
  rows: AsyncIterable<ReportRow>,
  closed: ReadonlyMap<string, Closed>,
  options: ReportOptions & Before<PreviousHead>,
): Promise<BuiltReport> {
  const { runId, startedAt, finishedAt, createdAt, tool, complete, coverage, accounts, unjudged } = head;
  return buildReport({
    ...onLedger(options, new Map(accounts.map((account) => [account.accountId, account]))),
    rows: { rows, closed: () => closed },
    runId,
    startedAt,
    finishedAt,
    createdAt,
    tool,
    complete,
    coverage: coverage.entries,
    notLookedAt: coverage.notLookedAt,
    unjudged,
  });
}

/** Rows keep the waiver they were told with until the next run: what has expired or was taken back hides nothing here. */
function stillValid({ waivers, now }: ReportOptions): (waiver: WaiverReference) => boolean {
  const [at, ids] = [now(), waivers && new Set(waivers.waivers.map(({ id }) => id))];
  return (waiver) => !isExpired(waiver, at) && (ids === undefined || ids.has(waiver.id));
}

/** What an organization says of an account. */
type KnownAccount = Pick<AccountResult, 'name' | 'units'>;

/** What every report on a ledger has in common. */
function onLedger(options: ReportOptions & Before<PreviousHead>, accounts: ReadonlyMap<string, KnownAccount>) {
  const base = baseOf(options);
  return {
    ...base,
    source: 'ledger' as const,
    // Of a check that is switched off nobody has looked whether it would fail.
    wasRun: (checkId: string) =>
      SERVICES_READ.includes(base.serviceOf(checkId) ?? '') && options.checkIds?.includes(checkId) !== false,
    unitsOf: (accountId: string) => accounts.get(accountId)?.units ?? [],
    // What people call it goes before what it is called.
    accountNameOf: (accountId: string) => base.accountNameOf(accountId) ?? accounts.get(accountId)?.name,
    waiversOf: (count: WaiverCount) => registerOfRows(count, options.waivers, options.now()),
  };
}

/** What names the rules of a report. */
export function ruleSetOf({ parameters }: Pick<ReportOptions, 'parameters'>): string {
  return ruleSetHash(allChecks(), parameters);
}

function baseOf({
  config,
  now,
  previous,
  slice,
  title,
  trendRemarks,
  noTrendBecause,
}: ReportOptions & Before<PreviousHead>) {
  const registry = allChecks();
  const { checks } = registry;
  return {
    title: title ?? TITLE,
    createdAt: now().toISOString(),
    frameworks,
    checks,
    serviceOf: (checkId: string) => serviceOfCheck(registry, checkId),
    apiCallsOf: (checkId: string) => {
      const type = registry.find(checkId)?.resourceType;
      return type === undefined ? [] : callsOfType(type);
    },
    accountNameOf: (accountId: string) => config.accountNames[accountId],
    ...(previous === undefined ? {} : { previous }),
    ...(slice === undefined ? {} : { slice }),
    ...(trendRemarks === undefined ? {} : { trendRemarks }),
    ...(noTrendBecause === undefined ? {} : { noTrendBecause }),
  };
}
