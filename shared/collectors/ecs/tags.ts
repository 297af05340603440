import type { Tag } from '@aws-sdk/client-ecs';

/** Tags as a record, in the order of their keys. */
export function tagsFrom(tags: readonly Tag[] | undefined): Readonly<Record<string, string>> {
  const entries = (tags ?? []).flatMap(({ key, value }) => (key === undefined ? [] : [[key, value ?? ''] as const]));
  return Object.fromEntries(entries.sort(([left], [right]) => (left < right ? -1 : 1)));
}
