import { areaOf, type Check } from '../domain/check.ts';
import { type CoverageEntry, isIncomplete } from '../domain/coverage.ts';
import type { Framework } from '../domain/framework.ts';
import { mappingsByCheck } from './answers.ts';
import { ReportCounts } from './counts.ts';
import type { RowSource } from './from-inventory.ts';
import type {
  AccountResult,
  AreaResult,
  CheckResult,
  CoverageResult,
  Report,
  ReportHead,
  ReportRow,
  UnitResult,
  Unjudged,
  WaiverRecord,
} from './model.ts';
import { notJudged } from './model.ts';
import type { PreviousHead } from './previous.ts';
import { frameworkResult } from './requirements.ts';
import { spoolRows } from './spool.ts';
import { type Closed, closedIn, sumOf, type Tallies, Tally } from './tally.ts';
import { trendOf } from './trend.ts';
import { uuidOf } from './uuid.ts';
import type { WaiverCount } from './waiver-register.ts';
import { whatWasRead } from './what-was-read.ts';

/** More accounts than that are counted and not named. */
const MAX_NAMED = 10;

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
  /** What could not be judged and has no row. */
  readonly unjudged?: readonly Unjudged[];
  readonly frameworks: readonly Framework[];
  /** Every check there is. */
  readonly checks: readonly Check[];
  readonly wasRun: (checkId: string) => boolean;
  /** The service that reads what a check judges. */
  readonly serviceOf: (checkId: string) => string | undefined;
  /** The calls that have a part in what a check judges. */
  readonly apiCallsOf: (checkId: string) => readonly string[];
  readonly accountNameOf: (accountId: string) => string | undefined;
  /** The organizational units above an account, where they are known. */
  readonly unitsOf: (accountId: string) => readonly string[];
  /** The register of waivers, from what the rows say they hide; undefined where nothing says which there are. */
  readonly waiversOf: (count: WaiverCount) => readonly WaiverRecord[] | undefined;
  readonly previous?: PreviousHead;
  /** What has to be said of the comparison. */
  readonly trendRemarks?: readonly string[];
  /** Why there is nothing to compare with; one sentence. */
  readonly noTrendBecause?: string;
  /** Leaves out what is not of this part. */
  readonly slice?: ReportHead['slice'];
}

/** A report that holds its findings on the disk until it is disposed of. */
export interface BuiltReport extends Report {
  /**
   * The same about a part of it: from the findings that were laid aside, so that the parts add up to the whole (AU-7).
   * Changes are those of the whole; what came before in the chain is the part's own.
   */
  slice(slice: Slice, before?: SliceBefore): Promise<Report>;
  /** What was closed since the report before, by account. */
  readonly closed: ReadonlyMap<string, Closed>;
  dispose(): Promise<void>;
}

/** A deployment scans every few hours, and the slowest schedules once a day. */
const OLD_DAYS = 3;

export type Slice = NonNullable<ReportHead['slice']>;

/** What came before a slice in its own chain. */
export interface SliceBefore {
  /** Its own last report; left out where there is none, or none that can be read. */
  readonly previous?: PreviousHead;
  readonly remarks?: readonly string[];
}

/** Raised when a report is asked for about something that its source has never heard of. */
export class UnknownSliceError extends Error {
  override readonly name = 'UnknownSliceError';
}

/**
 * Counts and lays aside every finding in one pass; what the renderers get afterwards is the same for all of them.
 *
 * @throws UnknownSliceError where nothing is known of the slice that is asked for, what the source of the rows throws
 */
export async function buildReport(input: ReportInput): Promise<BuiltReport> {
  const counts = new ReportCounts(input.frameworks);
  const spool = await spoolRows(slicedRows(input), (row) => counts.add(row));
  const closed = input.rows.closed();
  if (counts.findings === 0 && input.slice !== undefined && !knownPlaces(input).some(inSlice(input))) {
    await spool.remove();
    throw new UnknownSliceError(unknownSentence(input, input.slice));
  }
  const isAsked = inSlice(input);
  return {
    head: headOf(
      input,
      counts,
      closedIn(closed, (accountId) => isAsked({ accountId })),
    ),
    rows: () => spool.rows(),
    closed,
    async slice(slice, { previous, remarks = [] } = {}) {
      const own = { ...input, slice };
      const isIn = inSlice(own);
      const isWanted = (accountId: string) => isIn({ accountId });
      const counted = new ReportCounts(input.frameworks);
      for await (const row of spool.rows(isWanted)) counted.add(row);
      const { previous: whole, trendRemarks: _, ...rest } = own;
      // Compared with the report before on the whole, whatever became of that on the part.
      const before = whole === undefined ? undefined : (previous ?? { ...whole, points: [] });
      const sliced = { ...rest, trendRemarks: remarks, ...(before === undefined ? {} : { previous: before }) };
      return { head: headOf(sliced, counted, closedIn(closed, isWanted)), rows: () => spool.rows(isWanted) };
    },
    dispose: () => spool.remove(),
  };
}

function headOf(input: ReportInput, counted: ReportCounts, closed: Closed): ReportHead {
  const { byCheck, parts, byAccount, byArea, total, findings, resources, worst } = counted;
  const coverage = coverageOf(input);
  const { counts, failedBySeverity } = total.part;
  const unjudged = (input.unjudged ?? []).filter(inSlice(input));
  const incompleteBecause = reasons(input, coverage, counts.stale, notJudged({ counts, unjudged }));
  const { source, title, runId, startedAt, finishedAt, createdAt, tool, slice, previous, noTrendBecause } = input;
  const accounts = accountsOf(input, byAccount);
  const waivers = input.waiversOf(counted.waived);
  return {
    schemaVersion: '1.0',
    // Weekly and monthly reports show the same run, and a ledger goes on after it: another content has another id.
    id: uuidOf(
      ...['report', source, title, runId, createdAt, tool.ruleSetHash, slice?.kind ?? '', slice?.id ?? ''],
      ...accounts.map(({ accountId }) => accountId),
    ),
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
    unjudged,
    failedBySeverity,
    resources,
    coverage,
    frameworks: input.frameworks.map((framework) =>
      frameworkResult(framework, {
        checks: input.checks,
        countsOf: (id, part) => {
          const { counts: whole } = byCheck.partOf(id);
          return part === undefined ? whole : parts.countsOf(part, whole);
        },
        wasRun: input.wasRun,
        ...whatWasRead(coverage, input.serviceOf),
        unjudgedOf: (id) => unjudged.reduce((sum, one) => sum + (one.checkId === id ? one.count : 0), 0),
      }),
    ),
    accounts,
    units: unitsOf(accounts),
    areas: areasOf(byArea, byCheck),
    checks: checksOf(input, byCheck),
    worst,
    ...(previous === undefined
      ? {}
      : { trend: trendOf(previous, counted, { runId, startedAt, tool, closed, remarks: input.trendRemarks ?? [] }) }),
    ...(previous === undefined && noTrendBecause !== undefined ? { noTrendBecause } : {}),
    ...(waivers === undefined ? {} : { waivers }),
  };
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

function knownPlaces({ coverage, notLookedAt = [] }: ReportInput): readonly { readonly accountId: string }[] {
  return [...coverage, ...notLookedAt];
}

function unknownSentence(input: ReportInput, { kind, id }: Slice): string {
  const accounts = [...new Set(knownPlaces(input).map(({ accountId }) => accountId))].sort();
  const known = kind === 'account' ? accounts : [...new Set(accounts.flatMap(input.unitsOf))].sort();
  const named = known.slice(0, MAX_NAMED).join(', ') || 'none';
  const more = known.length > MAX_NAMED ? `, and ${known.length - MAX_NAMED} more` : '';
  const [one, many] = kind === 'account' ? ['account', 'accounts'] : ['organizational unit', 'organizational units'];
  return `The ${input.source} knows nothing of the ${one} "${id}". It knows the ${many}: ${named}${more}.`;
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

/** A memory that nobody fills is no state of today; an inventory is what its reader has chosen. */
function isOld({ source, finishedAt, createdAt }: ReportInput): boolean {
  return source === 'ledger' && Date.parse(createdAt) - Date.parse(finishedAt) > OLD_DAYS * 86_400_000;
}

function reasons(
  input: ReportInput,
  { entries, notLookedAt }: CoverageResult,
  stale: number,
  unknown: number,
): string[] {
  const partly = entries.filter(isIncomplete).length;
  const isAnythingRead = entries.some(({ status }) => status === 'scanned' || status === 'partial');
  const sentences = [
    [isAnythingRead ? 0 : 1, 'Nothing was read.'],
    [
      isOld(input) ? 1 : 0,
      `No run has finished since ${input.finishedAt.slice(0, 10)}: what has changed since is not known.`,
    ],
    [partly, `${partly} ${partly === 1 ? 'scope' : 'scopes'} could not be read, or not to the end.`],
    [notLookedAt.length, `${notLookedAt.length} known scopes were not looked at in this run.`],
    [stale, `${stale} findings show what was known before: this run could not look at them again.`],
    // Where all was read, no verdict follows from what is there: that lacks nothing.
    [partly + notLookedAt.length > 0 ? unknown : 0, `${unknown} findings could not be judged.`],
  ] as const;
  const because = sentences.filter(([count]) => count > 0).map(([, sentence]) => sentence);
  return because.length === 0 && !input.complete && input.slice === undefined
    ? ['The run itself says that it is not complete.']
    : because;
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
  return service === undefined ? { apiCalls: [] } : { service, apiCalls: input.apiCallsOf(checkId) };
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
