import { join } from 'node:path';
import { type Command, Option } from 'commander';
import { composeApp, DESTINATIONS, type Destination, openLedger } from '#shared/composition-root.ts';
import type { SinkReport } from '#shared/domain/ports.ts';
import { SEVERITIES, type Severity } from '#shared/domain/severity.ts';
import { VERDICT_STATUSES } from '#shared/domain/verdict.ts';
import { writeChunks } from '#shared/sinks/files/write-chunks.ts';
import { plainLine } from '#shared/sinks/plain-text.ts';
import { waiverRemarks } from '#shared/sinks/waiver-remarks.ts';
import { collectAsked, writeInventoryTo } from './collect.ts';
import { exitCodeOf } from './exit-code.ts';
import { type CliIo, type ExitCode, UsageError } from './io.ts';
import {
  type AccountOptions,
  addAccountOptions,
  appOptions,
  askedFor,
  oneOf,
  readConfig,
  refuseLintChecks,
} from './options.ts';
import { FILE_FORMATS, type FileFormat, onlyStatuses, renderResult, writeAllFormats } from './output.ts';
import type { Outcome } from './program.ts';
import { createProgressLine } from './progress.ts';
import { readInventoryFile } from './read-inventory.ts';
import { readConfiguredWaivers } from './read-waivers.ts';
import { tableOf } from './table.ts';
import { makeDirectory } from './write-file.ts';

interface ScanOptions extends AccountOptions {
  readonly format: 'table' | FileFormat;
  readonly output?: string;
  readonly publish?: readonly Destination[];
  readonly status?: readonly string[];
  readonly failOn?: Severity;
  readonly inventory?: string;
  readonly waivers?: string;
  readonly ledger?: string;
  readonly color: boolean;
}

/** Options that only make sense when AWS is asked. */
const LIVE_OPTIONS = ['region', 'profile', 'roleArn', 'externalId', 'publish', 'ledger'] as const;

/** `hullcheck scan`: read, judge, print, and on request write files and publish. */
export function addScanCommand(program: Command, io: CliIo, outcome: Outcome): void {
  addAccountOptions(program.command('scan'))
    .description('read an account (or an inventory) and judge it')
    .addOption(new Option('--format <format>', 'what to print').choices(['table', ...FILE_FORMATS]).default('table'))
    .option('--output <dir>', 'directory to write the result to, in every format, with the inventory')
    .addOption(
      new Option('--publish <sink...>', `where to publish: ${DESTINATIONS.join(', ')}`).argParser(oneOf(DESTINATIONS)),
    )
    .addOption(new Option('--status <status...>', 'verdicts to list (default: all)').argParser(oneOf(VERDICT_STATUSES)))
    .addOption(new Option('--fail-on <severity>', 'exit with 1 from this severity on').choices(SEVERITIES))
    .option(
      '--inventory <file>',
      'judge this inventory (a file, s3://BUCKET/KEY, - is standard input) instead of an account',
    )
    .option('--waivers <file>', 'accepted risks (waivers.yaml)')
    .option('--ledger <place>', 'memory of findings (a file, or dynamodb:TABLE): only changes are published')
    .option('--no-color', 'no colour in the table')
    .action(async (options: ScanOptions) => {
      outcome.exitCode = await scan(options, io);
    });
}

async function scan(options: ScanOptions, io: CliIo): Promise<ExitCode> {
  refuseLintChecks(options);
  if (options.inventory !== undefined) refuseLiveOptions(options);
  const loaded = await readConfig(options.config);
  const waivers = await readConfiguredWaivers(options, loaded, io);
  // Said before the account is read, which takes a while.
  if (options.output !== undefined) await makeDirectory(options.output);
  // A ledger that cannot be used is known before an account is read.
  const ledger = options.ledger === undefined ? undefined : await openLedger(options.ledger, io.now);
  const progress = createProgressLine(io, options.quiet === true);
  const app = composeApp({
    ...appOptions(options, loaded, io),
    ...(waivers === undefined ? {} : { waivers }),
    ...(ledger === undefined ? {} : { contents: ledger }),
    ...(progress.observe === undefined ? {} : { onProgress: progress.observe }),
  });
  try {
    if (options.publish?.includes('sns') === true && loaded.config.publish.sns === undefined) {
      throw new UsageError('--publish sns needs publish.sns.topics in the configuration (--config).');
    }
    const inventory =
      options.inventory === undefined
        ? await collectAsked(await askedFor(options, loaded, app), app)
        : await readInventoryFile(options.inventory, io);
    progress.clear();
    const whole = app.evaluate(inventory);
    const result = onlyStatuses(whole, options.status);
    const text =
      options.format === 'table' ? tableOf(result, options, io) : renderResult(options.format, result, app.registry);
    await writeChunks(text, io.stdout, false);
    // The table says it by itself.
    if (options.format !== 'table' && options.quiet !== true) {
      for (const remark of waiverRemarks(whole.header.waivers ?? [])) io.stderr.write(`${remark}\n`);
    }
    if (options.output !== undefined) {
      const paths = await writeAllFormats(options.output, result, app.registry);
      const inventoryPath = join(options.output, 'inventory.jsonl');
      await writeInventoryTo(inventoryPath, inventory, io);
      if (options.quiet !== true) for (const path of [...paths, inventoryPath]) io.stderr.write(`wrote ${path}\n`);
    }
    const reports = await app.publish(whole, options.publish ?? [], ledger);
    const delivered = reports.map((report) => tellReport(report, options.quiet === true, io)).every(Boolean);
    return exitCodeOf(whole, options.failOn ?? loaded.config.failOn, delivered);
  } finally {
    progress.clear();
    app.close();
    ledger?.close();
  }
}

/** @returns whether everything arrived */
function tellReport({ sink, published, rejected, notPublished }: SinkReport, quiet: boolean, io: CliIo): boolean {
  if (!quiet) io.stderr.write(`${sink}: ${published} published\n`);
  for (const { findingId, code, message } of rejected) {
    io.stderr.write(`${sink}: refused ${plainLine(`${findingId}: ${code}: ${message}`)}\n`);
  }
  for (const { accountId, region, reason, count } of notPublished) {
    io.stderr.write(`${sink}: ${count} findings of ${accountId} ${region} not published: ${reason}\n`);
  }
  return rejected.length === 0 && notPublished.length === 0;
}

function refuseLiveOptions(options: ScanOptions): void {
  const live = LIVE_OPTIONS.find((name) => options[name] !== undefined);
  if (live === undefined) return;
  const flag = live.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  throw new UsageError(`--inventory judges a file; it cannot be combined with --${flag}.`);
}
