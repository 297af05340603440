import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  expiresAllTagged,
  expiresSomeTagged,
  governingRule,
  isBounded,
  type LifecycleImage,
  type LifecyclePolicy,
  LifecycleRanking,
  type LifecycleRule,
  matchesTags,
  readLifecyclePolicy,
  selectedAt,
} from '#shared/domain/ecr-lifecycle.ts';
import { EXPIRE_UNTAGGED, KEEP_LAST, lifecycleText, ruleText } from '#test/factories/ecr.ts';

const DAY = 86_400_000;
const TRANSITION = { type: 'transition', targetStorageClass: 'archive' };
const tagged = (list: Record<string, unknown>, countNumber = 5) =>
  ruleText({ tagStatus: 'tagged', ...list, countType: 'imageCountMoreThan', countNumber });
const archived = (tagStatus: string, rulePriority: number) =>
  ruleText(
    { tagStatus, storageClass: 'archive', countType: 'sinceImageTransitioned', countUnit: 'days', countNumber: 90 },
    { type: 'expire' },
    rulePriority,
  );

function policy(...rules: unknown[]): LifecyclePolicy {
  const read = readLifecyclePolicy(lifecycleText(...rules));
  if (!read.known) throw new Error('the policy of the test is not a policy');
  return read.value;
}

describe('reading a policy', () => {
  test('puts rules in the order in which they are applied', () => {
    expect(policy(KEEP_LAST(30, 9), EXPIRE_UNTAGGED).rules.map(({ priority }) => priority)).toEqual([1, 9]);
  });

  test.for([
    ['no JSON', 'rules'],
    ['an action that is not known', lifecycleText(ruleText({ tagStatus: 'any' }, { type: 'shred' }))],
    [
      'a count type that is not known',
      lifecycleText(ruleText({ tagStatus: 'any', countType: 'moon', countNumber: 1 })),
    ],
  ] as const)('is undecidable for %s', ([, text]) => {
    expect(readLifecyclePolicy(text)).toMatchObject({ known: false, reason: { kind: 'undecidable' } });
  });
});

describe('T31: which images a rule is about', () => {
  test.for([
    [{ tagPatternList: ['prod*', '*linux'] }, ['prod-linux'], true],
    [{ tagPatternList: ['prod*', '*linux'] }, ['prod-1', 'arm-linux'], true],
    [{ tagPatternList: ['prod*', 'dev*'] }, ['prod-1'], false],
    [{ tagPrefixList: ['prod', 'dev'] }, ['dev-1'], false],
    [{ tagPrefixList: ['v'] }, ['v1.2.3', 'latest'], true],
    [{ tagPatternList: ['v1'] }, ['v1.2'], false],
    [{ tagPrefixList: ['v'] }, [], false],
  ] as const)('%j on tags %j: %s, because all entries must match (AND)', ([list, tags, expected]) => {
    expect(matchesTags(policy(tagged(list)).rules[0]!, tags)).toBe(expected);
  });

  test('only the first rule whose demands on tags an image fulfils can act on it', () => {
    const rules = policy(tagged({ tagPrefixList: ['v'] }), KEEP_LAST(3));

    expect(governingRule(rules, { tags: ['v1'], archived: false })?.priority).toBe(1);
    expect(governingRule(rules, { tags: ['dev'], archived: false })?.priority).toBe(9);
  });
});

describe('T31: which images are bounded', () => {
  test.for([
    ['a rule for the prefix v does not bound other tags', [tagged({ tagPrefixList: ['v'] })], ['dev'], false],
    ['a rule for any bounds them', [KEEP_LAST(30)], ['dev'], true],
    ['a rule for untagged images does not', [EXPIRE_UNTAGGED], ['dev'], false],
    [
      'a rule that only archives does not',
      [ruleText({ tagStatus: 'any', countType: 'sinceImagePulled', countNumber: 30 }, TRANSITION)],
      ['dev'],
      false,
    ],
    [
      'a rule that archives does, where another deletes from the archive',
      [ruleText({ tagStatus: 'any', countType: 'sinceImagePulled', countNumber: 30 }, TRANSITION), archived('any', 2)],
      ['dev'],
      true,
    ],
  ] as const)('%s', ([, rules, tags, expected]) => {
    expect(isBounded(policy(...rules), tags)).toBe(expected);
  });

  test('what is proven of all tags holds for each', () => {
    fc.assert(
      fc.property(arbitraryPolicy(), arbitraryTags(), (rules, tags) => {
        if (tags.length > 0 && expiresAllTagged(rules)) expect(isBounded(rules, tags)).toBe(true);
        if (tags.length > 0 && !expiresSomeTagged(rules)) expect(isBounded(rules, tags)).toBe(false);
      }),
      { numRuns: 1000 },
    );
  });
});

test.for([
  ['sinceImagePushed', { pushedAt: 10 * DAY }, 15],
  ['sinceImagePulled', { pushedAt: 10 * DAY, pulledAt: 20 * DAY }, 25],
  ['sinceImagePulled', { pushedAt: 10 * DAY }, 15],
  ['sinceImagePulled', { pushedAt: 10 * DAY, pulledAt: 12 * DAY, activatedAt: 30 * DAY }, 35],
  ['sinceImageTransitioned', { pushedAt: 10 * DAY, archivedAt: 40 * DAY }, 45],
  ['sinceImageTransitioned', { pushedAt: 10 * DAY }, undefined],
] as const)('%s with times %j selects on day %s', ([countType, times, day]) => {
  const [rule] = policy(ruleText({ tagStatus: 'any', countType, countUnit: 'days', countNumber: 5 })).rules;

  expect(selectedAt(rule!, { tags: [], archived: false, ...times })).toBe(day === undefined ? undefined : day * DAY);
});

describe('ranking a stream of images', () => {
  test('keeps what the documentation keeps: a rule counts images that a rule before it has taken', () => {
    // The example "Filtering on multiple rules" of the user guide: only image A expires.
    const rules = policy(
      ruleText({ tagStatus: 'tagged', tagPatternList: ['prod*'], countType: 'imageCountMoreThan', countNumber: 1 }),
      ruleText(
        { tagStatus: 'tagged', tagPatternList: ['beta*'], countType: 'imageCountMoreThan', countNumber: 1 },
        { type: 'expire' },
        2,
      ),
    );
    const images = [
      { tags: ['beta-1', 'prod-1'], archived: false, pushedAt: 1 },
      { tags: ['beta-2', 'prod-2'], archived: false, pushedAt: 2 },
      { tags: ['beta-3'], archived: false, pushedAt: 3 },
    ];

    expect(streamed(rules, images)).toEqual([true, false, false]);
  });

  test('agrees with a naive model that sorts all images', () => {
    const images = fc.array(
      fc.record({ tags: arbitraryTags(), archived: fc.boolean(), pushedAt: fc.integer({ min: 0, max: 40 }) }),
      { maxLength: 30 },
    );
    fc.assert(
      fc.property(arbitraryPolicy(), images, (rules, listed) => {
        expect(streamed(rules, listed)).toEqual(naive(rules, listed));
      }),
      { numRuns: 1000 },
    );
  });
});

/** For each image, whether the count rule that governs it selects it: streamed. */
function streamed(rules: LifecyclePolicy, images: readonly (LifecycleImage & { pushedAt: number })[]): boolean[] {
  const ranking = new LifecycleRanking(rules);
  for (const image of images) ranking.add(image);
  return images.map((image) => {
    const rule = governingRule(rules, image);
    return rule !== undefined && ranking.isBeyondCount(rule, image.pushedAt);
  });
}

/** The same, by filtering and sorting everything for every image, as the documentation describes the evaluator. */
function naive(rules: LifecyclePolicy, images: readonly (LifecycleImage & { pushedAt: number })[]): boolean[] {
  const fits = (rule: LifecycleRule, image: LifecycleImage) => {
    if ((rule.storageClass === 'archive') !== image.archived) return false;
    if (rule.tagStatus === 'any') return true;
    if (rule.tagStatus === 'untagged') return image.tags.length === 0;
    return (
      image.tags.length > 0 &&
      rule.tagPrefixes.every((prefix) => image.tags.some((tag) => tag.indexOf(prefix) === 0)) &&
      rule.tagPatterns.every((pattern) =>
        image.tags.some((tag) => new RegExp(`^${pattern.replaceAll('*', '.*')}$`).test(tag)),
      )
    );
  };
  return images.map((image) => {
    const first = [...rules.rules].sort((a, b) => a.priority - b.priority).find((rule) => fits(rule, image));
    if (first?.countType !== 'imageCountMoreThan') return false;
    const younger = images.filter((one) => fits(first, one) && one.pushedAt > image.pushedAt);
    return younger.length >= first.countNumber;
  });
}

function arbitraryTags() {
  return fc.uniqueArray(fc.constantFrom('v1', 'v2', 'dev', 'prod', 'prod-v1'), { maxLength: 3 });
}

function arbitraryPolicy(): fc.Arbitrary<LifecyclePolicy> {
  const rule = fc.record({
    tagStatus: fc.constantFrom('tagged', 'untagged', 'any'),
    tagPatterns: fc.array(fc.constantFrom('*', 'v*', '*v1', 'dev'), { maxLength: 2 }),
    tagPrefixes: fc.array(fc.constantFrom('', 'v', 'prod'), { maxLength: 2 }),
    storageClass: fc.constantFrom('standard', 'standard', 'archive'),
    countType: fc.constantFrom('imageCountMoreThan', 'imageCountMoreThan', 'sinceImagePushed'),
    countNumber: fc.integer({ min: 1, max: 5 }),
    action: fc.constantFrom('expire', 'expire', 'archive'),
  }) as fc.Arbitrary<Omit<LifecycleRule, 'priority'>>;
  return fc
    .array(rule, { maxLength: 4 })
    .map((rules) => ({ rules: rules.map((one, index) => ({ ...one, priority: index + 1 })) }));
}
