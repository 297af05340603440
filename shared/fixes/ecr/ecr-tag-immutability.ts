import { DescribeRepositoriesCommand, ECRClient, PutImageTagMutabilityCommand } from '@aws-sdk/client-ecr';
import { defineFix, refused } from '../fix.ts';
import { repositoryNameOf } from './repository-name.ts';

export type TagMutability = {
  readonly imageTagMutability: string;
  /** As `TYPE filter`, in the order of the repository. */
  readonly exclusionFilters: readonly string[];
};

/**
 * Makes tags immutable where nobody has made a choice yet. Exclusion filters are a choice: with mutability turned round
 * they would mean the opposite, so they are never rewritten.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-tag-mutability.html
 */
export const ecrTagImmutability = defineFix<'AwsEcrRepository', TagMutability>({
  id: 'ecr-tag-immutability',
  checks: ['ecr-repository-tags-immutable'],
  resourceType: 'AwsEcrRepository',
  does: 'makes the tags of a repository immutable where nothing is excluded',
  permissions: ['ecr:DescribeRepositories', 'ecr:PutImageTagMutability'],
  needsFacts: false,
  nameOf: repositoryNameOf,

  async read(place, { name }) {
    const client = place.clientFor(ECRClient);
    const { repositories } = await place.call('ecr:DescribeRepositories', () =>
      client.send(new DescribeRepositoriesCommand({ repositoryNames: [name] })),
    );
    const { imageTagMutability = 'unknown', imageTagMutabilityExclusionFilters = [] } = repositories?.[0] ?? {};
    return {
      imageTagMutability,
      exclusionFilters: imageTagMutabilityExclusionFilters.map(({ filterType, filter }) => `${filterType} ${filter}`),
    };
  },

  decide({ imageTagMutability, exclusionFilters }) {
    if (imageTagMutability !== 'MUTABLE' || exclusionFilters.length > 0) {
      return refused(
        `The repository is ${imageTagMutability} with filters (${exclusionFilters.join(', ')}) that somebody chose: change those that leave deployed or release tags mutable by hand.`,
      );
    }
    return {
      kind: 'change',
      says: 'Makes the tags of the repository immutable; a push that would move a tag, such as latest, is refused from then on.',
      wanted: { imageTagMutability: 'IMMUTABLE', exclusionFilters },
    };
  },

  async write(place, _change, { name: repositoryName }) {
    const client = place.clientFor(ECRClient);
    await place.call('ecr:PutImageTagMutability', () =>
      client.send(new PutImageTagMutabilityCommand({ repositoryName, imageTagMutability: 'IMMUTABLE' })),
    );
  },
});
