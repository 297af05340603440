import type { Command } from 'commander';
import { type App, composeApp } from '#shared/composition-root.ts';
import { isIncomplete } from '#shared/domain/coverage.ts';
import type { Inventory } from '#shared/domain/inventory.ts';
import { inventoryText, writeInventory } from '#shared/inventory-file/write.ts';
import { type CliIo, UsageError } from './io.ts';
import { type AccountOptions, type AskedFor, addAccountOptions, appOptions, askedFor, readConfig } from './options.ts';
import type { Outcome } from './program.ts';
import { createProgressLine } from './progress.ts';
import { TOOL_VERSION } from './version.ts';
import { isInBucket, requireWritable, writeFileStream, writeToBucket } from './write-file.ts';

interface CollectOptions extends AccountOptions {
  readonly output: string;
  readonly cluster?: string;
}

/** `hullcheck collect`: the inventory only, to be judged later and elsewhere. */
export function addCollectCommand(program: Command, io: CliIo, outcome: Outcome): void {
  addAccountOptions(program.command('collect'))
    .description('read the account and write the inventory, without judging it')
    .requiredOption('--output <file>', 'file or s3://BUCKET/KEY to write the inventory to; - is standard output')
    .option('--cluster <name>', 'only the inside of this EKS cluster')
    .action(async (options: CollectOptions) => {
      refuseMoreThanTheCluster(options);
      if (options.output !== '-') await requireWritable(options.output);
      const inventory = await collectLive(withWhatLeadsInside(options), io);
      await writeInventoryTo(options.output, inventory, io, options.profile);
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

/** One inventory of one cluster: whoever judges it knows whose it is. */
function refuseMoreThanTheCluster({ cluster, service = [], check, region = [], roleArn = [] }: CollectOptions): void {
  if (cluster === undefined) return;
  if (check !== undefined || service.some((name) => name !== 'kubernetes')) {
    throw new UsageError('--cluster reads the inside of one cluster; of services it goes with kubernetes alone.');
  }
  if (region.length > 1 || roleArn.length > 1) {
    throw new UsageError('--cluster names a cluster of one account and region.');
  }
}

/** The inside of clusters is found by what the AWS API says of them. */
function withWhatLeadsInside(options: CollectOptions): CollectOptions {
  const { cluster, service } = options;
  if (cluster !== undefined || service?.includes('kubernetes') !== true) return options;
  return { ...options, service: [...new Set([...service, 'eks'])] };
}

/** Reads what the options name, with a progress line. */
export async function collectLive(
  options: AccountOptions & { readonly cluster?: string },
  io: CliIo,
): Promise<Inventory> {
  const loaded = await readConfig(options.config);
  const progress = createProgressLine(io, options.quiet === true);
  const app = composeApp({
    ...appOptions(options, loaded, io),
    ...(options.cluster === undefined ? {} : { cluster: options.cluster }),
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

/**
 * @param profile of the AWS configuration, for a bucket
 * @throws UsageError if the file cannot be written
 */
export async function writeInventoryTo(file: string, inventory: Inventory, io: CliIo, profile?: string): Promise<void> {
  if (file === '-') {
    await writeInventory(inventory, TOOL_VERSION, io.stdout);
    return;
  }
  if (isInBucket(file)) {
    await writeToBucket(file, inventoryText(inventory, TOOL_VERSION), 'application/x-ndjson', profile);
    return;
  }
  await writeFileStream(file, (stream) => writeInventory(inventory, TOOL_VERSION, stream));
}
