import { appendFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { type Command, Option } from 'commander';
import { composeGate, type Gate } from '#shared/compose-gate.ts';
import type { GateRecord } from '#shared/domain/gate.ts';
import { ecrLocationOf, parseImageReference } from '#shared/domain/image-reference.ts';
import { plainLine } from '#shared/sinks/plain-text.ts';
import type { GateRequest } from '#shared/use-cases/gate/gate.ts';
import type { LintFile } from '#shared/use-cases/lint/read-documents.ts';
import { environmentRegion } from './environment-region.ts';
import { fileProblem } from './errors.ts';
import { type CliIo, type ExitCode, UsageError } from './io.ts';
import { readLintFiles } from './lint-files.ts';
import { type AccountOptions, appOptions, list, readConfig, sourcesOf } from './options.ts';
import type { Outcome } from './program.ts';
import { readConfiguredWaivers } from './read-waivers.ts';
import { requireWritable } from './write-file.ts';

interface GateOptions extends AccountOptions {
  readonly format: 'table' | 'json';
  readonly waivers?: string;
  readonly output?: string;
  readonly wait: boolean;
}

const POLL_MS = 10_000;
const FILE_NAME = /^-$|\.(?:json|ya?ml)$/i;
const DEFINITION_ARN = /^arn:aws[a-z-]*:ecs:([a-z0-9-]+):\d{12}:task-definition\//;

/** `hullcheck gate`: may this be deployed? */
export function addGateCommand(program: Command, io: CliIo, outcome: Outcome): void {
  program
    .command('gate')
    .description('say whether images and task definitions may be deployed, by the policy of the configuration')
    .argument('<what...>', 'images, files of ECS task definitions (- is standard input), ARNs of task definitions')
    .addOption(new Option('--format <format>', 'what to print').choices(['table', 'json']).default('table'))
    .option('--no-wait', 'do not wait for a scan that is under way: the image counts as not scanned')
    .option('--output <file>', 'file to add the evidence to, one JSON record a line')
    .option('--config <file>', 'configuration (hullcheck.yaml); its section gate is the policy')
    .option('--waivers <file>', 'accepted risks (waivers.yaml)')
    .option('--profile <name>', 'profile of the AWS configuration')
    .addOption(new Option('--role-arn <arn...>', 'roles to assume, one for each account with images').argParser(list))
    .addOption(new Option('--external-id <id...>', 'external id: one for all roles, or one for each').argParser(list))
    .option('--quiet', 'no remarks on standard error')
    .action(async (what: readonly string[], options: GateOptions) => {
      outcome.exitCode = await run(what, options, io);
    });
}

async function run(what: readonly string[], options: GateOptions, io: CliIo): Promise<ExitCode> {
  const loaded = await readConfig(options.config);
  const waivers = await readConfiguredWaivers(options, loaded, io);
  if (options.output !== undefined) await requireWritable(options.output);
  const asked = await askedFor(what, io);
  const gate = await composeGate(
    { ...appOptions(options, loaded, io), ...(waivers === undefined ? {} : { waivers }) },
    sourcesOf(options, loaded),
    (await regionIn(asked, options)) ?? 'us-east-1',
  );
  try {
    const requests: GateRequest[] = [];
    for (const one of asked) requests.push(one.is === 'file' ? await gate.read(one.file) : one);
    const record = await decided(gate, requests, options, io);
    if (options.output !== undefined) await keepIn(options.output, record);
    io.stdout.write(options.format === 'json' ? `${JSON.stringify(record, null, 2)}\n` : textOf(record));
    const isBlind = record.notLooked.length > 0;
    if (record.decision === 'allow' && isBlind && options.quiet !== true) {
      io.stderr.write(
        'hullcheck: warning: it was allowed without having been looked at (gate.whenNotLooked: allow).\n',
      );
    }
    return exitCodeOf(record);
  } finally {
    gate.close();
  }
}

/** Asks again while a scan is under way; the policy says for how long. */
async function decided(
  gate: Gate,
  requests: readonly GateRequest[],
  { wait, quiet }: GateOptions,
  io: CliIo,
): Promise<GateRecord> {
  const asker = { requestedBy: 'hullcheck gate', waitingSince: io.now() };
  for (let isFirst = true; ; isFirst = false) {
    const record = await gate.ask(requests, asker, wait);
    if (record.decision !== 'wait') return record;
    if (isFirst && quiet !== true) io.stderr.write(`hullcheck: ${plainLine(record.says)}\n`);
    await pause(POLL_MS);
  }
}

function exitCodeOf({ decision, objections }: GateRecord): ExitCode {
  if (decision === 'allow') return 0;
  return objections.length > 0 ? 1 : 3;
}

/** A file is told apart from what it holds, which needs a gate to be read. */
type Asked = GateRequest | { readonly is: 'file'; readonly file: LintFile };

async function askedFor(what: readonly string[], io: CliIo): Promise<readonly Asked[]> {
  const requests: Asked[] = [];
  for (const one of what) {
    if (FILE_NAME.test(one)) {
      for await (const file of readLintFiles([one], io)) requests.push({ is: 'file', file });
    } else if (DEFINITION_ARN.test(one)) {
      requests.push({ is: 'task-definition', arn: one });
    } else if (parseImageReference(one) === undefined) {
      throw new UsageError(`"${plainLine(one)}" is no image, no file *.json or *.yaml, and no task definition's ARN.`);
    } else {
      requests.push({ is: 'image', name: one });
    }
  }
  return requests;
}

/** A region of the partition that is asked: that of the first thing that names one, else that of the environment. */
async function regionIn(requests: readonly Asked[], { profile }: GateOptions): Promise<string | undefined> {
  for (const request of requests) {
    if (request.is === 'task-definition') return DEFINITION_ARN.exec(request.arn)?.[1];
    const reference = request.is === 'image' ? parseImageReference(request.name) : undefined;
    const location = reference === undefined ? undefined : ecrLocationOf(reference);
    if (location !== undefined) return location.region;
  }
  return environmentRegion(profile);
}

async function keepIn(file: string, record: GateRecord): Promise<void> {
  try {
    await appendFile(file, `${JSON.stringify(record)}\n`);
  } catch (error) {
    throw new UsageError(`${file} cannot be written: ${fileProblem(error)}.`);
  }
}

/** One sentence first: it is what a pipeline's log is read for. */
function textOf({ says, objections, waived, notLooked, remarks, subjects }: GateRecord): string {
  const reasons = objections.flatMap(({ severity, subject, says: what, checkId, resource }) => [
    `  ${severity}  ${plainLine(`${subject} ${what}`)}`,
    `      to accept it for a while: a waiver of ${checkId} on ${plainLine(resource.uid)}`,
  ]);
  const accepted = waived.map(({ severity, subject, says: what, waiver }) => {
    const by = `${waiver?.id} of ${waiver?.owner}, until ${waiver?.expiresAt.slice(0, 10)}`;
    return `  waived  ${severity}  ${plainLine(`${subject} ${what} (${by})`)}`;
  });
  const lines = [
    plainLine(says),
    ...reasons,
    ...accepted,
    ...notLooked.map((sentence) => `  could not look  ${plainLine(sentence)}`),
    ...remarks.map((sentence) => `  remark  ${plainLine(sentence)}`),
    ...subjects.flatMap(({ name, digest }) =>
      digest === undefined ? [] : [`  looked at  ${plainLine(name)} = ${digest}`],
    ),
  ];
  return `${lines.join('\n')}\n`;
}
