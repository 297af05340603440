import { type Command, Option } from 'commander';
import { OrganizationError } from '#shared/aws/organization.ts';
import { type App, composeApp, DESTINATIONS, type Destination } from '#shared/composition-root.ts';
import { ConfigError, type LoadedConfig } from '#shared/config/load.ts';
import { type Diagnosis, diagnosisOf, type ProbeResult } from '#shared/domain/diagnosis.ts';
import { storedInventories } from '#shared/inventory-file/stored.ts';
import { doctorTable } from '#shared/sinks/console/doctor-table.ts';
import { askCluster } from '#shared/use-cases/doctor/ask-cluster.ts';
import { diagnose } from '#shared/use-cases/doctor/diagnose.ts';
import { scopeToDiagnose } from '#shared/use-cases/doctor/scope.ts';
import { CredentialsError } from '#shared/use-cases/plan-targets.ts';
import { environmentRegion } from './environment-region.ts';
import { type CliIo, type ExitCode, UsageError } from './io.ts';
import {
  type AccountOptions,
  type AskedFor,
  addAccountOptions,
  appOptions,
  askedFor,
  oneOf,
  readConfig,
  regionsOf,
} from './options.ts';
import type { Outcome } from './program.ts';
import { widthOf } from './progress.ts';
import { readConfiguredWaivers } from './read-waivers.ts';
import { TOOL_VERSION } from './version.ts';

interface DoctorOptions extends AccountOptions {
  readonly format: 'table' | 'json';
  readonly publish?: readonly Destination[];
  readonly waivers?: string;
  readonly ledger?: string;
  readonly color: boolean;
}

const MAX_ATTEMPTS = 3;

/** `hullcheck doctor`: takes what a scan takes, and says whether that scan would work. */
export function addDoctorCommand(program: Command, io: CliIo, outcome: Outcome): void {
  addAccountOptions(program.command('doctor'))
    .description('try what a scan with the same options needs: credentials, permissions, regions, clusters')
    .addOption(new Option('--format <format>', 'what to print').choices(['table', 'json']).default('table'))
    .addOption(
      new Option('--publish <sink...>', `destinations to try: ${DESTINATIONS.join(', ')}`).argParser(
        oneOf(DESTINATIONS),
      ),
    )
    .option('--waivers <file>', 'accepted risks (waivers.yaml)')
    .option('--ledger <place>', 'memory of findings: dynamodb:TABLE is tried')
    .option('--no-color', 'no colour in the table')
    .action(async (options: DoctorOptions) => {
      const startedAt = io.now().toISOString();
      const diagnosis = await examine(options, io);
      if (options.format === 'json') {
        const tool = { name: 'hullcheck', version: TOOL_VERSION };
        const report = { schemaVersion: 1, tool, startedAt, finishedAt: io.now().toISOString(), ...diagnosis };
        io.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
      } else {
        const terminal = io.stdout.isTTY === true;
        io.stdout.write(
          doctorTable(diagnosis, {
            colour: terminal && options.color && (io.env.NO_COLOR ?? '') === '',
            ...(terminal ? { width: widthOf(io.stdout) } : {}),
          }),
        );
      }
      outcome.exitCode = exitCodeOf(diagnosis);
    });
}

async function examine(options: DoctorOptions, io: CliIo): Promise<Diagnosis> {
  const config = await attempt('configuration', options.config ?? 'the defaults', () => readConfig(options.config));
  const loaded = config.value;
  if (loaded === undefined) return diagnosisOf(config.results);
  const waiversFile = options.waivers ?? loaded.config.waivers;
  const waivers =
    waiversFile === undefined
      ? { results: [] }
      : await attempt('waivers', waiversFile, () => readConfiguredWaivers(options, loaded, io));
  const app = composeApp(appOptions(options, hasty(loaded), io));
  try {
    return await diagnoseLive(app, options, loaded, [...config.results, ...waivers.results], io.now);
  } finally {
    app.close();
  }
}

async function diagnoseLive(
  app: App,
  options: DoctorOptions,
  loaded: LoadedConfig,
  before: readonly ProbeResult[],
  now: () => Date,
): Promise<Diagnosis> {
  const { results, ...accounts } = await accountsOf(options, loaded, app);
  const { regions } = accounts;
  const [, table] = /^dynamodb:(.+)$/.exec(options.ledger ?? '') ?? [];
  const scope = scopeToDiagnose(loaded.config, {
    ...accounts,
    collectors: app.collectors,
    before: [...before, ...results],
    destinations: options.publish ?? [],
    // The table is in the region of the environment, whatever is scanned.
    ...(table === undefined
      ? {}
      : { table: { name: table, region: (await environmentRegion(options.profile)) ?? regions[0] ?? '' } }),
  });
  return diagnose(scope, {
    clients: app.clients,
    probeCluster: askCluster,
    openInventories: (credentials) => storedInventories(options.profile, credentials),
    now,
  });
}

/** The accounts to look at. Where they cannot be listed, those credentials are looked at that could not list them. */
async function accountsOf(
  options: DoctorOptions,
  loaded: LoadedConfig,
  app: App,
): Promise<Pick<AskedFor, 'sources' | 'regions'> & { results: readonly ProbeResult[]; unlisted?: string }> {
  try {
    const { sources, regions, leftOut } = await askedFor(options, loaded, app);
    const results = leftOut.map(({ accountId, reason }) => {
      const message = `${accountId} is left out: ${reason}`;
      return { group: 'accounts', status: 'skipped', subject: accountId, accountId, message } as const;
    });
    return { sources, regions, results };
  } catch (error) {
    if (!(error instanceof OrganizationError) && !(error instanceof CredentialsError)) throw error;
    const sources = [options.profile === undefined ? {} : { profile: options.profile }];
    const regions = await regionsOf(options, loaded);
    // What is wrong with credentials is found out anew, and told in more words.
    if (error instanceof CredentialsError) return { sources, regions, results: [] };
    return { sources, regions, results: [], unlisted: error.message };
  }
}

/** Somebody waits: what does not answer soon is told as such. */
function hasty(loaded: LoadedConfig): LoadedConfig {
  const { aws } = loaded.config;
  const maxAttempts = Math.min(aws.maxAttempts, MAX_ATTEMPTS);
  return { ...loaded, config: { ...loaded.config, aws: { ...aws, maxAttempts } } };
}

/** Reads a file of the person's; whatever is wrong with it is a result. */
async function attempt<T>(
  what: 'configuration' | 'waivers',
  subject: string,
  read: () => Promise<T>,
): Promise<{ value?: T; results: readonly ProbeResult[] }> {
  const base = { group: 'configuration', subject } as const;
  try {
    const value = await read();
    return { value, results: [{ ...base, status: 'ok', message: `The ${what} can be used: ${subject}.` }] };
  } catch (error) {
    if (!(error instanceof ConfigError) && !(error instanceof UsageError)) throw error;
    const problems = error instanceof ConfigError ? error.problems : [error.message];
    const fix = { text: `Correct it in ${subject}.` };
    return { results: problems.map((message) => ({ ...base, status: 'problem', message, fix })) };
  }
}

/** 1 wins over 3. Warnings alone do not keep a scan from working. */
function exitCodeOf({ counts }: Diagnosis): ExitCode {
  if (counts.problem > 0) return 1;
  return counts.unknown > 0 ? 3 : 0;
}
