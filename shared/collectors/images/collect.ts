import { ECRClient } from '@aws-sdk/client-ecr';
import { pMapIterable } from 'p-map';
import type { Unreadable } from '../../domain/observed.ts';
import type { CollectedItem, Collector, CollectorContext } from '../../domain/ports.ts';
import { collectOne } from './collect-one.ts';
import { Configurations } from './configurations.ts';
import { imageUserFacts } from './image-users.ts';
import { Layers } from './layers.ts';
import { readRepositoryImages } from './repository-images.ts';
import { imagesTriggers, touchedByFact } from './triggers.ts';

const REPOSITORIES_AT_ONCE = 8;

/**
 * Looks into the images that run, and into the newest of repositories of which none is known to. Which these are the
 * `ecr` collector has stated: nothing is listed again. For each of these images two calls (scan results and what is
 * attached), and once ever, as far as there is a ledger, a share of a call for its manifest and one for its
 * configuration; how many images a repository has makes no difference.
 */
export const imagesCollector: Collector = {
  service: 'images',
  resourceTypes: ['AwsEcrContainerImage'],
  permissions: [
    'ecr:BatchGetImage',
    'ecr:DescribeImageScanFindings',
    'ecr:DescribeImageSigningStatus',
    'ecr:GetDownloadUrlForLayer',
    'ecr:ListImageReferrers',
  ],
  producesFacts: ['image-user'],
  needsFacts: ['repository-images', 'running-image'],
  resourcesFollowFacts: ['repository-images'],
  collect,
  triggers: imagesTriggers,
  recheckableTypes: ['AwsEcrContainerImage'],
  collectOne,
  touchedByFact,
};

async function* collect(context: CollectorContext): AsyncGenerator<CollectedItem> {
  const { accountId, region } = context;
  const { facts, whyIncomplete } = context.facts.about('repository-images', undefined, { accountId, region });
  const own = facts.filter((fact) => fact.accountId === accountId && fact.region === region);
  const reader = {
    context,
    client: context.clientFor(ECRClient),
    configurations: new Configurations(context),
    layers: new Layers(context),
  };
  const repositories = pMapIterable(own, async (fact) => [fact, await readRepositoryImages(reader, fact)] as const, {
    concurrency: REPOSITORIES_AT_ONCE,
  });
  for await (const [fact, resource] of repositories) {
    yield { resource };
    for (const user of imageUserFacts(context, fact, resource)) yield { fact: user };
  }
  if (whyIncomplete === undefined) yield { factsComplete: 'image-user' };
  else if (whyIncomplete.kind === 'unreadable') context.reportGap(gapOf(whyIncomplete));
}

/** Images of repositories that could not be listed are not read either. */
function gapOf({ operation, cause, message: reason, missingPermission }: Unreadable) {
  return { operation, cause, reason, ...(missingPermission === undefined ? {} : { missingPermission }) };
}
