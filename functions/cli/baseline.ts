import { access, writeFile } from 'node:fs/promises';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { composeApp } from '#shared/composition-root.ts';
import { baselineOf } from '#shared/config/baseline.ts';
import { MAX_WAIVER_DAYS } from '#shared/domain/waiver.ts';
import { collectLive } from './collect.ts';
import { fileProblem } from './errors.ts';
import { type CliIo, UsageError } from './io.ts';
import { type AccountOptions, addAccountOptions, appOptions, readConfig } from './options.ts';
import type { Outcome } from './program.ts';
import { readInventoryFile } from './read-inventory.ts';
import { readConfiguredWaivers } from './read-waivers.ts';

interface BaselineOptions extends AccountOptions {
  readonly output: string;
  readonly owner: string;
  readonly reason: string;
  readonly approvedBy: string;
  readonly expiresInDays: number;
  readonly inventory?: string;
  readonly waivers?: string;
}

/** `hullcheck baseline`: today's failures as dated waivers, so that from tomorrow only new ones show. */
export function addBaselineCommand(program: Command, io: CliIo, outcome: Outcome): void {
  addAccountOptions(program.command('baseline'))
    .description("write today's failures as waivers that end")
    .requiredOption('--output <file>', 'waivers file to write; - is standard output')
    .requiredOption('--owner <who>', 'who answers for the waivers')
    .requiredOption('--approved-by <who>', 'who accepted the risk')
    .requiredOption('--reason <why>', 'why it is accepted')
    .addOption(
      new Option('--expires-in-days <days>', `days until they end, at most ${MAX_WAIVER_DAYS}`)
        .argParser(daysFrom)
        .default(90),
    )
    .option('--inventory <file>', 'judge this inventory instead of an account')
    .option('--waivers <file>', 'waivers that exist already: what they hide is left out')
    .action(async (options: BaselineOptions) => {
      outcome.exitCode = await writeBaseline(options, io);
    });
}

async function writeBaseline(options: BaselineOptions, io: CliIo): Promise<0 | 3> {
  const { output, owner, reason, approvedBy, expiresInDays: days } = options;
  if ([owner, reason, approvedBy].some((text) => text.trim() === '')) {
    throw new UsageError('--owner, --reason and --approved-by must say something.');
  }
  // Said before the account is read, which takes a while.
  if (output !== '-' && (await exists(output))) throw new UsageError(alreadyThere(output));
  const loaded = await readConfig(options.config);
  const waivers = await readConfiguredWaivers(options, loaded, io);
  const inventory =
    options.inventory === undefined ? await collectLive(options, io) : await readInventoryFile(options.inventory, io);
  const app = composeApp({ ...appOptions(options, loaded, io), ...(waivers === undefined ? {} : { waivers }) });
  try {
    const now = io.now();
    const result = app.evaluate(inventory, now);
    const baseline = baselineOf(result.findings(), { owner, reason, approvedBy, now, days });
    if (output === '-') io.stdout.write(baseline.yaml);
    else await writeNew(output, baseline.yaml);
    const { complete } = result.header;
    if (options.quiet !== true) {
      io.stderr.write(`${baseline.failures} failures in ${baseline.waivers} waivers written to ${output}.\n`);
      if (!complete) io.stderr.write('The scan is incomplete: what could not be read is not in the baseline.\n');
    }
    return complete ? 0 : 3;
  } finally {
    app.close();
  }
}

function daysFrom(value: string): number {
  const days = Number(value);
  if (Number.isInteger(days) && days >= 1 && days <= MAX_WAIVER_DAYS) return days;
  throw new InvalidArgumentError(`It must be a whole number from 1 to ${MAX_WAIVER_DAYS}.`);
}

async function exists(file: string): Promise<boolean> {
  try {
    await access(file);
    return true;
  } catch (error) {
    if ((error as { code?: string }).code === 'ENOENT') return false;
    throw new UsageError(`${file} cannot be written: ${fileProblem(error)}.`);
  }
}

/** Never over an existing file: it may hold waivers that people wrote. */
async function writeNew(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text, { flag: 'wx' });
  } catch (error) {
    if ((error as { code?: string }).code === 'EEXIST') throw new UsageError(alreadyThere(file));
    throw new UsageError(`${file} cannot be written: ${fileProblem(error)}.`);
  }
}

function alreadyThere(file: string): string {
  return `${file} exists, and the waivers in it would be lost: name a new file.`;
}
