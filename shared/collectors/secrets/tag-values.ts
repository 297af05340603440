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
  const shown = await withholdSecretValues(tags.value, classify);
  return shown === tags.value ? resource : { ...resource, tags: known(shown) };
}

/**
 * Texts by key without values that look like secrets: tags, and labels of Kubernetes objects.
 *
 * @returns the same map where nothing had to be withheld
 * @throws only what `classify` throws
 */
export async function withholdSecretValues(
  values: Readonly<Record<string, string>>,
  classify: Classifier,
): Promise<Readonly<Record<string, string>>> {
  const shown: [key: string, value: string][] = [];
  for (const [key, value] of Object.entries(values)) shown.push([key, await withholdSecretValue(key, value, classify)]);
  return shown.every(([key, value]) => values[key] === value) ? values : Object.fromEntries(shown);
}

/** One such text: itself, or what stands in its place. */
export async function withholdSecretValue(key: string, value: string, classify: Classifier): Promise<string> {
  const { detections } = await classify(key, value);
  return detections.some(({ confidence }) => confidence === 'value') ? WITHHELD : value;
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
