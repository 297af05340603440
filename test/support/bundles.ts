import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';
import { unzipSync } from 'fflate';
import { ROOT } from './all-checks.ts';

/** The zips of all functions, built as `npm run package` builds them. */
export interface Bundles {
  /** Where the zip of a function was unpacked, with nothing else around it. */
  directoryOf(name: string): string;
  bytesOf(name: string): { readonly zip: number; readonly code: number };
  /** The files that esbuild put into it. */
  inputsOf(name: string): readonly string[];
  /** What is in the zip. */
  filesOf(name: string): readonly string[];
  remove(): void;
}

/** @throws Error where a function cannot be bundled */
export function buildBundles(): Bundles {
  const output = mkdtempSync(join(tmpdir(), 'hullcheck-bundles-'));
  const script = join(ROOT, 'infra/scripts/build-functions.ts');
  const run = spawnSync(process.execPath, [script, '--output', output], { cwd: ROOT, encoding: 'utf8' });
  if (run.status !== 0) throw new Error(`The functions could not be bundled: ${run.stderr}`);
  const unpacked = mkdtempSync(join(tmpdir(), 'hullcheck-functions-'));
  const zipOf = (name: string) => join(output, `${name}.zip`);
  const filesOf = (name: string) => unzipSync(readFileSync(zipOf(name)));
  return {
    directoryOf: (name) => {
      const directory = join(unpacked, name);
      mkdirSync(directory, { recursive: true });
      for (const [file, content] of Object.entries(filesOf(name))) writeFileSync(join(directory, file), content);
      return directory;
    },
    bytesOf: (name) => ({ zip: statSync(zipOf(name)).size, code: statSync(join(output, name, 'handler.mjs')).size }),
    inputsOf: (name) => {
      const { outputs } = JSON.parse(readFileSync(join(output, 'metafile.json'), 'utf8')) as Metafile;
      const entryPoint = `functions/${name}/handler.ts`;
      return Object.keys(Object.values(outputs).find((one) => one.entryPoint === entryPoint)?.inputs ?? {});
    },
    filesOf: (name) => Object.keys(filesOf(name)).sort(),
    remove: () => {
      for (const directory of [output, unpacked]) rmSync(directory, { recursive: true });
    },
  };
}

/** Imports a handler as the runtime does, answers one event, and says what came out. */
const RUNTIME = `
import { writeFileSync } from 'node:fs';
const [directory, event, context, answer] = process.argv.slice(1);
const { handler } = await import(directory + '/handler.mjs');
const deadline = Date.now() + 60_000;
const result = await handler(JSON.parse(event), { ...JSON.parse(context), getRemainingTimeInMillis: () => deadline - Date.now() });
writeFileSync(answer, JSON.stringify(result ?? null));
`;

/**
 * Runs a bundled handler in a plain Node process of its own, in its directory, with nothing but the given environment.
 *
 * @param functionArn whose function it is
 * @throws Error with all it wrote, where the handler or its import fails
 */
export async function invokeBundle(
  directory: string,
  event: string,
  functionArn: string,
  env: Readonly<Record<string, string>>,
): Promise<unknown> {
  const answer = join(directory, 'answer.json');
  const context = {
    invokedFunctionArn: functionArn,
    functionName: functionArn.split(':').at(-1),
    awsRequestId: 'test',
  };
  const child = spawn(
    process.execPath,
    ['--input-type=module', '-e', RUNTIME, directory, event, JSON.stringify(context), answer],
    { cwd: directory, env: { ...env, NODE_OPTIONS: '--enable-source-maps' } },
  );
  let written = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (written += String(chunk)));
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(written);
  return JSON.parse(readFileSync(answer, 'utf8'));
}
