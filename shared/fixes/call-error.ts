import { classifyError, errorName } from '../aws/errors.ts';
import type { UnreadableCause } from '../domain/observed.ts';
import type { IamAction } from '../domain/ports.ts';

/** Raised where AWS did not do what a fix asked for; the message is one sentence for people. */
export class FixCallError extends Error {
  override readonly name = 'FixCallError';
  readonly operation: IamAction;
  override readonly cause: UnreadableCause;

  constructor(operation: IamAction, error: unknown) {
    const { cause, message } = classifyError(error, operation);
    super(sentence(operation, error, cause, message));
    this.operation = operation;
    this.cause = cause;
  }
}

function sentence(operation: IamAction, error: unknown, cause: UnreadableCause, message: string): string {
  // A role that cannot be assumed: the words are ours.
  if (error instanceof Error && error.name === 'CredentialsProviderError') return error.message;
  if (cause === 'denied') return `${operation} was denied: allow ${operation} in the policy of the responding role.`;
  if (cause !== 'failed') return message;
  // AWS's own words on what is wrong with a request are the only ones there are; its codes alone say little.
  const words = error instanceof Error ? error.message.replaceAll(/\s+/g, ' ').slice(0, 300) : '';
  return words === '' ? message : `${operation} was refused (${errorName(error)}): ${words}`;
}
