import { readFile } from 'node:fs/promises';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { CredentialSource } from '#shared/aws/accounts.ts';
import { type App, type AppOptions, allChecks, serviceOfCheck } from '#shared/composition-root.ts';
import { type LoadedConfig, loadConfig } from '#shared/config/load.ts';
import { SERVICES } from '#shared/config/schema.ts';
import { REGION_NAME } from '#shared/domain/region.ts';
import type { AccountLeftOut } from '#shared/use-cases/accounts-in-scope.ts';
import { environmentRegion } from './environment-region.ts';
import { fileProblem, tellStack } from './errors.ts';
import { type CliIo, UsageError } from './io.ts';
import { TOOL_VERSION } from './version.ts';

/** What commands that read an account take. */
export interface AccountOptions {
  readonly region?: readonly string[];
  readonly profile?: string;
  readonly roleArn?: readonly string[];
  readonly externalId?: readonly string[];
  readonly service?: readonly string[];
  readonly check?: readonly string[];
  readonly config?: string;
  readonly quiet?: boolean;
}

/** Adds the options of {@link AccountOptions} to a command. */
export function addAccountOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--region <region...>', 'regions to scan (default: of the environment or profile)').argParser(list),
    )
    .option('--profile <name>', 'profile of the AWS configuration')
    .addOption(new Option('--role-arn <arn...>', 'roles to assume, one for each account').argParser(list))
    .addOption(new Option('--external-id <id...>', 'external id: one for all roles, or one for each').argParser(list))
    .addOption(
      new Option('--service <service...>', `services to scan: ${SERVICES.join(', ')}`).argParser(oneOf(SERVICES)),
    )
    .addOption(new Option('--check <id...>', 'checks to evaluate (default: all)').argParser(list))
    .option('--config <file>', 'configuration (hullcheck.yaml)')
    .option('--quiet', 'no progress and no remarks on standard error');
}

/** Collects a repeatable option whose values may also be separated by commas. */
export function list(value: string, previous: readonly string[] = []): readonly string[] {
  const values = value.split(',').map((part) => part.trim());
  if (values.some((part) => part === '')) throw new InvalidArgumentError('It has an empty value.');
  return [...previous, ...values];
}

/** Like {@link list}, for a closed set of values. */
export function oneOf(allowed: readonly string[]): (value: string, previous?: readonly string[]) => readonly string[] {
  return (value, previous) => {
    const values = list(value, previous);
    const wrong = values.find((part) => !allowed.includes(part));
    if (wrong !== undefined) throw new InvalidArgumentError(`"${wrong}" is none of ${allowed.join(', ')}.`);
    return values;
  };
}

/**
 * Reads the configuration that `--config` names, or the defaults.
 *
 * @throws UsageError if the file cannot be read, ConfigError if it is wrong
 */
export async function readConfig(file: string | undefined): Promise<LoadedConfig> {
  if (file === undefined) return loadConfig(undefined, 'the defaults', allChecks());
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw new UsageError(`The configuration ${file} cannot be read: ${fileProblem(error)}.`);
  }
  return loadConfig(text, file, allChecks());
}

/** What the application is composed with, from flags and configuration. */
export function appOptions(
  options: AccountOptions,
  loaded: LoadedConfig,
  io: CliIo,
): Omit<AppOptions, 'onProgress' | 'onCall'> {
  const services = options.service ?? loaded.config.scope.services;
  return {
    ...loaded,
    toolVersion: TOOL_VERSION,
    hashKey: hashKeyOf(io),
    now: io.now,
    ...(options.profile === undefined ? {} : { profile: options.profile }),
    onFailure: (error) => tellStack(error, io),
    // An emulator on this machine has none of AWS's rates.
    unlimitedRate: isLoopback(io.env.AWS_ENDPOINT_URL),
    ...(options.check === undefined ? {} : { checkIds: checkIdsOf(options.check, loaded.checkIds) }),
    ...(services === undefined ? {} : { services }),
  };
}

/** The regions to scan, from flags, else configuration, else the environment. */
export async function regionsOf(options: AccountOptions, loaded: LoadedConfig): Promise<readonly string[]> {
  const named = options.region ?? loaded.config.scope.regions;
  if (named !== undefined) {
    const wrong = named.find((region) => !REGION_NAME.test(region));
    if (wrong !== undefined) throw new UsageError(`"${wrong}" is not a region; regions look like eu-west-1.`);
    return [...new Set(named)];
  }
  const region = await environmentRegion(options.profile);
  if (region === undefined) throw new UsageError('No region is given: name one with --region, or set AWS_REGION.');
  return [region];
}

/** What is scanned: how accounts are spoken to, which are left out, and the regions. */
export interface AskedFor {
  readonly sources: readonly CredentialSource[];
  readonly regions: readonly string[];
  readonly leftOut: readonly AccountLeftOut[];
}

/** The accounts and regions to scan, from flags, else configuration, which may mean to ask the organization. */
export async function askedFor(options: AccountOptions, loaded: LoadedConfig, app: App): Promise<AskedFor> {
  const regions = await regionsOf(options, loaded);
  const { organization, accounts } = loaded.config.scope;
  if (options.roleArn !== undefined || (organization ?? accounts) === undefined) {
    return { sources: sourcesOf(options, loaded), regions, leftOut: [] };
  }
  const inScope = await app.accountsInScope(options.profile, regions);
  return { sources: inScope.accounts.map(({ source }) => source), regions, leftOut: inScope.leftOut };
}

/** The credentials to scan with, from flags, else configuration. */
export function sourcesOf(options: AccountOptions, loaded: LoadedConfig): readonly CredentialSource[] {
  const profile = options.profile === undefined ? {} : { profile: options.profile };
  const { roleArn: roles, externalId: ids = [] } = options;
  if (roles === undefined) {
    if (ids.length > 0) throw new UsageError('--external-id needs --role-arn.');
    const configured = loaded.config.scope.roles;
    if (configured === undefined) return [profile];
    return configured.map(({ arn, publishArn, externalId }) => ({
      ...profile,
      roleArn: arn,
      ...(publishArn === undefined ? {} : { publishRoleArn: publishArn }),
      ...(externalId === undefined ? {} : { externalId }),
    }));
  }
  const wrong = roles.find((arn) => !/^arn:[\w-]+:iam::\d{12}:role\/.+$/.test(arn));
  if (wrong !== undefined) throw new UsageError(`"${wrong}" is not the ARN of an IAM role.`);
  if (ids.length > 1 && ids.length !== roles.length) {
    throw new UsageError(
      `There are ${roles.length} roles and ${ids.length} external ids: give one for all, or one for each.`,
    );
  }
  return roles.map((roleArn, index) => {
    const externalId = ids.length === 1 ? ids[0] : ids[index];
    return { ...profile, roleArn, ...(externalId === undefined ? {} : { externalId }) };
  });
}

/** @throws UsageError if the endpoint is no URL, which the SDK would only say in its own words */
function isLoopback(endpoint: string | undefined): boolean {
  if (endpoint === undefined || endpoint === '') return false;
  if (!URL.canParse(endpoint)) throw new UsageError(`AWS_ENDPOINT_URL is "${endpoint}", which is not a URL.`);
  return ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(endpoint).hostname);
}

/** @throws UsageError for a check that judges nothing but files */
export function refuseLintChecks({ check: ids = [] }: { readonly check?: readonly string[] }): void {
  const registry = allChecks();
  const lintOnly = ids.find((id) => registry.find(id) !== undefined && serviceOfCheck(registry, id) === undefined);
  if (lintOnly !== undefined) throw new UsageError(`The check ${lintOnly} is for files: use \`hullcheck lint\`.`);
}

/** Flags narrow what the configuration leaves switched on. */
function checkIdsOf(ids: readonly string[], switchedOn: readonly string[] | undefined): readonly string[] {
  const registry = allChecks();
  return ids.map((id) => {
    const check = registry.find(id);
    if (check === undefined)
      throw new UsageError(`There is no check "${id}"; \`hullcheck checks list\` names them all.`);
    if (switchedOn?.includes(check.id) === false)
      throw new UsageError(`The configuration switches the check ${check.id} off (checks.only, checks.except).`);
    return check.id;
  });
}

/** Without a key of the deployment, hashes of secrets tell equal from different within this one run only. */
function hashKeyOf(io: CliIo): Uint8Array {
  const key = io.env.HULLCHECK_HASH_KEY;
  if (key === undefined) return crypto.getRandomValues(new Uint8Array(32));
  if (key.length < 16) throw new UsageError('HULLCHECK_HASH_KEY must have at least 16 characters.');
  return new TextEncoder().encode(key);
}
