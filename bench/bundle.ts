import { spawnSync } from 'node:child_process';
import { mkdtemp, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';

const RUNS = 7;

/**
 * Bundles an entry the way a Lambda function is bundled (one file, the SDK inside, Node 24) and measures it.
 *
 * @returns the file's megabytes, and the time plain Node takes to import it as a multiple of starting empty
 */
export async function measureBundle(entry: string): Promise<{ megabytes: number; importRatio: number }> {
  const outfile = join(await mkdtemp(join(tmpdir(), 'hullcheck-bundle-')), 'bundle.mjs');
  await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    minify: true,
    legalComments: 'none',
    mainFields: ['module', 'main'],
    banner: {
      js: "import { createRequire as __hullcheckCreateRequire } from 'node:module'; const require = __hullcheckCreateRequire(import.meta.url);",
    },
    logLevel: 'warning',
  });
  const empty = medianMs(['--input-type=module', '-e', '']);
  const loaded = medianMs(['--input-type=module', '-e', `await import(${JSON.stringify(outfile)})`]);
  return { megabytes: (await stat(outfile)).size / 1e6, importRatio: loaded / empty };
}

function medianMs(args: readonly string[]): number {
  const times = Array.from({ length: RUNS }, () => {
    const started = performance.now();
    const { status } = spawnSync(process.execPath, args, { stdio: 'ignore' });
    if (status !== 0) throw new Error(`node ${args.join(' ')} ended with ${status}`);
    return performance.now() - started;
  });
  return times.sort((left, right) => left - right)[Math.floor(RUNS / 2)] ?? 0;
}
