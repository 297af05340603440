import { classifyError } from '../aws/errors.ts';
import type { Slice, SliceBefore } from '../reports/build.ts';
import { type Manifest, ManifestError } from '../reports/manifest.ts';
import {
  keepStates,
  NoManifestError,
  type PreviousHead,
  type PreviousReport,
  readChained,
  readChainedHead,
  readManifest,
} from '../reports/previous.ts';
import type { IndexEntry, ReportKind } from '../reports/report-index.ts';
import { placeIn, type ReportStore } from '../reports/store.ts';

/** The report before, or why there is none to compare with. */
export interface Before<P extends PreviousHead> {
  readonly previous?: P;
  /** What the manifest of the next report names: known also where the report itself was changed. */
  readonly chain?: NonNullable<Manifest['previous']>;
  /** One sentence, where nothing can be compared. */
  readonly noTrendBecause?: string;
  /** What has to be said of the comparison. */
  readonly remarks: readonly string[];
  /** The date of the report before, as its folder is called. */
  readonly date?: string;
}

/** Reports that never came to their end are passed over, as many as this. */
const MAX_PASSED_OVER = 10;
/** A date, and the time with it where it was not the first of its date. */
const DATED = /^\d{4}-\d{2}-\d{2}(T[\d.]+)?$/;

/**
 * Finds the last report of a kind before a date. What stands in the way is said, and never ends the report.
 *
 * @param folder of all reports of the kind, with a slash at its end
 * @param inside the folder of the report below its date, with a slash at its end
 */
export async function findBefore(
  store: ReportStore,
  folder: string,
  date: string,
  inside: string,
): Promise<Before<PreviousReport>> {
  return find(store, folder, date, inside, (place, name) => readChained(place, name, keepStates));
}

/** The same without its findings, where what has changed is known already. */
export async function findHeadBefore(
  store: ReportStore,
  folder: string,
  date: string,
  inside: string,
): Promise<Before<PreviousHead>> {
  return find(store, folder, date, inside, async (place, name) => {
    const { head, chain } = await readChainedHead(place, name);
    return { report: head, chain };
  });
}

/**
 * What came before a slice: its own report of the same date as that of the whole. Where that cannot be used, changes are
 * still known from the whole, and its line of numbers begins anew.
 */
export async function sliceBefore(
  store: ReportStore,
  { path, slice }: Pick<IndexEntry, 'path'> & { readonly slice: Slice },
  { kind, before }: { readonly kind: ReportKind; readonly before: Before<PreviousHead> },
): Promise<SliceBefore & Pick<Before<never>, 'chain'>> {
  if (before.date === undefined) return {};
  const name = `reports/${kind}/${before.date}/${path}`;
  const place = placeIn(store, name);
  const what = slice.kind === 'account' ? `account ${slice.id}` : `organizational unit ${slice.id}`;
  try {
    const { head, chain } = await readChainedHead(place, name);
    return { previous: head, chain, remarks: before.remarks };
  } catch (error) {
    const why =
      error instanceof NoManifestError
        ? `On ${before.date} there was no report about the ${what}`
        : `The report of ${before.date} about the ${what} cannot be used (${sentenceOf(error)})`;
    const remark = `${why}: what has changed is taken from the report on everything, and the line of numbers begins here.`;
    return { remarks: [...before.remarks, remark], ...(await chainOf(place, name)) };
  }
}

/** The place in the chain of what has no findings to compare: a snapshot. */
export async function findChainBefore(
  store: ReportStore,
  folder: string,
  date: string,
): Promise<Pick<Before<never>, 'chain' | 'noTrendBecause'>> {
  return find<never>(store, folder, date, '', async (place, name) => {
    const { manifest, sha256 } = await readManifest(place, name);
    return { chain: { runId: manifest.runId, manifestSha256: sha256 } };
  });
}

/**
 * Finds a report that is later than a date. What is made after it would be of a later state than its date says, and the
 * chain would have two ends.
 *
 * @throws what the store throws, except where the folder cannot be listed: that is said by what looks for the one before
 */
export async function findLater(
  store: ReportStore,
  folder: string,
  date: string,
  inside: string,
): Promise<string | undefined> {
  let dates: readonly string[];
  try {
    dates = (await store.folders(folder)).filter((name) => DATED.test(name) && name > date).sort();
  } catch {
    return undefined;
  }
  for (const one of dates.toReversed().slice(0, MAX_PASSED_OVER)) {
    const name = `${folder}${one}/${inside}`;
    try {
      await readManifest(placeIn(store, name), name);
      return one;
    } catch (error) {
      if (error instanceof NoManifestError) continue;
      // One that was changed was a report.
      if (error instanceof ManifestError) return one;
      throw error;
    }
  }
  return undefined;
}

type Read<P> = (
  place: ReturnType<typeof placeIn>,
  name: string,
) => Promise<{ readonly report?: P; readonly chain: NonNullable<Manifest['previous']> }>;

async function find<P extends PreviousHead>(
  store: ReportStore,
  folder: string,
  date: string,
  inside: string,
  read: Read<P>,
): Promise<Before<P>> {
  let dates: readonly string[];
  try {
    dates = (await store.folders(folder)).filter((name) => DATED.test(name) && name < date).sort();
  } catch (error) {
    return { remarks: [], noTrendBecause: `The reports before could not be listed: ${sentenceOf(error)}` };
  }
  const remarks: string[] = [];
  for (const one of dates.toReversed().slice(0, MAX_PASSED_OVER)) {
    const name = `${folder}${one}/${inside}`;
    const place = placeIn(store, name);
    try {
      const { report, chain } = await read(place, name);
      return { ...(report === undefined ? {} : { previous: report }), chain, remarks, date: one };
    } catch (error) {
      if (error instanceof NoManifestError) {
        remarks.push(`The report of ${one} never came to its end: this one is compared with one before it.`);
        continue;
      }
      const noTrendBecause = `There is no comparison, because the report of ${one} cannot be used: ${sentenceOf(error)}`;
      return { remarks: [], noTrendBecause, ...(await chainOf(place, name)), date: one };
    }
  }
  return {
    remarks: [],
    noTrendBecause:
      dates.length === 0
        ? 'This is the first report of its kind: there is nothing yet to compare it with.'
        : `There is no comparison, because none of the last ${Math.min(dates.length, MAX_PASSED_OVER)} reports came to its end.`,
  };
}

/** A report that was changed has its manifest still, as a rule. */
async function chainOf(place: ReturnType<typeof placeIn>, name: string): Promise<Pick<Before<never>, 'chain'>> {
  try {
    const { manifest, sha256 } = await readManifest(place, name);
    return { chain: { runId: manifest.runId, manifestSha256: sha256 } };
  } catch {
    // The report says already that the one before cannot be used.
    return {};
  }
}

export function sentenceOf(error: unknown): string {
  return error instanceof ManifestError ? error.message : classifyError(error, 's3:GetObject').message;
}
