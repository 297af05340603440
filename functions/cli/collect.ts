import type { Command } from 'commander';
import { type App, composeApp } from '#shared/composition-root.ts';
import { isIncomplete } from '#shared/domain/coverage.ts';
import type { Inventory } from '#shared/domain/inventory.ts';
import { writeInventory } from '#shared/inventory-file/write.ts';
import type { CliIo } from './io.ts';
import { type AccountOptions, type AskedFor, addAccountOptions, appOptions, askedFor, readConfig } from './options.ts';
import type { Outcome } from './program.ts';
import { createProgressLine } from './progress.ts';
import { TOOL_VERSION } from './version.ts';
import { requireWritable, writeFileStream } from './write-file.ts';

interface CollectOptions extends AccountOptions {
  readonly output: string;
}

/** `hullcheck collect`: the inventory only, to be judged later and elsewhere. */
export function addCollectCommand(program: Command, io: CliIo, outcome: Outcome): void {
  addAccountOptions(program.command('collect'))
    .description('read the account and write the inventory, without judging it')
    .requiredOption('--output <file>', 'file to write the inventory to; - is standard output')
    .action(async (options: CollectOptions) => {
      if (options.output !== '-') await requireWritable(options.output);
      const inventory = await collectLive(options, io);
      await writeInventoryTo(options.output, inventory, io);
      const gaps = inventory.coverage.flatMap((entry) => entry.gaps);
      if (options.quiet !== true) {
        io.stderr.write(
          `${inventory.resources.length} resources, ${inventory.facts.length} facts, ${gaps.length} gaps written to ${options.output}.\n`,
        );
        for (const gap of gaps) io.stderr.write(`  ${gap.accountId} ${gap.region} ${gap.service}: ${gap.reason}\n`);
      }
      outcome.exitCode = inventory.coverage.some(isIncomplete) ? 3 : 0;
    });
}

/** Reads what the options name, with a progress line. */
export async function collectLive(options: AccountOptions, io: CliIo): Promise<Inventory> {
  const loaded = await readConfig(options.config);
  const progress = createProgressLine(io, options.quiet === true);
  const app = composeApp({
    ...appOptions(options, loaded, io),
    ...(progress.observe === undefined ? {} : { onProgress: progress.observe }),
  });
  try {
    return await collectAsked(await askedFor(options, loaded, app), app);
  } finally {
    progress.clear();
    app.close();
  }
}

/** Reads what was asked for. */
export function collectAsked({ sources, regions, leftOut }: AskedFor, app: App): Promise<Inventory> {
  return app.collect(sources, regions, leftOut);
}

/** @throws UsageError if the file cannot be written */
export async function writeInventoryTo(file: string, inventory: Inventory, io: CliIo): Promise<void> {
  if (file === '-') {
    await writeInventory(inventory, TOOL_VERSION, io.stdout);
    return;
  }
  await writeFileStream(file, (stream) => writeInventory(inventory, TOOL_VERSION, stream));
}
