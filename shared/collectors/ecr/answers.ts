import { errorName } from '../../aws/errors.ts';
import { known, type Observed, type Unreadable, unknown } from '../../domain/observed.ts';
import type { CollectorContext, IamAction } from '../../domain/ports.ts';

/** A repository that was deleted between the listing and a later call: nothing is said about it, not even a gap. */
export const GONE = 'gone';
export type Gone = typeof GONE;

const REPOSITORY_GONE = 'RepositoryNotFoundException';

/** What became of a repository while it was being read. */
export class Presence {
  gone = false;

  /** Ends a pagination quietly when the repository is gone. */
  async *pages<P>(pages: AsyncIterable<P>): AsyncGenerator<P> {
    try {
      yield* pages;
    } catch (error) {
      if (errorName(error) !== REPOSITORY_GONE) throw error;
      this.gone = true;
    }
  }
}

/**
 * Reads a policy text that may not exist.
 *
 * @param absentError the exception that says there is none
 * @returns the text, null where there is none, {@link GONE} where the repository itself is not there any more
 */
export async function readPolicyText(
  context: CollectorContext,
  operation: IamAction,
  absentError: string,
  call: () => Promise<string | undefined>,
  resource: string,
): Promise<Observed<string | null> | Gone> {
  const answer = await context.readOptional(
    operation,
    [REPOSITORY_GONE],
    async () => {
      try {
        return { text: await call() };
      } catch (error) {
        if (errorName(error) === absentError) return { text: null };
        throw error;
      }
    },
    { resource },
  );
  if (!answer.known) return answer;
  if (answer.value === null) return GONE;
  const { text } = answer.value;
  return text === undefined ? invalidAnswer(context, operation, 'without a policy text', resource) : known(text);
}

/** An answer that lacks what the service always says: unknown, and a gap. */
export function invalidAnswer(
  context: CollectorContext,
  operation: IamAction,
  what: string,
  resource: string,
): { readonly known: false; readonly reason: Unreadable } {
  const message = `${operation} answered ${what}.`;
  context.reportGap({ operation, cause: 'invalid-answer', reason: message, resource });
  const reason: Unreadable = { kind: 'unreadable', cause: 'invalid-answer', operation, message };
  return unknown(reason) as { known: false; reason: Unreadable };
}

/** Flattens "could the text be read" and "does the text make sense". */
export function parsed<T>(text: Observed<string | null>, parse: (text: string) => Observed<T>): Observed<T | null> {
  if (!text.known) return text;
  return text.value === null ? known(null) : parse(text.value);
}
