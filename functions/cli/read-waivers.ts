import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { allChecks } from '#shared/composition-root.ts';
import type { LoadedConfig } from '#shared/config/load.ts';
import { parseWaivers } from '#shared/config/waivers-file.ts';
import type { WaiverSet } from '#shared/domain/waiver.ts';
import { fileProblem } from './errors.ts';
import { type CliIo, UsageError } from './io.ts';

/**
 * Reads the waivers file that `--waivers` names, else the one of the configuration.
 *
 * @returns undefined where neither names one
 * @throws UsageError if the file cannot be read, ConfigError if it is no waivers file
 */
export async function readConfiguredWaivers(
  options: { readonly waivers?: string; readonly config?: string },
  { config }: LoadedConfig,
  io: CliIo,
): Promise<WaiverSet | undefined> {
  if (options.waivers !== undefined) return readWaivers(options.waivers, io);
  if (config.waivers === undefined) return undefined;
  return readWaivers(resolve(dirname(options.config ?? '.'), config.waivers), io);
}

/** @throws UsageError if the file cannot be read, ConfigError if it is no waivers file */
export async function readWaivers(file: string, io: CliIo): Promise<WaiverSet> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw new UsageError(`The waivers file ${file} cannot be read: ${fileProblem(error)}.`);
  }
  return parseWaivers(text, file, allChecks(), io.now());
}
