import { appendFile, readFile } from 'node:fs/promises';
import { type Command, Option } from 'commander';
import { composeResponder } from '#shared/compose-responder.ts';
import { allChecks } from '#shared/composition-root.ts';
import { type FindingIdParts, partsOfFindingId } from '#shared/domain/finding.ts';
import type { JsonValue } from '#shared/domain/json.ts';
import { parseJson } from '#shared/domain/parse-json.ts';
import type { ResponseOutcome, ResponseRecord } from '#shared/domain/response.ts';
import { fixes } from '#shared/fixes/index.generated.ts';
import { plainLine } from '#shared/sinks/plain-text.ts';
import { fileProblem } from './errors.ts';
import { type CliIo, CouldNotLookError, type ExitCode, UsageError } from './io.ts';
import { appOptions, list, readConfig, sourcesOf } from './options.ts';
import type { Outcome } from './program.ts';
import { readConfiguredWaivers } from './read-waivers.ts';
import { type Difference, differencesBetween } from './settings-difference.ts';
import { requireWritable } from './write-file.ts';

interface FixOptions {
  readonly result?: string;
  readonly apply?: boolean;
  readonly allowUnknownUse?: boolean;
  readonly format: 'text' | 'json';
  readonly output?: string;
  readonly region?: readonly string[];
  readonly profile?: string;
  readonly roleArn?: readonly string[];
  readonly externalId?: readonly string[];
  readonly config?: string;
  readonly waivers?: string;
  readonly quiet?: boolean;
}

const EXIT_CODES: Readonly<Record<ResponseOutcome, ExitCode>> = {
  fixed: 0,
  planned: 0,
  'no-change': 0,
  refused: 1,
  'still-failing': 1,
  applying: 1,
  'could-not-look': 3,
};

/** `hullcheck fix`: shows what would mend a finding, and does it when told to. */
export function addFixCommand(program: Command, io: CliIo, outcome: Outcome): void {
  program
    .command('fix <finding>')
    .description('show what would fix a finding, by its id; change it with --apply')
    .option('--apply', 'change it: without, nothing is written')
    .option('--result <file>', 'result file (scan --format json) that must hold the finding')
    .option('--allow-unknown-use', 'answer for what could not be found out about who uses the resource')
    .addOption(new Option('--format <format>', 'what to print').choices(['text', 'json']).default('text'))
    .option('--output <file>', 'file to add the evidence to, one JSON record a line')
    .option('--waivers <file>', 'accepted risks (waivers.yaml): what they protect is not changed')
    .option('--config <file>', 'configuration (hullcheck.yaml)')
    .addOption(new Option('--region <region...>', 'more regions in which to ask who uses the resource').argParser(list))
    .option('--profile <name>', 'profile of the AWS configuration')
    .addOption(new Option('--role-arn <arn...>', 'role to assume in the account of the finding').argParser(list))
    .addOption(new Option('--external-id <id...>', 'external id of the role').argParser(list))
    .option('--quiet', 'no remarks on standard error')
    .action(async (finding: string, options: FixOptions) => {
      outcome.exitCode = await fix(finding, options, io);
    });
}

async function fix(id: string, options: FixOptions, io: CliIo): Promise<ExitCode> {
  const parts = requireFinding(id);
  if (options.result !== undefined) await requireInResult(id, options.result);
  const loaded = await readConfig(options.config);
  const waivers = await readConfiguredWaivers(options, loaded, io);
  // What cannot be written down is not done.
  if (options.output !== undefined) await requireWritable(options.output);
  const { accountId, region } = parts;
  const sources = sourcesOf(options, loaded).filter(
    ({ roleArn }) => roleArn === undefined || roleArn.split(':')[4] === accountId,
  );
  if (sources.length === 0) throw new UsageError(`None of the roles is in ${accountId}, the account of the finding.`);
  const responder = await composeResponder(
    { ...appOptions(options, loaded, io), ...(waivers === undefined ? {} : { waivers }) },
    sources,
    [...new Set([region, ...(options.region ?? [])])],
  );
  try {
    if (!responder.targets.some((target) => target.accountId === accountId && target.region === region)) {
      const [left] = responder.excluded;
      if (left !== undefined) throw new CouldNotLookError(left.reason);
      const [other] = responder.targets;
      throw new UsageError(`The finding is of account ${accountId}, and the credentials are of ${other?.accountId}.`);
    }
    const [record] = await responder.respond([id], {
      apply: options.apply === true,
      allowUnknownUse: options.allowUnknownUse === true,
      requestedBy: 'hullcheck fix',
      keep: async (evidence) => keepIn(options.output, evidence),
    });
    if (record === undefined) throw new Error('a request ended without an outcome');
    io.stdout.write(options.format === 'json' ? `${JSON.stringify(record, null, 2)}\n` : textOf(record));
    if (record.outcome === 'planned' && options.quiet !== true) {
      io.stderr.write('Nothing was changed: this was a dry run. Add --apply to change it.\n');
    }
    return EXIT_CODES[record.outcome];
  } finally {
    responder.close();
  }
}

/** @throws UsageError for an id that no finding of this version can have */
function requireFinding(id: string): FindingIdParts {
  const parts = partsOfFindingId(id);
  if (parts === undefined) {
    throw new UsageError(
      `"${plainLine(id)}" is not the id of a finding: it begins with hullcheck/, as in JSON results and in Security Hub.`,
    );
  }
  const check = allChecks().find(parts.checkId);
  if (check === undefined) {
    throw new UsageError(`There is no check "${parts.checkId}"; \`hullcheck checks list\` names them all.`);
  }
  const known = fixes.find(({ checks }) => checks.includes(check.id));
  if (known !== undefined && known.nameOf(parts.uid) === undefined) {
    throw new UsageError(`"${plainLine(id)}" does not end with the ARN of what ${check.id} judges.`);
  }
  return parts;
}

/** @throws UsageError where the file is no result, or does not hold the finding */
async function requireInResult(id: string, file: string): Promise<void> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw new UsageError(`The result ${file} cannot be read: ${fileProblem(error)}.`);
  }
  const findings = (parseJson(text) as { findings?: unknown } | null | undefined)?.findings;
  if (!Array.isArray(findings))
    throw new UsageError(`${file} is not a result: \`hullcheck scan --format json\` writes one.`);
  if (!findings.some((finding: { id?: unknown } | null) => finding?.id === id)) {
    throw new UsageError(`The result ${file} holds no finding "${plainLine(id)}".`);
  }
}

/** @throws UsageError if the file cannot be written: then nothing is changed */
async function keepIn(file: string | undefined, record: ResponseRecord): Promise<void> {
  if (file === undefined) return;
  try {
    await appendFile(file, `${JSON.stringify(record)}\n`);
  } catch (error) {
    throw new UsageError(`${file} cannot be written: ${fileProblem(error)}.`);
  }
}

/** For people: what changes, and whether it was read back as it should be. The JSON has the whole settings. */
function textOf({ outcome, says, findingId, before, wanted, after, verdictAfter }: ResponseRecord): string {
  const changes = wanted === undefined ? [] : differencesBetween(before, wanted);
  const strays = after === undefined ? [] : differencesBetween(wanted, after);
  return [
    `${outcome}  ${plainLine(findingId)}`,
    `  ${plainLine(says)}`,
    ...changes.map((change) => `  ${lineOf(change)}`),
    ...(after === undefined ? [] : [strays.length === 0 ? '  read back as it should be' : '  read back otherwise:']),
    ...strays.map((stray) => `    ${lineOf(stray)}`),
    ...(verdictAfter === undefined ? [] : [`  the check says ${verdictAfter.status}`]),
    '',
  ].join('\n');
}

function lineOf({ path, before, after }: Difference): string {
  const text = (value: JsonValue | undefined) => (value === undefined ? 'nothing' : JSON.stringify(value));
  return plainLine(`${path}: ${text(before)} -> ${text(after)}`);
}
