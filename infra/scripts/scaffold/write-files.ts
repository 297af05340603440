import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { formatted } from '../generate/format.ts';
import { Refusal } from './refusal.ts';

/**
 * Writes new TypeScript files, formatted; none of them when one exists already.
 *
 * @param files sources by path relative to the root
 * @throws Refusal that names the file that is there already
 */
export function writeNewFiles(root: string, files: Readonly<Record<string, string>>): void {
  const paths = Object.keys(files);
  const taken = paths.find((path) => existsSync(join(root, path)));
  if (taken !== undefined) throw new Refusal(`${taken} exists already; nothing was written.`);
  for (const [path, source] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), formatted(root, path, source));
  }
  for (const path of paths) console.error(`wrote ${path}`);
}
