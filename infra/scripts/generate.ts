import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import type { Check } from '../../shared/domain/check.ts';
import type { Framework } from '../../shared/domain/framework.ts';
import type { Collector } from '../../shared/domain/ports.ts';
import type { Fix } from '../../shared/fixes/fix.ts';
import { generateCheckIds } from './generate/check-ids.ts';
import { generateCheckPages } from './generate/check-pages.ts';
import { generateClusterRole } from './generate/cluster-role.ts';
import { generateCostPage } from './generate/cost-page.ts';
import { generateFrameworksPage } from './generate/frameworks-page.ts';
import { generateIndexes } from './generate/indexes.ts';
import { generateInfrastructure } from './generate/infrastructure.ts';
import { findChecks, findCollectors, findFixes, findFrameworks } from './generate/tree.ts';

/** Folders in which every file with this ending is generated: what nothing generates any more is stale. */
const OWNED = [{ folder: 'docs/checks', ending: '.md' }] as const;

const { values } = parseArgs({
  options: { check: { type: 'boolean', default: false }, root: { type: 'string', default: '.' } },
});
const root = resolve(values.root);
const files = await generate(root);
const differences = differencesFrom(root, files);
if (values.check) {
  for (const difference of differences) console.error(`${difference.path} ${difference.what}: run npm run generate.`);
  process.exitCode = differences.length > 0 ? 1 : 0;
} else {
  for (const { path } of differences) apply(root, path, files.get(path));
  console.error(`${files.size} generated files, ${differences.length} changed.`);
}

/** Everything that is derived from the tree, by path. Imports checks, frameworks and collectors; writes nothing. */
async function generate(root: string): Promise<ReadonlyMap<string, string>> {
  const load = <T>(room: string, entry: { specifier: string; exportName: string }) =>
    loadExport<T>(join(root, room, entry.specifier), entry.exportName);
  const checks = await Promise.all(findChecks(root).map((entry) => load<Check>('shared/checks', entry)));
  const frameworks = await Promise.all(
    findFrameworks(root).map((entry) => load<Framework>('shared/frameworks', entry)),
  );
  const collectors = await Promise.all(
    findCollectors(root).map((entry) => load<Collector>('shared/collectors', entry)),
  );
  const fixes = await Promise.all(findFixes(root).map((entry) => load<Fix>('shared/fixes', entry)));
  return new Map([
    ...generateIndexes(root),
    ...generateCheckIds(root, checks),
    ...generateCostPage(root),
    ...generateCheckPages(checks, frameworks),
    ...generateFrameworksPage(checks, frameworks),
    ...generateInfrastructure(collectors, fixes),
    ...generateClusterRole(),
  ]);
}

async function loadExport<T>(path: string, name: string): Promise<T> {
  const module: Record<string, unknown> = await import(pathToFileURL(path).href);
  if (module[name] === undefined) throw new Error(`${path} must export ${name}, as its file name says.`);
  return module[name] as T;
}

function differencesFrom(root: string, files: ReadonlyMap<string, string>): { path: string; what: string }[] {
  const differing = [...files].flatMap(([path, content]) => {
    if (!existsSync(join(root, path))) return [{ path, what: 'is missing' }];
    return readFileSync(join(root, path), 'utf8') === content ? [] : [{ path, what: 'differs from its source' }];
  });
  const stale = OWNED.flatMap(({ folder, ending }) =>
    existsSync(join(root, folder))
      ? readdirSync(join(root, folder))
          .filter((file) => file.endsWith(ending) && !files.has(`${folder}/${file}`))
          .map((file) => ({ path: `${folder}/${file}`, what: 'is stale (nothing generates it)' }))
      : [],
  );
  return [...differing, ...stale];
}

function apply(root: string, path: string, content: string | undefined): void {
  const target = join(root, path);
  if (content === undefined) {
    rmSync(target);
    return;
  }
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, content);
}
