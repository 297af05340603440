/**
 * Builds what Lambda runs: for each `functions/<name>/handler.ts` one self-contained `.esbuild/<name>/handler.mjs`, its
 * source map, and the zip of both that `serverless.yml` names. The AWS SDK is bundled: the one in the runtime is another
 * version every month, and slower to load.
 *
 * `npm run package` and `npm run deploy` call it first.
 */
import { existsSync, readdirSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { type Zippable, zipSync } from 'fflate';

/** The earliest time a zip can hold, for every file: the same sources give the same zip, and so no new deployment. */
const ZIP_TIME = new Date(1980, 0, 1);

/** How zip calls the system whose file modes it holds. */
const UNIX = 3;
/** `-rw-r--r--`, as zip stores it for Unix: Lambda runs the code as another user than the one that packed it. */
const READABLE_FILE = 0o100644 << 16;

const { values } = parseArgs({ options: { output: { type: 'string', default: '.esbuild' } } });
const root = new URL('../../', import.meta.url).pathname;
const output = resolve(root, values.output);

// What an earlier build left behind would be packed again.
await rm(output, { recursive: true, force: true });
await mkdir(output, { recursive: true });
const names = functionNames();
const { metafile } = await build({
  absWorkingDir: root,
  // All in one go, without shared chunks: what they have in common is parsed once.
  entryPoints: Object.fromEntries(names.map((name) => [`${name}/handler`, `functions/${name}/handler.ts`])),
  outdir: output,
  outExtension: { '.js': '.mjs' },
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node24',
  minify: true,
  // Logs name classes of errors.
  keepNames: true,
  legalComments: 'none',
  mainFields: ['module', 'main'],
  sourcemap: 'linked',
  // Stack traces need lines and names, not a second copy of the sources.
  sourcesContent: false,
  // CommonJS packages call `require`; the name of the import cannot collide with one that minification makes up.
  banner: {
    js: "import { createRequire as __hullcheckCreateRequire } from 'node:module'; const require = __hullcheckCreateRequire(import.meta.url);",
  },
  metafile: true,
  logLevel: 'warning',
});
await writeFile(join(output, 'metafile.json'), JSON.stringify(metafile));
for (const name of names) {
  const bytes = await pack(name);
  process.stdout.write(`${values.output}/${name}.zip built, ${(bytes / 1e6).toFixed(2)} MB.\n`);
}

function functionNames(): readonly string[] {
  return readdirSync(join(root, 'functions'))
    .filter((name) => existsSync(join(root, 'functions', name, 'handler.ts')))
    .sort();
}

async function pack(name: string): Promise<number> {
  const files: Zippable = {};
  for (const file of ['handler.mjs', 'handler.mjs.map']) {
    const content = await readFile(join(output, name, file));
    files[file] = [content, { mtime: ZIP_TIME, os: UNIX, attrs: READABLE_FILE }];
  }
  const zip = zipSync(files);
  await writeFile(join(output, `${name}.zip`), zip);
  return zip.byteLength;
}
