/**
 * Builds `dist/cli.js`: the published bin is plain JavaScript with everything in it, because Node strips no types
 * below `node_modules` and an installed tarball should not have to fetch anything.
 */
import { chmod, readFile, rm, writeFile } from 'node:fs/promises';
import { build } from 'esbuild';

const root = new URL('../../', import.meta.url).pathname;

await rm(`${root}dist`, { recursive: true, force: true });
const result = await build({
  absWorkingDir: root,
  entryPoints: { cli: 'functions/cli/main.ts' },
  outdir: 'dist',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  // The oldest Node the command line runs on; Lambda has its own target.
  target: 'node20',
  minify: true,
  // The emulators load native and newer modules, and the story of the functions needs both them and the sources.
  external: ['dynalite', 'fauxqs', './demo-story.ts'],
  legalComments: 'none',
  mainFields: ['module', 'main'],
  chunkNames: 'chunks/[name]-[hash]',
  banner: {
    js: "import { createRequire as __hullcheckCreateRequire } from 'node:module'; const require = __hullcheckCreateRequire(import.meta.url);",
  },
  metafile: true,
  logLevel: 'warning',
});
const bin = `${root}dist/cli.js`;
await writeFile(bin, `#!/usr/bin/env node\n${await readFile(bin, 'utf8')}`);
await chmod(bin, 0o755);
const bytes = Object.values(result.metafile.outputs).reduce((sum, output) => sum + output.bytes, 0);
process.stdout.write(
  `dist/cli.js built, ${(bytes / 1e6).toFixed(1)} MB in ${Object.keys(result.metafile.outputs).length} files.\n`,
);
