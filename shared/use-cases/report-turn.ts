import { randomUUID } from 'node:crypto';
import type { Ledger } from '../domain/ledger.ts';

/** What keeps two invocations from writing the same reports at once. */
export interface Turns {
  readonly leases: Pick<Ledger, 'acquireLease' | 'releaseLease'>;
  readonly now: () => Date;
  /** Until the work must have ended. */
  readonly millisecondsLeft: () => number;
  readonly wait: (milliseconds: number) => Promise<void>;
}

/** Raised where another invocation has not come to its end: the retry finds it ended. */
export class BusyReportError extends Error {
  override readonly name = 'BusyReportError';
}

/** Between two looks. */
const ROUND_MS = 5_000;
/** With less no report is begun: the retry has all of its time. */
const ENOUGH_MS = 300_000;
/** What is on its way when an invocation is ended. */
const MARGIN_SECONDS = 30;

/**
 * Does work while no other invocation makes reports of the kind. Schedules and Lambda deliver at least once, and a second
 * delivery may come while the first is being worked: what both write would be of both, with the manifest of one.
 * A lease of one kind and not of one date, because reports of a kind are chained.
 *
 * The owner is the invocation and not the request: a second delivery has the id of the first. So what an invocation leaves
 * that dies is free when its time is over, and retries wait for that.
 *
 * @throws BusyReportError where the other is not done in time; what the work and the ledger throw
 * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
 */
export async function inTurn<T>(kind: string, turns: Turns, work: () => Promise<T>): Promise<T> {
  const { leases, now, millisecondsLeft, wait } = turns;
  const [name, owner] = [`report ${kind}`, randomUUID()];
  const seconds = () => Math.ceil(millisecondsLeft() / 1000) + MARGIN_SECONDS;
  while (!(await leases.acquireLease(name, owner, now(), seconds()))) {
    if (millisecondsLeft() < ENOUGH_MS) {
      throw new BusyReportError(
        `Another invocation makes ${kind} reports, and is not done yet: this one is tried again.`,
      );
    }
    await wait(ROUND_MS);
  }
  try {
    return await work();
  } finally {
    await leases.releaseLease(name, owner);
  }
}
