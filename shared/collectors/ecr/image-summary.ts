import type { ImageDetail } from '@aws-sdk/client-ecr';
import {
  governingRule,
  isBounded,
  type LifecycleImage,
  type LifecyclePolicy,
  LifecycleRanking,
  type LifecycleRule,
  selectedAt,
} from '../../domain/ecr-lifecycle.ts';
import { isAuxiliaryTag, isReleaseTag } from '../../domain/ecr-tags.ts';
import { compareCodeUnits } from '../../domain/order.ts';
import { matchesWildcard } from '../../domain/wildcard.ts';
import { isImage, isIndex } from './artifact-kind.ts';
import type { EcrFilter, EcrImageSummary, EcrRunningImage, EcrTagMatches } from './model.ts';
import { NameCounter } from './name-counter.ts';
import { NewestImages } from './newest-images.ts';

export interface ImageSummaryOptions {
  /** Undefined where the policy could not be read; null where there is none. */
  readonly lifecyclePolicy: LifecyclePolicy | null | undefined;
  readonly exclusions: readonly EcrFilter[];
  readonly runningDigests: ReadonlySet<string>;
  /** What these name is as good as running. */
  readonly startedTags: ReadonlySet<string>;
}

interface SeenRunning {
  readonly detail: ImageDetail;
  readonly image: LifecycleImage;
  readonly rule: LifecycleRule | undefined;
}

class TagCounter {
  readonly #tags = new NameCounter();
  readonly #releaseTags = new NameCounter();

  add(tag: string): void {
    this.#tags.add(tag);
    if (isReleaseTag(tag)) this.#releaseTags.add(tag);
  }

  matches(): EcrTagMatches {
    return { tags: this.#tags.sample(), releaseTags: this.#releaseTags.sample() };
  }
}

/**
 * Folds the images of one repository into a summary while they stream by. Holds counters, samples, the running
 * digests and what the lifecycle policy keeps, never the images.
 */
export class ImageSummaryFold {
  readonly #options: ImageSummaryOptions;
  readonly #policy: LifecyclePolicy;
  /** Only running digests are ever ranked, so nothing is ranked where nothing runs. */
  readonly #ranking: LifecycleRanking | undefined;
  readonly #running = new Map<string, SeenRunning>();
  readonly #excluded: readonly { readonly filter: string; readonly tags: TagCounter }[];
  readonly #notExcluded = new TagCounter();
  readonly #unbounded = new NameCounter();
  readonly #newest = new NewestImages();
  readonly #counts = { images: 0, taggedImages: 0, archivedImages: 0, indexes: 0, otherArtifacts: 0 };

  constructor(options: ImageSummaryOptions) {
    this.#options = options;
    this.#policy = options.lifecyclePolicy ?? { rules: [] };
    const { runningDigests, startedTags } = options;
    this.#ranking = runningDigests.size + startedTags.size === 0 ? undefined : new LifecycleRanking(this.#policy);
    this.#excluded = options.exclusions.map(({ filter }) => ({ filter, tags: new TagCounter() }));
  }

  add(detail: ImageDetail): void {
    const image = lifecycleImage(detail);
    // Lifecycle rules count every manifest, images or not.
    this.#ranking?.add(image);
    if (detail.imageDigest !== undefined && this.#runs(detail.imageDigest, image)) {
      this.#running.set(detail.imageDigest, { detail, image, rule: governingRule(this.#policy, image) });
    }
    this.#newest.add(detail);
    if (!isImage(detail)) {
      this.#counts.otherArtifacts += 1;
      return;
    }
    this.#counts.images += 1;
    if (isIndex(detail)) this.#counts.indexes += 1;
    if (image.archived) this.#counts.archivedImages += 1;
    if (image.tags.length === 0) return;
    this.#counts.taggedImages += 1;
    this.#addTags(image);
  }

  summary(): EcrImageSummary {
    const { lifecyclePolicy, runningDigests } = this.#options;
    return {
      ...this.#counts,
      byExclusion: this.#excluded.map(({ filter, tags }) => ({ filter, ...tags.matches() })),
      notExcluded: this.#notExcluded.matches(),
      ...(lifecyclePolicy === undefined ? {} : { unbounded: this.#unbounded.sample() }),
      running: [...new Set([...runningDigests, ...this.#running.keys()])]
        .sort(compareCodeUnits)
        .map((digest) => this.#runningImage(digest)),
      newest: this.#newest.list(),
    };
  }

  #runs(digest: string, { tags }: LifecycleImage): boolean {
    const { runningDigests, startedTags } = this.#options;
    return runningDigests.has(digest) || tags.some((tag) => startedTags.has(tag));
  }

  #addTags({ tags, archived }: LifecycleImage): void {
    for (const tag of tags) {
      if (isAuxiliaryTag(tag)) continue;
      const matching = this.#excluded.filter(({ filter }) => matchesWildcard(filter, tag));
      for (const { tags: counter } of matching) counter.add(tag);
      if (matching.length === 0) this.#notExcluded.add(tag);
    }
    // Archived images cannot be deployed any more, and somebody put them there.
    if (!archived && !isBounded(this.#policy, tags)) this.#unbounded.add([...tags].sort(compareCodeUnits)[0] ?? '');
  }

  #runningImage(digest: string): EcrRunningImage {
    const seen = this.#running.get(digest);
    if (seen === undefined) return { digest, present: false, tags: [], isIndex: false };
    const { detail, image, rule } = seen;
    return {
      digest,
      present: true,
      tags: [...image.tags].sort(compareCodeUnits),
      isIndex: isIndex(detail),
      ...(detail.imagePushedAt === undefined ? {} : { pushedAt: detail.imagePushedAt.toISOString() }),
      ...(detail.imageStatus === undefined ? {} : { status: detail.imageStatus }),
      ...(rule === undefined ? {} : { lifecycle: this.#fate(rule, image) }),
    };
  }

  #fate(rule: LifecycleRule, image: LifecycleImage): NonNullable<EcrRunningImage['lifecycle']> {
    const at = selectedAt(rule, image);
    const byCount = rule.countType === 'imageCountMoreThan' && image.pushedAt !== undefined;
    return {
      rulePriority: rule.priority,
      action: rule.action,
      ...(at === undefined ? {} : { selectedAt: new Date(at).toISOString() }),
      ...(byCount ? { beyondCount: this.#ranking?.isBeyondCount(rule, image.pushedAt) ?? false } : {}),
    };
  }
}

function lifecycleImage(detail: ImageDetail): LifecycleImage {
  const time = <K extends string>(name: K, date: Date | undefined) =>
    (date === undefined ? {} : { [name]: date.getTime() }) as { readonly [N in K]?: number };
  return {
    tags: detail.imageTags ?? [],
    archived: detail.imageStatus === 'ARCHIVED',
    ...time('pushedAt', detail.imagePushedAt),
    ...time('pulledAt', detail.lastRecordedPullTime),
    ...time('activatedAt', detail.lastActivatedAt),
    ...time('archivedAt', detail.lastArchivedAt),
  };
}
