import type { Finding } from '../domain/finding.ts';
import type { TagLookup } from '../domain/waiver.ts';

/**
 * Puts the tags that routes ask for on findings: routes are looked up when only the finding is at hand. Tags that could
 * not be read, or that the resource does not carry, are left out.
 *
 * @param keys in the order in which they stand on the finding
 */
export function* withRoutingTags(
  findings: Iterable<Finding>,
  keys: readonly string[],
  tagsOf: TagLookup,
): Generator<Finding> {
  for (const finding of findings) {
    const tags = tagsOf(finding.resource);
    const carried = tags?.known === true ? new Map(Object.entries(tags.value)) : undefined;
    const wanted = keys.flatMap((key) => {
      const value = carried?.get(key);
      return value === undefined ? [] : [[key, value] as const];
    });
    yield wanted.length === 0 ? finding : { ...finding, tags: Object.fromEntries(wanted) };
  }
}
