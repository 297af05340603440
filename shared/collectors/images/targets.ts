import type { ImageSettings } from '../../domain/ports.ts';
import type { RepositoryImagesFact } from '../ecr/model.ts';

/** A manifest to begin with: what runs, or what was pushed last. */
export interface Target {
  readonly digest: string;
  readonly tags: readonly string[];
  readonly isIndex: boolean;
  readonly pushedAt?: string;
  readonly running: boolean;
}

type Listed = Extract<RepositoryImagesFact['images'], { known: true }>['value'];

/**
 * The images to look at: those that run, else the newest. One that runs and is archived or deleted can neither be
 * pulled nor scanned; that it runs nevertheless is what is said about it.
 */
export function targetsOf(
  { usesListed }: Pick<RepositoryImagesFact, 'usesListed'>,
  { running, newest }: Listed,
  { newest: most }: ImageSettings,
): readonly Target[] {
  // What runs could not be read: the newest is nothing to go by.
  if (running.length === 0 && !usesListed.known && usesListed.reason.kind === 'unreadable') return [];
  if (running.length === 0) return newest.slice(0, most).map((image) => ({ ...image, running: false }));
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
