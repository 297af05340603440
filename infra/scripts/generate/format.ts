import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';

/**
 * TypeScript as Biome itself formats it and orders its imports, so that what is written by a script can never disagree
 * with the linter.
 *
 * @param root the root of the repository, whose biome.json counts
 * @param path where the file will lie, relative to the root
 * @throws Error where Biome cannot parse the source
 */
export function formatted(root: string, path: string, source: string): string {
  const biome = createRequire(import.meta.url).resolve('@biomejs/biome/bin/biome');
  const run = spawnSync(
    process.execPath,
    [biome, 'check', '--write', '--linter-enabled=false', `--stdin-file-path=${join(root, path)}`],
    { cwd: root, input: source, encoding: 'utf8' },
  );
  if (run.status !== 0) throw new Error(`biome could not format ${path}: ${run.stderr || run.error?.message}`);
  return run.stdout;
}
