import { join } from 'node:path';
import type { Command } from 'commander';
import { type ReportOptions, reportOnLedger, reportOnScan } from '#shared/compose-report.ts';
import { composeApp, openLedger } from '#shared/composition-root.ts';
import type { BuiltReport } from '#shared/reports/build.ts';
import { verifyReport } from '#shared/reports/manifest.ts';
import type { ChainedReport, PreviousReport, PreviousRow } from '#shared/reports/previous.ts';
import { writeReport } from '#shared/reports/write.ts';
import { collectAsked } from './collect.ts';
import { type CliIo, type ExitCode, UsageError } from './io.ts';
import { type AccountOptions, addAccountOptions, appOptions, askedFor, readConfig } from './options.ts';
import type { Outcome } from './program.ts';
import { createProgressLine } from './progress.ts';
import { readInventoryFile } from './read-inventory.ts';
import { readConfiguredWaivers } from './read-waivers.ts';
import { directoryPlace, directoryTarget, readPreviousReport, requireBefore, requireRoom } from './report-files.ts';
import { TOOL_VERSION } from './version.ts';
import { makeDirectory } from './write-file.ts';

interface MakeOptions extends AccountOptions {
  readonly output: string;
  readonly ledger?: string;
  readonly inventory?: string;
  readonly previous?: string;
  readonly waivers?: string;
  readonly account?: string;
  readonly unit?: string;
  readonly title?: string;
  readonly replace?: boolean;
}

/** `hullcheck report`: the audit report as files, and whether they are still what was written. */
export function addReportCommand(program: Command, io: CliIo, outcome: Outcome): void {
  const report = addAccountOptions(program.command('report'))
    .description('write the audit report: HTML, CSV, JSON, OSCAL, and a manifest with their hashes')
    .option('--output <dir>', 'directory for the files', 'hullcheck-report')
    .option('--replace', 'replace the report that is in the directory')
    .option('--ledger <place>', 'report on this memory of findings (a file, or dynamodb:TABLE)')
    .option('--inventory <file>', 'report on this inventory; - is standard input')
    .option('--previous <dir>', 'the report before: to compare with, and to be chained to')
    .option('--waivers <file>', 'accepted risks (waivers.yaml)')
    .option('--account <id>', 'only what is about this account')
    .option('--unit <id>', 'only what is about this organizational unit (with --ledger)')
    .option('--title <text>', 'title of the report')
    .action(async (options: MakeOptions) => {
      outcome.exitCode = await makeReport(options, io);
    });
  report
    .command('verify')
    .argument('<dir>', 'directory of a report')
    .description('compare the files of a report with the hashes in its manifest')
    .option(
      '--manifest-sha256 <hash>',
      'the hash that the manifest must have, as a later report or an archive names it',
    )
    .action(async (directory: string, options: { readonly manifestSha256?: string }) => {
      outcome.exitCode = await verify(directory, options.manifestSha256, io);
    });
}

type Asked = ReportOptions & { readonly previous?: PreviousReport<PreviousRow> };

async function makeReport(options: MakeOptions, io: CliIo): Promise<ExitCode> {
  if (options.ledger !== undefined && options.inventory !== undefined) {
    throw new UsageError('Name a ledger or an inventory, not both.');
  }
  if (options.account !== undefined && options.unit !== undefined) {
    throw new UsageError('Name an account or an organizational unit, not both.');
  }
  if (options.unit !== undefined && options.ledger === undefined) {
    throw new UsageError('--unit needs --ledger: an inventory does not know organizational units.');
  }
  const loaded = await readConfig(options.config);
  const waivers = await readConfiguredWaivers(options, loaded, io);
  const slice =
    options.account === undefined
      ? options.unit === undefined
        ? undefined
        : ({ kind: 'unit', id: options.unit } as const)
      : ({ kind: 'account', id: options.account } as const);
  const source = options.ledger === undefined ? 'inventory' : 'ledger';
  const subject = { source, ...(slice === undefined ? {} : { slice }) } as const;
  const previous = options.previous === undefined ? undefined : await readPreviousReport(options.previous, subject);
  // Said before the account is read, which takes a while.
  await makeDirectory(options.output);
  await requireRoom(options.output, options);
  const asked: Asked = {
    ...(previous === undefined ? {} : { previous: previous.report }),
    config: loaded.config,
    parameters: loaded.parameters,
    ...(loaded.checkIds === undefined ? {} : { checkIds: loaded.checkIds }),
    toolVersion: TOOL_VERSION,
    now: io.now,
    ...(waivers === undefined ? {} : { waivers }),
    ...(slice === undefined ? {} : { slice }),
    ...(options.title === undefined ? {} : { title: options.title }),
  };
  const report =
    options.ledger === undefined ? await onScan(options, asked, loaded, io) : await onLedger(options.ledger, asked, io);
  return finish(report, options, previous, io);
}

async function onLedger(place: string, asked: Asked, io: CliIo): Promise<BuiltReport> {
  const ledger = await openLedger(place, io.now);
  try {
    return await reportOnLedger(ledger, asked);
  } finally {
    ledger.close();
  }
}

async function onScan(
  options: MakeOptions,
  asked: Asked,
  loaded: Awaited<ReturnType<typeof readConfig>>,
  io: CliIo,
): Promise<BuiltReport> {
  const progress = createProgressLine(io, options.quiet === true);
  const app = composeApp({
    ...appOptions(options, loaded, io),
    ...(asked.waivers === undefined ? {} : { waivers: asked.waivers }),
    ...(progress.observe === undefined ? {} : { onProgress: progress.observe }),
  });
  try {
    const inventory =
      options.inventory === undefined
        ? await collectAsked(await askedFor(options, loaded, app), app)
        : await readInventoryFile(options.inventory, io);
    return await reportOnScan(inventory, app.evaluate(inventory), app.registry, asked);
  } finally {
    progress.clear();
    app.close();
  }
}

/** Writes the files, says where they are, and opens nothing. */
async function finish(
  report: BuiltReport,
  { output, quiet }: MakeOptions,
  previous: ChainedReport<PreviousRow> | undefined,
  io: CliIo,
): Promise<ExitCode> {
  try {
    if (previous !== undefined) requireBefore(previous, report.head);
    await writeReport(report, directoryTarget(output), previous?.chain);
  } finally {
    await report.dispose();
  }
  const { complete, incompleteBecause } = report.head;
  if (quiet !== true) for (const sentence of incompleteBecause) io.stderr.write(`not complete: ${sentence}\n`);
  io.stdout.write(`${join(output, 'report.html')}\n`);
  return complete ? 0 : 3;
}

async function verify(directory: string, expected: string | undefined, io: CliIo): Promise<ExitCode> {
  const { manifest, manifestSha256, problems } = await verifyReport(directoryPlace(directory), expected);
  for (const problem of problems) io.stdout.write(`${problem}\n`);
  if (problems.length > 0) return 1;
  const { files, findings, previous } = manifest;
  io.stdout.write(
    `The ${files.length} files are what was written: ${findings} findings. The manifest has the hash ${manifestSha256}${
      previous === undefined
        ? '; no report is before it.'
        : `, and names that of the report before: ${previous.manifestSha256}.`
    }\n`,
  );
  return 0;
}
