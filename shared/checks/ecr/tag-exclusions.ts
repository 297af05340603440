import { filterReachesReleases, isAuxiliaryTag } from '../../domain/ecr-tags.ts';
import type { ResourceByType } from '../../domain/resource.ts';
import { type Evidence, failed, passed, unknownBecause, type Verdict } from '../../domain/verdict.ts';
import { matchesEverything, matchesWildcard } from '../../domain/wildcard.ts';

type Repository = ResourceByType['AwsEcrRepository'];

const UNKNOWN_FILTER = unknownBecause({
  kind: 'undecidable',
  message: 'A filter of the tag mutability setting is of a type that is not known here.',
});

/**
 * Tags are immutable but for those that a filter matches. Caches and the tags of signatures move by design; a filter
 * that reaches tags which are deployed, or release tags, opens what immutability is for.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-tag-mutability.html
 */
export function judgeImmutableWithExclusions(repository: Repository): Verdict {
  const { tagMutabilityExclusions, images, usesListed } = repository;
  const evidence = tagMutabilityExclusions.flatMap(({ filter }) => openTags(filter, repository));
  if (evidence.length > 0) return failed('deployed or release tags are excluded from immutability', evidence);
  if (tagMutabilityExclusions.some(({ type }) => type !== 'WILDCARD')) return UNKNOWN_FILTER;
  const doubtful = tagMutabilityExclusions.filter(({ filter }) => !isAuxiliaryTag(filter));
  if (doubtful.length === 0) return passed();
  if (!images.known) return unknownBecause(images.reason);
  // A tag that exists and is not known to be deployed may be deployed by what could not be read.
  const matchesTags = images.value.byExclusion.some(({ tags }) => tags.count > 0);
  return matchesTags && !usesListed.known ? unknownBecause(usesListed.reason) : passed();
}

function openTags(filter: string, { deployedTags, images }: Repository): Evidence[] {
  const deployed = deployedTags.filter((tag) => matchesWildcard(filter, tag));
  const released = images.known
    ? (images.value.byExclusion.find((matches) => matches.filter === filter)?.releaseTags.first ?? [])
    : [];
  if (deployed.length === 0 && released.length === 0 && !filterReachesReleases(filter)) return [];
  return [
    {
      path: `imageTagMutabilityExclusionFilters[${filter}]`,
      observed: [...new Set([...deployed, ...released])].slice(0, 10),
      expected: 'a filter that matches no deployed or release tag',
    },
  ];
}

/**
 * Tags are mutable but for those that a filter matches: right only where the filters hold every tag that is deployed.
 * Where nothing is deployed by tag, they have to hold the release tags.
 */
export function judgeMutableWithExclusions(repository: Repository): Verdict {
  const { tagMutabilityExclusions, deployedTags, images, usesListed } = repository;
  const filters = tagMutabilityExclusions.map(({ filter }) => filter);
  if (filters.some(matchesEverything)) return passed();
  if (tagMutabilityExclusions.some(({ type }) => type !== 'WILDCARD')) return UNKNOWN_FILTER;
  const open = deployedTags.filter((tag) => !filters.some((filter) => matchesWildcard(filter, tag)));
  if (open.length > 0) return mutable('deployedTags', open.slice(0, 10));
  if (deployedTags.length > 0 && usesListed.known) return passed();
  if (!images.known) return unknownBecause(images.reason);
  const { byExclusion, notExcluded } = images.value;
  const holdsSome = byExclusion.some(({ tags }) => tags.count > 0);
  if (notExcluded.tags.count === 0 && holdsSome) return passed();
  if (!usesListed.known) return unknownBecause(usesListed.reason);
  const holdsReleases = byExclusion.some(({ releaseTags }) => releaseTags.count > 0);
  if (notExcluded.releaseTags.count === 0 && holdsReleases) return passed();
  return mutable('images.tags', notExcluded.tags.first);
}

function mutable(path: string, observed: readonly string[]): Verdict {
  return failed('deployed or release tags are mutable', [
    { path, observed, expected: 'tags that a filter of the immutable tags matches' },
  ]);
}
