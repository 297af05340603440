import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isDockerfileName } from '#shared/use-cases/lint/dockerfile-document.ts';
import type { LintFile } from '#shared/use-cases/lint/read-documents.ts';
import { fileProblem } from './errors.ts';
import { type CliIo, UsageError } from './io.ts';

/** More than any manifest; what never ends (a device) is told apart from what is large. */
const MAX_BYTES = 64 * 1024 * 1024;
const DOCUMENT_NAME = /\.(?:ya?ml|json)$/i;
/** Folders that hold other people's files. */
const SKIPPED_FOLDER = /^(?:\..+|node_modules)$/;

/**
 * The files that a command line names, each once: `-` is standard input, and of a directory all `*.yaml`, `*.yml`,
 * `*.json` and Dockerfiles below it are taken, but for hidden folders. With a Dockerfile comes its `.dockerignore`.
 *
 * @throws UsageError if something is not there or cannot be read; what was already given out is to be thrown away
 */
export async function* readLintFiles(paths: readonly string[], io: CliIo): AsyncGenerator<LintFile> {
  const seen = new Set<string>();
  for (const path of paths) {
    for (const file of await expand(path)) {
      if (seen.has(file)) continue;
      seen.add(file);
      const content = await readWhole(file, io);
      yield isDockerfileName(file)
        ? { file, content, dockerIgnore: await readDockerIgnore(file, io) }
        : { file, content };
    }
  }
}

async function expand(path: string): Promise<readonly string[]> {
  if (path === '-') return [path];
  if (!(await asking(path, () => stat(path))).isDirectory()) return [path];
  const files = await filesBelow(path);
  if (files.length === 0) throw new UsageError(`There is no *.yaml, *.yml, *.json or Dockerfile in ${path}.`);
  return files;
}

async function filesBelow(directory: string): Promise<readonly string[]> {
  const entries = await asking(directory, () => readdir(directory, { withFileTypes: true }));
  const files: string[] = [];
  for (const entry of entries.sort((left, right) => (left.name < right.name ? -1 : 1))) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) {
      if (!SKIPPED_FOLDER.test(entry.name)) files.push(...(await filesBelow(path)));
    } else if (DOCUMENT_NAME.test(entry.name) || isDockerfileName(entry.name)) files.push(path);
  }
  return files;
}

/**
 * What Docker leaves out of the build: by the file named after the Dockerfile, else by the one of the build context. That
 * is mostly the Dockerfile's folder, or the one that commands are run in.
 *
 * @returns null where there is none
 * @see https://docs.docker.com/build/concepts/context/#filename-and-location
 */
async function readDockerIgnore(file: string, io: CliIo): Promise<Uint8Array | null> {
  for (const path of [`${file}.dockerignore`, join(dirname(file), '.dockerignore'), '.dockerignore']) {
    if (await isFile(path)) return readWhole(path, io);
  }
  return null;
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === 'ENOENT' || code === 'ENOTDIR') return false;
    throw new UsageError(`${path} cannot be read: ${fileProblem(error)}.`);
  }
}

async function readWhole(file: string, io: CliIo): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  await asking(file, async () => {
    for await (const chunk of file === '-' ? io.stdin : createReadStream(file)) {
      const bytes: Uint8Array = typeof chunk === 'string' ? new TextEncoder().encode(chunk) : chunk;
      size += bytes.length;
      if (size > MAX_BYTES) throw new UsageError(`${nameOf(file)} is larger than 64 MiB.`);
      chunks.push(bytes);
    }
  });
  return Buffer.concat(chunks);
}

async function asking<T>(file: string, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    // Errors of the system have a code; any other is told as what it is.
    if ((error as { code?: string }).code === undefined) throw error;
    throw new UsageError(`${nameOf(file)} cannot be read: ${fileProblem(error)}.`);
  }
}

function nameOf(file: string): string {
  return file === '-' ? 'Standard input' : file;
}
