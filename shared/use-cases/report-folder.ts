/** The folder of a call, below that of its kind. */
export interface CallFolder<T> {
  readonly name: string;
  /** What this very call has written there. */
  readonly known: T | undefined;
  /** The time of another call that has made the day's, where that is later. */
  readonly later: string | undefined;
}

/** Raised for a time to come: its report would make every one until then too late. */
export class FutureReportError extends Error {
  override readonly name = 'FutureReportError';
}

/** What clocks may differ by. */
const CLOCK_SLACK_MS = 300_000;

/**
 * The folder of a call: the date of its time, or, where another call has made that of the date, one with the time beside
 * it. So no call writes over what another has made; by their names they stand in the order of their times.
 *
 * @param time ISO 8601, UTC
 * @param read what a call has written into a folder; undefined where none has
 * @throws FutureReportError; what `read` throws
 */
export async function folderOf<T extends { readonly scheduledFor: string }>(
  time: string,
  now: Date,
  read: (name: string) => Promise<T | undefined>,
): Promise<CallFolder<T>> {
  if (Date.parse(time) > now.getTime() + CLOCK_SLACK_MS) {
    throw new FutureReportError(`No report is made for ${time}, which is still to come.`);
  }
  const day = time.slice(0, 10);
  const known = await read(day);
  if (known === undefined || known.scheduledFor === time) return { name: day, known, later: undefined };
  const name = `${day}T${time.slice(11).replaceAll(/[:Z]/g, '')}`;
  const later = Date.parse(known.scheduledFor) > Date.parse(time) ? known.scheduledFor : undefined;
  return { name, known: await read(name), later };
}
