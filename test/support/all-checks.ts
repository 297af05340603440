import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Check } from '#shared/domain/check.ts';
import { type Entry, findChecks } from '../../infra/scripts/generate/tree.ts';

/** The root of the repository. */
export const ROOT = resolve(import.meta.dirname, '../..');

/** Every check file of the tree, read from the tree itself so that nothing generated can hide one. */
export const checkFiles: readonly Entry[] = findChecks(ROOT);

/** What each check file exports under the name it should have; undefined where it does not. */
export const exportedChecks: ReadonlyMap<string, Check | undefined> = new Map(
  await Promise.all(
    checkFiles.map(async ({ id, exportName, specifier }) => {
      const url = pathToFileURL(join(ROOT, 'shared/checks', specifier)).href;
      const module: Record<string, unknown> = await import(url);
      return [id, module[exportName] as Check | undefined] as const;
    }),
  ),
);

export const allChecks: readonly Check[] = [...exportedChecks.values()].filter((check) => check !== undefined);
