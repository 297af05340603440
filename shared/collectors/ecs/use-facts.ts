import type { CollectorContext } from '../../domain/ports.ts';
import { uidOf } from './definition-readers.ts';
import type { TaskDefinitionUseFact } from './model.ts';
import { present } from './present.ts';
import { UseBook } from './uses.ts';

/** What is used by whom, as facts for a later look at a single family. */
export function useFacts(context: CollectorContext, uses: UseBook): readonly TaskDefinitionUseFact[] {
  const { accountId, region } = context;
  return uses.all().map(({ kind, family, revision, use }) => ({
    kind: 'task-definition-use',
    key: uidOf(context, kind, family),
    accountId,
    region,
    observedAt: context.now.toISOString(),
    ...present('revision', revision),
    use,
  }));
}

/** The uses that were stated. */
export function useBookFrom(context: CollectorContext, facts: readonly TaskDefinitionUseFact[]): UseBook {
  const book = new UseBook(context);
  for (const { key, revision, use } of facts) book.add(revision === undefined ? key : `${key}:${revision}`, use);
  return book;
}
