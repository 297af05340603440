import type { RepositoryImagesFact } from '../ecr/model.ts';

/** A manifest to begin with: what runs, or one of those that were pushed last. */
export interface Target {
  readonly digest: string;
  readonly tags: readonly string[];
  readonly isIndex: boolean;
  readonly pushedAt?: string;
  readonly running: boolean;
}

/** What the listing of a repository says of its images. */
export type Listed = Extract<RepositoryImagesFact['images'], { known: true }>['value'];

/**
 * The images to look at: those that run, else the newest, of which some may be no images. One that runs and is archived or deleted can neither be
 * pulled nor scanned; that it runs nevertheless is what is said about it.
 */
export function targetsOf(
  { usesListed }: Pick<RepositoryImagesFact, 'usesListed'>,
  { running, newest }: Listed,
): readonly Target[] {
  // What runs could not be read: the newest is nothing to go by.
  if (running.length === 0 && !usesListed.known && usesListed.reason.kind === 'unreadable') return [];
  if (running.length === 0) return newest.map((image) => ({ ...image, running: false }));
  return running
    .filter(({ present, status }) => present && (status ?? 'ACTIVE') === 'ACTIVE')
    .map(({ digest, tags, isIndex, pushedAt }) => ({
      digest,
      tags,
      isIndex,
      ...(pushedAt === undefined ? {} : { pushedAt }),
      running: true,
    }));
}
