import { z } from 'zod';
import { NewestTimes } from './newest-times.ts';
import { known, type Observed, undecidable } from './observed.ts';
import { parseJson } from './parse-json.ts';
import { matchesEverything, matchesWildcard } from './wildcard.ts';

/** One rule of a lifecycle policy in one shape. */
export interface LifecycleRule {
  /** Lower numbers go first. */
  readonly priority: number;
  readonly tagStatus: 'tagged' | 'untagged' | 'any';
  /** All of them must match a tag of the image each. */
  readonly tagPatterns: readonly string[];
  readonly tagPrefixes: readonly string[];
  /** Which images it looks at. */
  readonly storageClass: 'standard' | 'archive';
  readonly countType: 'imageCountMoreThan' | 'sinceImagePushed' | 'sinceImagePulled' | 'sinceImageTransitioned';
  /** A number of images, or of days. */
  readonly countNumber: number;
  readonly action: 'expire' | 'archive';
}

export interface LifecyclePolicy {
  /** In the order in which they are applied. */
  readonly rules: readonly LifecycleRule[];
}

/** What lifecycle rules look at in an image; times in milliseconds. */
export interface LifecycleImage {
  readonly tags: readonly string[];
  readonly archived: boolean;
  readonly pushedAt?: number;
  readonly pulledAt?: number;
  /** Last brought back from the archive. */
  readonly activatedAt?: number;
  readonly archivedAt?: number;
}

const lifecycleDocument = z.object({
  rules: z.array(
    z.object({
      rulePriority: z.number(),
      selection: z.object({
        tagStatus: z.enum(['tagged', 'untagged', 'any']),
        tagPatternList: z.array(z.string()).default([]),
        tagPrefixList: z.array(z.string()).default([]),
        storageClass: z.enum(['standard', 'archive']).default('standard'),
        countType: z.enum(['imageCountMoreThan', 'sinceImagePushed', 'sinceImagePulled', 'sinceImageTransitioned']),
        countNumber: z.number(),
      }),
      action: z.union([
        z.object({ type: z.literal('expire') }),
        z.object({ type: z.literal('transition'), targetStorageClass: z.literal('archive') }),
      ]),
    }),
  ),
});

/**
 * Reads the text of a lifecycle policy.
 *
 * @returns undecidable for a text with a rule of a kind that is not known here; never throws
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_parameters.html
 */
export function readLifecyclePolicy(text: string): Observed<LifecyclePolicy> {
  const parsed = lifecycleDocument.safeParse(parseJson(text));
  if (!parsed.success) return undecidable('The lifecycle policy holds a rule of a kind that is not known.');
  const rules = parsed.data.rules.map(
    ({ rulePriority, selection, action }): LifecycleRule => ({
      priority: rulePriority,
      tagStatus: selection.tagStatus,
      tagPatterns: selection.tagPatternList,
      tagPrefixes: selection.tagPrefixList,
      storageClass: selection.storageClass,
      countType: selection.countType,
      countNumber: selection.countNumber,
      action: action.type === 'expire' ? 'expire' : 'archive',
    }),
  );
  return known({ rules: rules.sort((left, right) => left.priority - right.priority) });
}

/** Whether an image fulfils a rule's demands on tags: every pattern and prefix must match one of its tags (AND). */
export function matchesTags(rule: LifecycleRule, tags: readonly string[]): boolean {
  if (rule.tagStatus === 'any') return true;
  if (rule.tagStatus === 'untagged') return tags.length === 0;
  return (
    tags.length > 0 &&
    rule.tagPatterns.every((pattern) => tags.some((tag) => matchesWildcard(pattern, tag))) &&
    rule.tagPrefixes.every((prefix) => tags.some((tag) => tag.startsWith(prefix)))
  );
}

/**
 * The only rule that can act on an image: the first whose demands on tags it fulfils. A rule with a lower priority
 * cannot act on it, even while the first one does not select it.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/LifecyclePolicies.html#lp_evaluation_rules
 */
export function governingRule(
  { rules }: LifecyclePolicy,
  { tags, archived }: Pick<LifecycleImage, 'tags' | 'archived'>,
): LifecycleRule | undefined {
  const storageClass = archived ? 'archive' : 'standard';
  return rules.find((rule) => rule.storageClass === storageClass && matchesTags(rule, tags));
}

/**
 * Whether an image with these tags is deleted some day: its rule expires it, or archives it and another rule expires
 * it from the archive. A policy that only archives never deletes.
 */
export function isBounded(policy: LifecyclePolicy, tags: readonly string[]): boolean {
  const rule = governingRule(policy, { tags, archived: false });
  if (rule === undefined) return false;
  return rule.action === 'expire' || governingRule(policy, { tags, archived: true })?.action === 'expire';
}

/** Whether some rule can delete tagged images at all, whatever their tags are. */
export function expiresSomeTagged({ rules }: LifecyclePolicy): boolean {
  const forTagged = rules.filter(({ tagStatus }) => tagStatus !== 'untagged');
  const archives = forTagged.some(({ action }) => action === 'archive');
  return forTagged.some(({ action, storageClass }) => action === 'expire' && (storageClass === 'standard' || archives));
}

/** Whether every tagged image is deleted some day, whatever its tags are: provable without reading the images. */
export function expiresAllTagged({ rules }: LifecyclePolicy): boolean {
  const forTagged = rules.filter(({ tagStatus }) => tagStatus !== 'untagged');
  const standard = forTagged.filter(({ storageClass }) => storageClass === 'standard');
  const fromArchive = forTagged.find(({ storageClass }) => storageClass === 'archive');
  const bounds = (rule: LifecycleRule) =>
    rule.action === 'expire' || (fromArchive?.action === 'expire' && takesAllTagged(fromArchive));
  const last = standard.findIndex(takesAllTagged);
  return last !== -1 && standard.slice(0, last + 1).every(bounds);
}

function takesAllTagged(rule: LifecycleRule): boolean {
  if (rule.tagStatus === 'any') return true;
  return rule.tagPatterns.every(matchesEverything) && rule.tagPrefixes.every((prefix) => prefix === '');
}

const DAY = 86_400_000;

/**
 * When a rule by age selects an image, in milliseconds; undefined for a rule by count, and where the time it counts
 * from is not known. An image that was never pulled counts from its push; one brought back from the archive, from then.
 */
export function selectedAt(rule: LifecycleRule, image: LifecycleImage): number | undefined {
  const from = startOf(rule, image);
  return from === undefined ? undefined : from + rule.countNumber * DAY;
}

function startOf(rule: LifecycleRule, image: LifecycleImage): number | undefined {
  switch (rule.countType) {
    case 'imageCountMoreThan':
      return undefined;
    case 'sinceImagePushed':
      return image.pushedAt;
    case 'sinceImageTransitioned':
      return image.archivedAt;
    case 'sinceImagePulled': {
      const used = image.pulledAt ?? image.pushedAt;
      return used === undefined ? undefined : Math.max(used, image.activatedAt ?? used);
    }
  }
}

/**
 * Ranks images for the rules by count while they stream by, without keeping them: for each such rule, only the push
 * times of the images it keeps.
 */
export class LifecycleRanking {
  readonly #newestByRule: ReadonlyMap<LifecycleRule, NewestTimes>;

  constructor(policy: LifecyclePolicy) {
    this.#newestByRule = new Map(
      policy.rules
        .filter(({ countType }) => countType === 'imageCountMoreThan')
        .map((rule) => [rule, new NewestTimes(rule.countNumber)]),
    );
  }

  /**
   * Counts one image for every rule whose demands on tags it fulfils: rules identify images as if no other rule had
   * taken them.
   */
  add(image: LifecycleImage): void {
    if (image.pushedAt === undefined) return;
    const storageClass = image.archived ? 'archive' : 'standard';
    for (const [rule, newest] of this.#newestByRule) {
      if (rule.storageClass === storageClass && matchesTags(rule, image.tags)) newest.add(image.pushedAt);
    }
  }

  /** Whether at least as many images as the rule keeps were pushed later than the given time. */
  isBeyondCount(rule: LifecycleRule, pushedAt: number): boolean {
    return this.#newestByRule.get(rule)?.isOlderThanAll(pushedAt) ?? false;
  }
}
