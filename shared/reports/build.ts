import { areaOf, type Check } from '../domain/check.ts';
import { type CoverageEntry, isIncomplete } from '../domain/coverage.ts';
import type { Framework } from '../domain/framework.ts';
import { WorstFirst } from '../sinks/worst-first.ts';
import { mappingsByCheck } from './answers.ts';
import type { RowSource } from './from-inventory.ts';
import type {
  AccountResult,
  AreaResult,
  Change,
  CheckResult,
  CoverageResult,
  Report,
  ReportHead,
  ReportRow,
  Trend,
  UnitResult,
  WaiverRecord,
} from './model.ts';
import { CHANGES } from './model.ts';
import { PartTallies } from './part-tallies.ts';
import type { PreviousReport } from './previous.ts';
import { frameworkResult } from './requirements.ts';
import { spoolRows } from './spool.ts';
import { sumOf, Tallies, Tally } from './tally.ts';
import { uuidOf } from './uuid.ts';
import { WaiverCount } from './waiver-register.ts';

/** What a report is made from. */
export interface ReportInput {
  readonly source: ReportHead['source'];
  readonly rows: RowSource;
  readonly title: string;
  readonly runId: string;
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly createdAt: string;
  readonly tool: ReportHead['tool'];
  /** Whether the run itself says that it read everything. */
  readonly complete: boolean;
  readonly coverage: readonly CoverageEntry[];
  readonly notLookedAt?: CoverageResult['notLookedAt'];
  readonly frameworks: readonly Framework[];
  /** Every check there is. */
  readonly checks: readonly Check[];
  readonly wasRun: (checkId: string) => boolean;
  /** The service that reads what a check judges. */
  readonly serviceOf: (checkId: string) => string | undefined;
  /** The calls that a service is read with. */
  readonly apiCallsOf: (service: string) => readonly string[];
  readonly accountNameOf: (accountId: string) => string | undefined;
  /** The organizational units above an account, where they are known. */
  readonly unitsOf: (accountId: string) => readonly string[];
  /** The register of waivers, from what the rows say they hide; undefined where nothing says which there are. */
  readonly waiversOf: (count: WaiverCount) => readonly WaiverRecord[] | undefined;
  readonly previous?: PreviousReport;
  /** Leaves out what is not of this part. */
  readonly slice?: ReportHead['slice'];
}

/** A report that holds its findings on the disk until it is disposed of. */
export interface BuiltReport extends Report {
  dispose(): Promise<void>;
}

const WORST = 15;
/** A year of weekly reports. */
const MAX_POINTS = 53;

/**
 * Counts and lays aside every finding in one pass; what the renderers get afterwards is the same for all of them.
 *
 * @throws what the source of the rows throws
 */
export async function buildReport(input: ReportInput): Promise<BuiltReport> {
  const total = new Tally();
  const [byCheck, byAccount, byArea] = [new Tallies(), new Tallies(), new Tallies()];
  const parts = new PartTallies(input.frameworks);
  const byChange = Object.fromEntries(CHANGES.map((change) => [change, 0])) as Record<Change, number>;
  const notRescanned = new Map<string, number>();
  const worst = new WorstFirst<ReportRow>(WORST, ({ finding }) => finding);
  const resources = new Set<string>();
  const waived = new WaiverCount();
  let [findings, staleFailures] = [0, 0];
  const spool = await spoolRows(slicedRows(input), (row) => {
    const { finding, change, stale } = row;
    const { accountId } = finding.resource;
    findings += 1;
    resources.add(`${accountId} ${finding.resource.region} ${finding.resource.uid}`);
    total.add(row);
    waived.add(row);
    byCheck.add(finding.checkId, row);
    parts.add(row);
    byAccount.add(accountId, row);
    byArea.add(areaOf(finding.checkId) ?? 'other', row);
    if (change !== undefined) byChange[change] += 1;
    if (change === 'not rescanned') notRescanned.set(accountId, (notRescanned.get(accountId) ?? 0) + 1);
    if (finding.status !== 'FAILED' || finding.waiver !== undefined) return;
    if (stale !== undefined) staleFailures += 1;
    if (finding.inUse !== 'no') worst.add(row);
  });
  byChange.gone += input.rows.gone();
  const coverage = coverageOf(input);
  const { counts, failedBySeverity } = total.part;
  const incompleteBecause = reasons(input, coverage, counts.stale, counts.UNKNOWN);
  const { source, title, runId, startedAt, finishedAt, createdAt, tool, slice, previous } = input;
  const failed = counts.FAILED - counts.waived;
  const accounts = accountsOf(input, byAccount);
  const waivers = input.waiversOf(waived);
  const head: ReportHead = {
    schemaVersion: '1.0',
    id: uuidOf('report', source, runId, tool.ruleSetHash, slice?.kind ?? '', slice?.id ?? ''),
    title,
    source,
    createdAt,
    runId,
    startedAt,
    finishedAt,
    tool,
    ...(slice === undefined ? {} : { slice }),
    complete: incompleteBecause.length === 0,
    incompleteBecause,
    findings,
    counts,
    failedBySeverity,
    resources: resources.size,
    coverage,
    frameworks: input.frameworks.map((framework) =>
      frameworkResult(framework, {
        checks: input.checks,
        countsOf: (id, part) => {
          const { counts: whole } = byCheck.partOf(id);
          return part === undefined ? whole : parts.countsOf(part, whole);
        },
        wasRun: input.wasRun,
        wasReadWhole: readWhole(input, coverage),
      }),
    ),
    accounts,
    units: unitsOf(accounts),
    areas: areasOf(byArea, byCheck),
    checks: checksOf(input, byCheck),
    worst: worst.items,
    ...(previous === undefined
      ? {}
      : { trend: trendOf(previous, { byChange, notRescanned, at: startedAt, failed, stale: staleFailures }, tool) }),
    ...(waivers === undefined ? {} : { waivers }),
  };
  return { head, rows: spool.rows, dispose: spool.remove };
}

async function* slicedRows({ rows, slice, unitsOf }: ReportInput): AsyncGenerator<ReportRow> {
  for await (const row of rows.rows) {
    const { accountId } = row.finding.resource;
    if (slice?.kind === 'account' && accountId !== slice.id) continue;
    if (slice?.kind === 'unit' && !unitsOf(accountId).includes(slice.id)) continue;
    yield row;
  }
}

function inSlice({ slice, unitsOf }: ReportInput): (place: { readonly accountId: string }) => boolean {
  if (slice === undefined) return () => true;
  return ({ accountId }) => (slice.kind === 'account' ? accountId === slice.id : unitsOf(accountId).includes(slice.id));
}

function coverageOf(input: ReportInput): CoverageResult {
  const entries = input.coverage.filter(inSlice(input));
  const notLookedAt = (input.notLookedAt ?? []).filter(inSlice(input));
  const having = (status: CoverageEntry['status']) => entries.filter((entry) => entry.status === status).length;
  return {
    entries,
    notLookedAt,
    byStatus: {
      scanned: having('scanned'),
      partial: having('partial'),
      failed: having('failed'),
      excluded: having('excluded'),
      'not looked at': notLookedAt.length,
    },
  };
}

function reasons(
  input: ReportInput,
  { entries, notLookedAt }: CoverageResult,
  stale: number,
  unknown: number,
): string[] {
  const partly = entries.filter(isIncomplete).length;
  const sentences = [
    [partly, `${partly} ${partly === 1 ? 'scope' : 'scopes'} could not be read, or not to the end.`],
    [notLookedAt.length, `${notLookedAt.length} known scopes were not looked at in this run.`],
    [stale, `${stale} findings show what was known before: this run could not look at them again.`],
    [input.complete ? 0 : unknown, `${unknown} findings could not be judged.`],
  ] as const;
  const because = sentences.filter(([count]) => count > 0).map(([, sentence]) => sentence);
  return because.length === 0 && !input.complete && input.slice === undefined
    ? ['The run itself says that it is not complete.']
    : because;
}

/** Whether everything was read that a check has to see; what was excluded on purpose was not to be read. */
function readWhole({ serviceOf }: ReportInput, { entries, notLookedAt }: CoverageResult): (checkId: string) => boolean {
  const unread = new Set([...entries.filter(isIncomplete), ...notLookedAt].map(({ service }) => service));
  return (checkId) => !unread.has(serviceOf(checkId) ?? '') && !unread.has('account');
}

function accountsOf(input: ReportInput, byAccount: Tallies): AccountResult[] {
  const { entries, notLookedAt } = coverageOf(input);
  const ids = new Set([...byAccount.keys, ...entries.map(({ accountId }) => accountId)]);
  return [...ids].sort().map((accountId) => {
    const own = entries.filter((entry) => entry.accountId === accountId);
    const name = input.accountNameOf(accountId);
    return {
      accountId,
      ...(name === undefined ? {} : { name }),
      units: input.unitsOf(accountId),
      regions: [...new Set(own.map(({ region }) => region))].sort(),
      complete: !own.some(isIncomplete) && !notLookedAt.some((scope) => scope.accountId === accountId),
      ...byAccount.partOf(accountId),
    };
  });
}

function unitsOf(accounts: readonly AccountResult[]): UnitResult[] {
  const names = [...new Set(accounts.flatMap(({ units }) => units))].sort();
  return names.map((unit) => {
    const own = accounts.filter(({ units }) => units.includes(unit));
    const failedBySeverity = { ...new Tally().part.failedBySeverity };
    for (const { failedBySeverity: numbers } of own) {
      for (const severity of Object.keys(numbers) as (keyof typeof numbers)[]) {
        failedBySeverity[severity] += numbers[severity];
      }
    }
    return { unit, accounts: own.length, counts: sumOf(own.map(({ counts }) => counts)), failedBySeverity };
  });
}

function areasOf(byArea: Tallies, byCheck: Tallies): AreaResult[] {
  return byArea.keys.map((key) => {
    const area = key as AreaResult['area'];
    const checks = byCheck.keys.filter((id) => (areaOf(id) ?? 'other') === area).length;
    return { area, checks, ...byArea.partOf(key) };
  });
}

function serviceOf(checkId: string, input: ReportInput): Pick<CheckResult, 'service' | 'apiCalls'> {
  const service = input.serviceOf(checkId);
  return service === undefined ? { apiCalls: [] } : { service, apiCalls: input.apiCallsOf(service) };
}

/** Every check that was run or has a finding, with what a reader needs to follow it. */
function checksOf(input: ReportInput, byCheck: Tallies): CheckResult[] {
  const mappings = mappingsByCheck(input.frameworks, input.checks);
  const known = input.checks
    .filter(({ id }) => input.wasRun(id) || byCheck.keys.includes(id))
    .map(
      (check): CheckResult => ({
        id: check.id,
        title: check.title,
        severity: check.baseSeverity,
        rationale: check.rationale,
        ...(check.limits === undefined ? {} : { limits: check.limits }),
        remediation: check.remediation,
        ...serviceOf(check.id, input),
        mappings: (mappings.get(check.id) ?? []).map(({ framework, requirement, kind }) => ({
          framework: framework.id,
          requirement: requirement.id,
          kind,
        })),
        ...byCheck.partOf(check.id),
      }),
    );
  return known;
}

interface Now {
  readonly byChange: Trend['byChange'];
  readonly notRescanned: ReadonlyMap<string, number>;
  readonly at: string;
  readonly failed: number;
  readonly stale: number;
}

function trendOf(previous: PreviousReport, now: Now, { ruleSetHash }: ReportHead['tool']): Trend {
  return {
    previousRunId: previous.runId,
    previousAt: previous.startedAt,
    byChange: now.byChange,
    points: [...previous.points, { at: now.at, failed: now.failed, stale: now.stale }].slice(-MAX_POINTS),
    notRescanned: [...now.notRescanned]
      .map(([accountId, count]) => ({ accountId, count }))
      .sort((left, right) => right.count - left.count || (left.accountId < right.accountId ? -1 : 1)),
    remarks:
      previous.ruleSetHash === ruleSetHash
        ? []
        : ['The rules have changed since the report before, so that failures may be new without a change in AWS.'],
  };
}
