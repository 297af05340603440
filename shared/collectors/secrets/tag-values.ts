import { known } from '../../domain/observed.ts';
import type { Resource, ResourceBase } from '../../domain/resource.ts';
import type { Classifier } from './classifier.ts';

/** What stands in the place of a tag value that looks like a secret. */
const WITHHELD = '(withheld: looks like a secret)';

/**
 * The resource without tag values that look like secrets. Tags are the one free text that is shown as it is, in
 * inventories and in findings, because people search and waive by them; AWS asks not to put secrets there, and some do.
 *
 * @throws only what `classify` throws
 * @see https://docs.aws.amazon.com/tag-editor/latest/userguide/tagging.html
 */
async function withoutSecretTags<R extends Resource>(resource: R, classify: Classifier): Promise<R> {
  const { tags } = resource as ResourceBase<string>;
  if (tags?.known !== true) return resource;
  const secret = new Set<string>();
  for (const [key, value] of Object.entries(tags.value)) {
    const { detections } = await classify(key, value);
    if (detections.some(({ confidence }) => confidence === 'value')) secret.add(key);
  }
  if (secret.size === 0) return resource;
  const shown = Object.entries(tags.value).map(([key, value]) => [key, secret.has(key) ? WITHHELD : value] as const);
  return { ...resource, tags: known(Object.fromEntries(shown)) };
}

/**
 * The items of a collector, with no tag values among them that look like secrets. Everything that reads an account goes
 * through here, a whole scan and a look at one resource alike.
 */
export async function* itemsWithoutSecretTags<I extends object>(
  items: AsyncIterable<I>,
  classify: Classifier,
): AsyncGenerator<I> {
  for await (const item of items) {
    if (!('resource' in item)) yield item;
    else yield { ...item, resource: await withoutSecretTags(item.resource as Resource, classify) };
  }
}
