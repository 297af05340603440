import { collectors } from './collectors/index.generated.ts';
import { allChecks, SERVICES_READ, serviceOfCheck } from './composition-root.ts';
import type { LoadedConfig } from './config/load.ts';
import type { Inventory } from './domain/inventory.ts';
import type { Ledger } from './domain/ledger.ts';
import type { WaiverSet } from './domain/waiver.ts';
import type { CheckRegistry } from './engine/registry.ts';
import { frameworks } from './frameworks/index.generated.ts';
import { type BuiltReport, buildReport, type ReportInput } from './reports/build.ts';
import { rowsOfInventory } from './reports/from-inventory.ts';
import { type LedgerLook, lookAtLedger, rowsOfLedger } from './reports/from-ledger.ts';
import type { PreviousReport } from './reports/previous.ts';
import { registerOfRows, registerOfScan } from './reports/waiver-register.ts';
import { ruleSetHash, type ScanResult } from './use-cases/evaluate-inventory.ts';

/** What every report needs, wherever its findings come from. */
export interface ReportOptions extends Pick<LoadedConfig, 'config' | 'parameters'> {
  readonly toolVersion: string;
  readonly now: () => Date;
  readonly waivers?: WaiverSet;
  /** The report before. */
  readonly previous?: PreviousReport;
  readonly slice?: NonNullable<ReportInput['slice']>;
  readonly title?: string;
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
  options: ReportOptions,
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
    waiversOf: () => (header.waivers === undefined ? undefined : registerOfScan(header.waivers, options.waivers)),
  });
}

/**
 * The report on what a ledger knows.
 *
 * @param look what the ledger says of its last run, where that was read already (for several slices of one run)
 * @throws EmptyLedgerError where no run has finished, what the ledger throws
 */
export async function reportOnLedger(ledger: Ledger, options: ReportOptions, look?: LedgerLook): Promise<BuiltReport> {
  const { run, coverage, notLookedAt, scopes } = look ?? (await lookAtLedger(ledger));
  const units = new Map<string, readonly string[]>();
  for (const accountId of new Set(scopes.map((scope) => scope.accountId))) {
    units.set(accountId, (await ledger.readAccount(accountId))?.organizationalUnits ?? []);
  }
  const all = allChecks();
  const base = baseOf(options);
  return buildReport({
    ...base,
    source: 'ledger',
    rows: rowsOfLedger(ledger, { run, coverage, notLookedAt, scopes }, options.previous),
    runId: run.runId,
    startedAt: run.startedAt,
    finishedAt: run.finishedAt,
    tool: { name: 'hullcheck', version: options.toolVersion, ruleSetHash: ruleSetHash(all, options.parameters) },
    complete: run.complete,
    coverage,
    notLookedAt,
    wasRun: (checkId) => SERVICES_READ.includes(base.serviceOf(checkId) ?? ''),
    unitsOf: (accountId) => units.get(accountId) ?? [],
    waiversOf: (count) => registerOfRows(count, options.waivers, options.now()),
  });
}

function baseOf({ config, now, previous, slice, title }: ReportOptions) {
  const registry = allChecks();
  const { checks } = registry;
  const calls = new Map(collectors.map(({ service, permissions }) => [service, permissions] as const));
  return {
    title: title ?? TITLE,
    createdAt: now().toISOString(),
    frameworks,
    checks,
    serviceOf: (checkId: string) => serviceOfCheck(registry, checkId),
    apiCallsOf: (service: string) => calls.get(service) ?? [],
    accountNameOf: (accountId: string) => config.accountNames[accountId],
    ...(previous === undefined ? {} : { previous }),
    ...(slice === undefined ? {} : { slice }),
  };
}
