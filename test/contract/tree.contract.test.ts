import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ROOT } from '#test/support/all-checks.ts';

const FOLDERS = ['bench', 'demo', 'docs', 'functions', 'infra', 'shared', 'test'];
const FILES =
  /^(\..+|[A-Z]+(\.md)?|package(-lock)?\.json|tsconfig(\.\w+)?\.json|biome\.json|knip\.jsonc?|serverless\.yml|[\w.]+\.config\.ts|hullcheck\.example\.yaml)$/;

/** Long enough for a rule with its reasons, short enough to be read in one sitting. */
const MAX_LINES = 350;

const ignored = readFileSync(join(ROOT, '.gitignore'), 'utf8').split('\n').filter(Boolean).map(ignorePattern);

describe('the repository', () => {
  test('holds at its top only the rooms, and files that tools or readers look for there', () => {
    const entries = readdirSync(ROOT, { withFileTypes: true }).filter((entry) => !isIgnored(entry.name));
    const strangers = entries
      .filter((entry) =>
        entry.isDirectory() ? !FOLDERS.includes(entry.name) && !entry.name.startsWith('.') : !FILES.test(entry.name),
      )
      .map((entry) => entry.name);

    expect(strangers, 'put these into a room: see docs/architecture.md').toEqual([]);
  });

  test('has no source file that is too long to read', () => {
    const long = sources
      .filter(({ path }) => path.endsWith('.ts') && !path.endsWith('.generated.ts'))
      .map(({ path, text }) => ({ path, lines: text.split('\n').length - 1 }))
      .filter(({ lines }) => lines > MAX_LINES)
      .map(({ path, lines }) => `${path} has ${lines} lines`);

    expect(long, `split what is longer than ${MAX_LINES} lines by concern`).toEqual([]);
  });

  test('has no drawer for everything', () => {
    const drawers = sources
      .map(({ path }) => path)
      .filter((path) => /(^|\/)(utils?|helpers?|misc|common)(\.ts|\/)/.test(path));

    expect(drawers, 'name a file after what it does').toEqual([]);
  });

  test('leaves nothing for later in its comments', () => {
    // Put together here, so that this file does not find itself.
    const marks = new RegExp(`\\b(${['TO', 'FIX'].map((head, index) => head + ['DO', 'ME'][index]).join('|')})\\b`);
    const marked = sources.filter(({ text }) => marks.test(text)).map(({ path }) => path);

    expect(marked, 'do it, or write an issue').toEqual([]);
  });
});

const sources = FOLDERS.flatMap((folder) => filesBelow(folder))
  .filter((path) => /\.(ts|md|ya?ml)$/.test(path))
  .map((path) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') }));

function filesBelow(folder: string): readonly string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true })
    .filter((entry) => !isIgnored(entry.name))
    .flatMap((entry) => {
      const path = `${folder}/${entry.name}`;
      return entry.isDirectory() ? filesBelow(path) : [path];
    });
}

function isIgnored(name: string): boolean {
  return name === '.git' || ignored.some((pattern) => pattern.test(name));
}

/** The project ignores whole names and endings only, which is all this understands. */
function ignorePattern(line: string): RegExp {
  const name = line.replace(/\/$/, '').replaceAll('.', '\\.').replaceAll('*', '.*');
  return new RegExp(`^${name}$`);
}
