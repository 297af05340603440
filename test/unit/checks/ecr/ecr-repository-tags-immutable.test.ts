import { describe, expect, test } from 'vitest';
import { ecrRepositoryTagsImmutable as check } from '#shared/checks/ecr/ecr-repository-tags-immutable.ts';
import type { EcrImageSummary, EcrRepository } from '#shared/collectors/ecr/model.ts';
import { known, undecidable } from '#shared/domain/observed.ts';
import { imageSummary, repository, tagMatches } from '#test/factories/ecr.ts';
import { denied, judge } from '#test/support/judge.ts';

const UNREAD_PODS = undecidable('What the pods of the EKS clusters run was not read.');
const NO_USES = { deployedTags: [], inUse: 'no' } as const;

function withExclusion(
  tagMutability: string,
  filter: string,
  images: Partial<EcrImageSummary> = {},
  overrides: Partial<EcrRepository> = {},
): EcrRepository {
  return repository({
    tagMutability,
    tagMutabilityExclusions: [{ type: 'WILDCARD', filter }],
    images: known(imageSummary({ byExclusion: [{ filter, ...tagMatches() }], ...images })),
    ...overrides,
  });
}

test('PASSED when tags are immutable, even if the images could not be read', () => {
  expect(judge(check, repository({ images: denied('ecr:DescribeImages') })).status).toBe('PASSED');
});

test('FAILED when tags are mutable', () => {
  expect(judge(check, repository({ tagMutability: 'MUTABLE' }))).toMatchObject({
    status: 'FAILED',
    severity: 'MEDIUM',
    reason: 'tags are mutable',
    evidence: [{ path: 'imageTagMutability', observed: 'MUTABLE', expected: 'IMMUTABLE' }],
  });
});

test.for([['FROZEN'], [undefined]])('UNKNOWN when the setting is %s (T29: a value that is not known)', ([value]) => {
  const { tagMutability: _, ...rest } = repository();

  expect(judge(check, value === undefined ? rest : { ...rest, tagMutability: value })).toMatchObject({
    status: 'UNKNOWN',
    unknown: { kind: 'undecidable' },
  });
});

describe('T29, D20: IMMUTABLE_WITH_EXCLUSION', () => {
  const excluding = (filter: string, images: Partial<EcrImageSummary> = {}, overrides: Partial<EcrRepository> = {}) =>
    withExclusion('IMMUTABLE_WITH_EXCLUSION', filter, images, overrides);

  test.for(['cache', 'buildcache-*', 'sha256-*', 'dev-*', 'latest'])(
    'PASSED when %s is excluded and such a tag is neither deployed nor a release',
    (filter) => {
      expect(judge(check, excluding(filter)).status).toBe('PASSED');
    },
  );

  test.for(['*', 'v*', '1.*'])('FAILED when %s is excluded, even before a release is pushed', (filter) => {
    const finding = judge(check, excluding(filter, {}, NO_USES));

    expect(finding).toMatchObject({
      status: 'FAILED',
      reason: 'deployed or release tags are excluded from immutability',
      evidence: [{ path: `imageTagMutabilityExclusionFilters[${filter}]` }],
    });
  });

  test('FAILED when an excluded tag is deployed', () => {
    expect(judge(check, excluding('latest*', {}, { deployedTags: ['latest', 'v1.2.3'] }))).toMatchObject({
      status: 'FAILED',
      evidence: [{ path: 'imageTagMutabilityExclusionFilters[latest*]', observed: ['latest'] }],
    });
  });

  test('FAILED when a release tag that exists is excluded', () => {
    const images = { byExclusion: [{ filter: 'v2*', ...tagMatches(['v2.0.1'], ['v2.0.1']) }] };

    expect(judge(check, excluding('v2*', images))).toMatchObject({
      status: 'FAILED',
      evidence: [{ observed: ['v2.0.1'] }],
    });
  });

  test('UNKNOWN when excluded tags exist and not everything that may deploy them was read', () => {
    const images = { byExclusion: [{ filter: 'latest', ...tagMatches(['latest']) }] };

    expect(judge(check, excluding('latest', images, { usesListed: UNREAD_PODS })).status).toBe('UNKNOWN');
    expect(judge(check, excluding('latest', images)).status).toBe('PASSED');
  });

  test('UNKNOWN when the tags could not be read, but not for caches, which no tag can make a release', () => {
    const unread = { images: denied('ecr:DescribeImages') };

    expect(judge(check, excluding('dev-*', {}, unread)).status).toBe('UNKNOWN');
    expect(judge(check, excluding('sha256-*', {}, unread)).status).toBe('PASSED');
  });

  test('UNKNOWN when a filter is of a type that AWS added later', () => {
    const odd = repository({
      tagMutability: 'IMMUTABLE_WITH_EXCLUSION',
      tagMutabilityExclusions: [{ type: 'REGEX', filter: '^dev' }],
    });

    expect(judge(check, odd)).toMatchObject({ status: 'UNKNOWN', unknown: { kind: 'undecidable' } });
  });
});

describe('T29, D20: MUTABLE_WITH_EXCLUSION', () => {
  const immutable = (filter: string, images: Partial<EcrImageSummary> = {}, overrides: Partial<EcrRepository> = {}) =>
    withExclusion('MUTABLE_WITH_EXCLUSION', filter, images, overrides);

  test('PASSED when the immutable tags are all tags that are deployed', () => {
    expect(judge(check, immutable('v*')).status).toBe('PASSED');
  });

  test('PASSED when the immutable tags are all tags', () => {
    expect(judge(check, immutable('*', {}, { images: denied('ecr:DescribeImages') })).status).toBe('PASSED');
  });

  test('FAILED when a deployed tag is not among them', () => {
    expect(judge(check, immutable('v*', {}, { deployedTags: ['main', 'v1.2.3'] }))).toMatchObject({
      status: 'FAILED',
      reason: 'deployed or release tags are mutable',
      evidence: [{ path: 'deployedTags', observed: ['main'] }],
    });
  });

  test('FAILED when nothing is deployed and release tags are not among them', () => {
    const images = { notExcluded: tagMatches(['v1.2.3'], ['v1.2.3']) };

    expect(judge(check, immutable('prod*', images, NO_USES))).toMatchObject({
      status: 'FAILED',
      evidence: [{ path: 'images.tags', observed: ['v1.2.3'] }],
    });
  });

  test('PASSED when nothing is deployed and all release tags are among them', () => {
    const images = {
      byExclusion: [{ filter: 'v*', ...tagMatches(['v1.2.3'], ['v1.2.3']) }],
      notExcluded: tagMatches(['dev']),
    };

    expect(judge(check, immutable('v*', images, NO_USES)).status).toBe('PASSED');
  });

  test('UNKNOWN when mutable tags exist and not everything that may deploy them was read', () => {
    const images = { notExcluded: tagMatches(['dev']) };

    expect(judge(check, immutable('v*', images, { usesListed: UNREAD_PODS })).status).toBe('UNKNOWN');
  });

  test('UNKNOWN when nothing is known to be deployed and the tags could not be read', () => {
    expect(judge(check, immutable('v*', {}, { ...NO_USES, images: denied('ecr:DescribeImages') })).status).toBe(
      'UNKNOWN',
    );
  });
});
