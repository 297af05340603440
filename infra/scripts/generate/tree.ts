import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compareCodeUnits } from '../../../shared/domain/order.ts';

/** Where one thing lives, all of it derived from its file name: one fact, one place. */
export interface Entry {
  /** The id (checks, frameworks) or the service (collectors). */
  readonly id: string;
  readonly exportName: string;
  /** Relative to the room, with `./`, as an index imports it. */
  readonly specifier: string;
}

/** `ecs-task-not-privileged` becomes `ecsTaskNotPrivileged`, `cis-eks-1.8.0` becomes `cisEks180`. */
export function camelCase(id: string): string {
  return id.replaceAll(/[-.](.)/g, (_, character: string) => character.toUpperCase());
}

/**
 * The checks of the tree: a file `shared/checks/<area>/<area>-….ts` that defines a check or exports the name it would
 * have. Every other file there helps one.
 *
 * @param root the root of the repository
 */
export function findChecks(root: string): readonly Entry[] {
  const room = join(root, 'shared/checks');
  return foldersOf(room)
    .flatMap((area) =>
      readdirSync(join(room, area))
        .filter((file) => file.startsWith(`${area}-`) && file.endsWith('.ts'))
        .map((file) => entryOf(area, file.slice(0, -'.ts'.length))),
    )
    .filter(({ exportName, specifier }) => {
      const source = readFileSync(join(room, specifier), 'utf8');
      return source.includes('defineCheck(') || source.includes(`export const ${exportName} `);
    })
    .sort(byId);
}

function entryOf(area: string, id: string): Entry {
  return { id, exportName: camelCase(id), specifier: `./${area}/${id}.ts` };
}

/** The collectors of the tree: every folder of `shared/collectors` that has a `collect.ts`. */
export function findCollectors(root: string): readonly Entry[] {
  const room = join(root, 'shared/collectors');
  return foldersOf(room)
    .filter((service) => existsSync(join(room, service, 'collect.ts')))
    .map((service) => ({
      id: service,
      exportName: `${camelCase(service)}Collector`,
      specifier: `./${service}/collect.ts`,
    }))
    .sort(byId);
}

/** The fixes of the tree: a file `shared/fixes/<area>/<area>-….ts` that defines one. Every other file there helps. */
export function findFixes(root: string): readonly Entry[] {
  const room = join(root, 'shared/fixes');
  if (!existsSync(room)) return [];
  return foldersOf(room)
    .flatMap((area) =>
      readdirSync(join(room, area))
        .filter((file) => file.startsWith(`${area}-`) && file.endsWith('.ts'))
        .map((file) => entryOf(area, file.slice(0, -'.ts'.length))),
    )
    .sort(byId);
}

/** The frameworks of the tree: every file of `shared/frameworks` but the index. */
export function findFrameworks(root: string): readonly Entry[] {
  return readdirSync(join(root, 'shared/frameworks'))
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.generated.ts'))
    .map((file) => file.slice(0, -'.ts'.length))
    .map((id) => ({ id, exportName: camelCase(id), specifier: `./${id}.ts` }))
    .sort(byId);
}

function foldersOf(room: string): readonly string[] {
  return readdirSync(room, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);
}

function byId(left: Entry, right: Entry): number {
  return compareCodeUnits(left.id, right.id);
}
