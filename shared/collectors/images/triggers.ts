import type { Fact, FactLookup } from '../../domain/fact.ts';
import { ecrRepositoryKey } from '../../domain/image-reference.ts';
import { type ChangeEvent, onSwarms, type Touched, type Trigger, textAt } from '../../domain/trigger.ts';
import type { RepositoryImagesFact } from '../ecr/model.ts';

/** Of a repository or of an image in it; names may hold slashes. */
const ARN = /^arn:[\w-]+:ecr:([\w-]+):(\d{12}):repository\/(.+?)(?:\/(sha256:\w+))?$/;

/**
 * What is found in images. ECR tells the end of each basic scan; Inspector the first result of an image, every finding
 * by itself (by the thousand, when a vulnerability becomes known) and images that it no longer watches.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-eventbridge.html
 * @see https://docs.aws.amazon.com/inspector/latest/user/eventbridge-integration.html
 */
export const imagesTriggers: readonly Trigger[] = [
  onSwarms('aws.ecr', ['ECR Image Scan'], (event, facts) => {
    const name = textAt(event.detail, 'repository-name');
    return name === undefined ? [] : images(event, facts, name, textAt(event.detail, 'image-digest'));
  }),
  onSwarms('aws.inspector2', ['Inspector2 Coverage', 'Inspector2 Finding', 'Inspector2 Scan'], (event, facts) =>
    event.resources.flatMap((arn) => {
      const [, region, accountId, name, digest] = ARN.exec(arn) ?? [];
      if (region === undefined || accountId === undefined || name === undefined) return [];
      // Whoever administers Inspector for an organization is told what is found in its members.
      const place = { accountId, region };
      return images(place, facts, name, digest ?? textAt(event.detail, 'image-digest'));
    }),
  ),
];

/** What the images of a repository are judged by has changed: which run, which are the newest, who runs them. */
export function touchedByFact(fact: Fact): Touched | undefined {
  if (fact.kind !== 'repository-images') return undefined;
  const { accountId, region, repositoryName: name } = fact;
  return { service: 'images', accountId, region, resource: { type: 'AwsEcrContainerImage', name } };
}

/** A repository that nobody has stated yet is read by who states it: its images follow, as that changes a fact. */
function images(
  { accountId, region }: Pick<ChangeEvent, 'accountId' | 'region'>,
  facts: FactLookup,
  name: string,
  digest: string | undefined,
): readonly Touched[] {
  const [stated] = facts.about('repository-images', ecrRepositoryKey({ accountId, region, repository: name })).facts;
  if (stated === undefined) {
    return [{ service: 'ecr', accountId, region, resource: { type: 'AwsEcrRepository', name } }];
  }
  if (digest !== undefined && concernsNothingLookedAt(stated, digest)) return [];
  return [{ service: 'images', accountId, region, resource: { type: 'AwsEcrContainerImage', name } }];
}

/**
 * Whether a digest is certainly none that is judged: most events are about images that nobody runs any more. Which
 * images an index leads to is not known here.
 */
function concernsNothingLookedAt({ images: stated }: RepositoryImagesFact, digest: string): boolean {
  if (!stated.known) return false;
  const judged = [...stated.value.running, ...stated.value.newest];
  return judged.every((image) => !image.isIndex && image.digest !== digest);
}
