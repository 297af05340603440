import { paginateGetResources, ResourceGroupsTaggingAPIClient } from '@aws-sdk/client-resource-groups-tagging-api';
import { mapObserved, type Observed } from '../../domain/observed.ts';
import type { CollectorContext } from '../../domain/ports.ts';

export type TagsByArn = ReadonlyMap<string, Readonly<Record<string, string>>>;

/**
 * The tags of all repositories, a hundred tagged repositories a call; a repository that is not listed has none.
 *
 * @param only the one repository to ask about
 */
export async function readRepositoryTags(context: CollectorContext, only?: string): Promise<Observed<TagsByArn>> {
  const client = context.clientFor(ResourceGroupsTaggingAPIClient);
  const listing = context.readPages(
    'tag:GetResources',
    () =>
      only === undefined
        ? paginateGetResources({ client, pageSize: 100 }, { ResourceTypeFilters: ['ecr:repository'] })
        : // Named resources are one page, for which no page size may be given.
          paginateGetResources({ client }, { ResourceARNList: [only] }),
    (page) => page.ResourceTagMappingList,
  );
  const byArn = new Map<string, Readonly<Record<string, string>>>();
  let step = await listing.next();
  for (; step.done !== true; step = await listing.next()) {
    const { ResourceARN: arn, Tags: tags = [] } = step.value;
    const named = tags.flatMap(({ Key, Value }) => (Key === undefined ? [] : [[Key, Value ?? ''] as const]));
    if (arn !== undefined) byArn.set(arn, Object.fromEntries(named.sort(([left], [right]) => (left < right ? -1 : 1))));
  }
  return mapObserved(step.value, () => byArn);
}
