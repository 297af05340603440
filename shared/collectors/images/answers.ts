import { type Unreadable, unknown } from '../../domain/observed.ts';
import type { CollectorContext, IamAction } from '../../domain/ports.ts';

/** An answer that cannot be used: unknown, and a gap. */
export function unreadable(
  context: CollectorContext,
  operation: IamAction,
  message: string,
  resource: string,
): { readonly known: false; readonly reason: Unreadable } {
  context.reportGap({ operation, cause: 'invalid-answer', reason: message, resource });
  const reason: Unreadable = { kind: 'unreadable', cause: 'invalid-answer', operation, message };
  return unknown(reason) as { known: false; reason: Unreadable };
}
