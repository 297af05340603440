import { type Command, InvalidArgumentError, Option } from 'commander';
import { createClassifier } from '#shared/collectors/secrets/classifier.ts';
import { allChecks } from '#shared/composition-root.ts';
import { NEWEST_MINOR } from '#shared/domain/pod-security/standards.ts';
import { SEVERITIES, type Severity } from '#shared/domain/severity.ts';
import { VERDICT_STATUSES } from '#shared/domain/verdict.ts';
import { withExemptions } from '#shared/engine/exemptions.ts';
import { type CheckRegistry, createRegistry } from '#shared/engine/registry.ts';
import { writeChunks } from '#shared/sinks/files/write-chunks.ts';
import { plainLine } from '#shared/sinks/plain-text.ts';
import { waiverRemarks } from '#shared/sinks/waiver-remarks.ts';
import type { ScanResult } from '#shared/use-cases/evaluate-inventory.ts';
import { lint, lintChecks } from '#shared/use-cases/lint/lint.ts';
import { exitCodeOf } from './exit-code.ts';
import { type CliIo, type ExitCode, UsageError } from './io.ts';
import { readLintFiles } from './lint-files.ts';
import { appOptions, list, oneOf, readConfig } from './options.ts';
import { type FileFormat, onlyStatuses, renderResult, writeAllFormats } from './output.ts';
import type { Outcome } from './program.ts';
import { readConfiguredWaivers } from './read-waivers.ts';
import { tableOf } from './table.ts';
import { makeDirectory } from './write-file.ts';

interface LintOptions {
  readonly format: 'table' | 'json' | 'sarif';
  readonly kubernetesVersion: string;
  readonly namespace?: string;
  readonly check?: readonly string[];
  readonly config?: string;
  readonly waivers?: string;
  readonly failOn?: Severity;
  readonly output?: string;
  readonly status?: readonly string[];
  readonly quiet?: boolean;
  readonly color: boolean;
}

/** ASFF needs an account, which files do not have. */
const OUTPUT_FORMATS: readonly FileFormat[] = ['json', 'csv', 'sarif'];

const OLDEST_MINOR = 25;

/** `hullcheck lint`: judge files before they are deployed. */
export function addLintCommand(program: Command, io: CliIo, outcome: Outcome): void {
  program
    .command('lint')
    .description(
      'judge Kubernetes manifests, ECS task definitions, IAM trust policies and Dockerfiles before they are deployed',
    )
    .argument('<file...>', 'files, or directories of *.yaml, *.yml, *.json and Dockerfiles; - is standard input')
    .addOption(new Option('--format <format>', 'what to print').choices(['table', 'json', 'sarif']).default('table'))
    .addOption(
      new Option('--kubernetes-version <version>', 'the version of the cluster that manifests are for')
        .argParser(kubernetesVersion)
        .default(`1.${NEWEST_MINOR}`),
    )
    .option('--namespace <name>', 'namespace of manifests that name none')
    .addOption(new Option('--check <id...>', 'checks to evaluate (default: all)').argParser(list))
    .option('--config <file>', 'configuration (hullcheck.yaml)')
    .option('--waivers <file>', 'accepted risks (waivers.yaml)')
    .addOption(new Option('--fail-on <severity>', 'exit with 1 from this severity on').choices(SEVERITIES))
    .option('--output <dir>', 'directory to write the result to, as JSON, CSV and SARIF')
    .addOption(new Option('--status <status...>', 'verdicts to list (default: all)').argParser(oneOf(VERDICT_STATUSES)))
    .option('--quiet', 'no remarks on standard error')
    .option('--no-color', 'no colour in the table')
    .action(async (files: readonly string[], options: LintOptions) => {
      outcome.exitCode = await run(files, options, io);
    });
}

async function run(files: readonly string[], options: LintOptions, io: CliIo): Promise<ExitCode> {
  const loaded = await readConfig(options.config);
  const waivers = await readConfiguredWaivers(options, loaded, io);
  const { checkIds, parameters, hashKey, toolVersion } = appOptions(options, loaded, io);
  const named = options.check === undefined ? undefined : checkIds;
  const registry = checksToRun(named, checkIds, loaded.config.checks.exemptions);
  if (options.output !== undefined) await makeDirectory(options.output);
  const whole = await lint(readLintFiles(files, io), {
    registry,
    parameters,
    toolVersion,
    now: io.now,
    classify: createClassifier({ hashKey }),
    kubernetesVersion: options.kubernetesVersion,
    ...(options.namespace === undefined ? {} : { namespace: options.namespace }),
    ...(waivers === undefined ? {} : { waivers }),
  });
  const result = onlyStatuses(whole, options.status);
  const text =
    options.format === 'table' ? tableOf(result, options, io) : renderResult(options.format, result, registry);
  await writeChunks(text, io.stdout, false);
  if (options.quiet !== true) remark(whole, options, io);
  if (options.output !== undefined) {
    const paths = await writeAllFormats(options.output, result, registry, OUTPUT_FORMATS);
    if (options.quiet !== true) for (const path of paths) io.stderr.write(`wrote ${path}\n`);
  }
  return exitCodeOf(whole, options.failOn ?? loaded.config.failOn);
}

/** @param named the checks that `--check` names: to name one that no file can be judged by is a mistake */
function checksToRun(
  named: readonly string[] | undefined,
  switchedOn: readonly string[] | undefined,
  exemptions: boolean,
): CheckRegistry {
  const registry = lintChecks(allChecks());
  const live = named?.find((id) => registry.find(id) === undefined);
  if (live !== undefined) {
    throw new UsageError(`The check ${live} is for what runs in an account; no file can be judged by it.`);
  }
  const checks = registry.checks.filter(({ id }) => switchedOn === undefined || switchedOn.includes(id));
  return createRegistry(exemptions ? checks.map(withExemptions) : checks);
}

/** What machines' formats leave to the reader to find. */
function remark({ header }: ScanResult, { format }: LintOptions, io: CliIo): void {
  if (header.summary.resources === 0) io.stderr.write('hullcheck: nothing in these files is judged by any check.\n');
  if (format === 'table') return;
  for (const line of waiverRemarks(header.waivers ?? [])) io.stderr.write(`${line}\n`);
  for (const { reason } of header.coverage.flatMap(({ gaps }) => gaps)) {
    io.stderr.write(`hullcheck: ${plainLine(reason)}\n`);
  }
}

/** `1.30`, `v1.30` and `1.30.4` are the same to manifests. */
function kubernetesVersion(text: string): string {
  const minor = Number(/^v?1\.(\d{1,3})(?:[.+-].*)?$/.exec(text)?.[1] ?? Number.NaN);
  if (minor >= OLDEST_MINOR && minor <= NEWEST_MINOR) return `1.${minor}`;
  throw new InvalidArgumentError(`"${text}" is no version from 1.${OLDEST_MINOR} to 1.${NEWEST_MINOR}.`);
}
