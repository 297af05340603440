import { z } from 'zod';
import type { Slice } from './build.ts';
import { type Manifest, manifestHash } from './manifest.ts';
import type { AccountResult, ReportHead } from './model.ts';
import type { Closed } from './tally.ts';

export const REPORT_KINDS = ['weekly', 'monthly'] as const;
export type ReportKind = (typeof REPORT_KINDS)[number];

/** The file that lists the reports of one date, beside the folder of each. */
export const INDEX = 'index.json';
/** The folder of the report on everything. */
export const WHOLE = 'organization/';

const number = z.number().int().min(0);

const entrySchema = z.object({
  /** Missing where it is about everything. */
  slice: z.object({ kind: z.enum(['account', 'unit']), id: z.string() }).optional(),
  name: z.string().optional(),
  /** The folder of the report, from here; ends in a slash. */
  path: z.string(),
  findings: number,
  failures: number,
  accepted: number,
  complete: z.boolean(),
  /** Missing as long as the report is still to be made. */
  manifestSha256: z.string().optional(),
});

const indexSchema = z.object({
  schemaVersion: z.literal('1.0'),
  kind: z.enum(REPORT_KINDS),
  /** The time of the schedule: whoever calls again with it gets no second report. */
  scheduledFor: z.string(),
  runId: z.string(),
  startedAt: z.string(),
  /** Whether every report is made. */
  finished: z.boolean(),
  /** What was closed since the report before, by account: also of accounts that have no report any more. */
  closed: z.record(z.string(), z.object({ gone: number, left: number })).default({}),
  reports: z.array(entrySchema),
});

/** What an index says of one report. */
export type IndexEntry = z.infer<typeof entrySchema>;
/** All reports of one date, those first that are about most. */
export type ReportIndex = z.infer<typeof indexSchema>;

/** @returns undefined for what is no index: then everything is made anew */
export function parseIndex(text: string): ReportIndex | undefined {
  try {
    return indexSchema.safeParse(JSON.parse(text)).data;
  } catch {
    // No JSON is no index either.
    return undefined;
  }
}

/** The report on everything, and what is still to be made of it: one report for each account and organizational unit. */
export function plannedIndex(
  { head, closed }: { readonly head: ReportHead; readonly closed: ReadonlyMap<string, Closed> },
  {
    kind,
    scheduledFor,
    manifestSha256,
  }: Pick<ReportIndex, 'kind' | 'scheduledFor'> & { readonly manifestSha256: string },
): ReportIndex {
  const { runId, startedAt, accounts, units, coverage } = head;
  const looked = new Set(
    [...coverage.entries.filter(({ status }) => status !== 'excluded'), ...coverage.notLookedAt].map(
      ({ accountId }) => accountId,
    ),
  );
  const wanted = accounts.filter((account) => findingsOf(account) > 0 || looked.has(account.accountId));
  const ofAccounts = wanted.map((account) => ({
    slice: { kind: 'account' as const, id: account.accountId },
    ...(account.name === undefined ? {} : { name: account.name }),
    ...numbersOf(account, account.complete),
  }));
  // The root has everything below it, as the whole has.
  const ofUnits = units
    .filter(({ unit }) => unit.startsWith('ou-'))
    .map((unit) => {
      const own = accounts.filter((account) => account.units.includes(unit.unit));
      return {
        slice: { kind: 'unit' as const, id: unit.unit },
        ...numbersOf(
          unit,
          own.every(({ complete }) => complete),
        ),
      };
    });
  const whole = {
    path: WHOLE,
    ...numbersOf(head, head.complete),
    manifestSha256,
  };
  const slices = [...ofUnits, ...ofAccounts].map((entry) => ({ ...entry, path: pathOf(entry.slice) }));
  return {
    schemaVersion: '1.0',
    kind,
    scheduledFor,
    runId,
    startedAt,
    finished: slices.length === 0,
    closed: Object.fromEntries(closed),
    reports: [whole, ...slices],
  };
}

/** The index with one more report made. */
export function withMade(index: ReportIndex, path: string, manifest: Manifest): ReportIndex {
  const made = { complete: manifest.complete, manifestSha256: manifestHash(manifest) };
  const reports = index.reports.map((entry) => (entry.path === path ? { ...entry, ...made } : entry));
  return { ...index, reports };
}

/** The reports that are still to be made. */
export function unmade({ reports }: ReportIndex): readonly (IndexEntry & { readonly slice: Slice })[] {
  return reports.flatMap(({ slice, ...entry }) =>
    slice === undefined || entry.manifestSha256 !== undefined ? [] : [{ ...entry, slice }],
  );
}

function pathOf({ kind, id }: Slice): string {
  return `${kind === 'account' ? 'accounts' : 'units'}/${encodeURIComponent(id)}/`;
}

function findingsOf({ counts }: Pick<AccountResult, 'counts'>): number {
  return counts.FAILED + counts.UNKNOWN + counts.PASSED + counts.NOT_APPLICABLE;
}

function numbersOf({ counts }: Pick<AccountResult, 'counts'>, complete: boolean) {
  return {
    findings: findingsOf({ counts }),
    failures: counts.FAILED - counts.waived,
    accepted: counts.waived,
    complete,
  };
}
