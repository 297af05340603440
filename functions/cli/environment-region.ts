import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { defaultRegion } from '#shared/aws/accounts.ts';
import { fileProblem } from './errors.ts';
import { UsageError } from './io.ts';

/**
 * The region of the environment or of the profile.
 *
 * @returns undefined where neither names one
 * @throws UsageError where what is named is no region, or where none is found in files that cannot be read or
 *   understood: the SDK takes those for empty, and nobody would see why
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html
 */
export async function environmentRegion(profile?: string): Promise<string | undefined> {
  const files = settingsFiles();
  let region: string | undefined;
  try {
    region = await defaultRegion(profile);
  } catch (error) {
    const where = process.env.AWS_REGION === undefined ? `that ${files.join(' or ')} gives` : 'in AWS_REGION';
    const because = error instanceof Error ? error.message : String(error);
    throw new UsageError(`The region ${where} cannot be used; regions look like eu-west-1. (${because})`);
  }
  if (region !== undefined) return region;
  for (const file of files) {
    const problem = await problemOf(file);
    if (problem !== undefined) throw new UsageError(`No region is found: ${file} ${problem}.`);
  }
  return undefined;
}

/** Where the SDK looks. */
function settingsFiles(): readonly string[] {
  const { HOME = homedir(), AWS_CONFIG_FILE, AWS_SHARED_CREDENTIALS_FILE } = process.env;
  const inHome = (name: string) => join(HOME, '.aws', name);
  return [AWS_CONFIG_FILE ?? inHome('config'), AWS_SHARED_CREDENTIALS_FILE ?? inHome('credentials')];
}

/** What keeps a file from being understood. Never what stands in it: it may be a secret. */
async function problemOf(file: string): Promise<string | undefined> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // Nobody has to have one.
    return code === 'ENOENT' || code === 'ENOTDIR' ? undefined : `cannot be read: ${fileProblem(error)}`;
  }
  const wrong = text.split(/\r?\n/).findIndex((line) => !isUnderstood(line));
  return wrong === -1 ? undefined : `is wrong in line ${wrong + 1}, which is neither a [section] nor "name = value"`;
}

/** By the rules of the SDK: a comment, a section, or a value. */
function isUnderstood(line: string): boolean {
  const text = line.split(/(?:^|\s)[;#]/)[0]?.trim() ?? '';
  return text === '' || /^\[[^[\]]+\]$/.test(text) || /^[^[=][^=]*=/.test(text);
}
