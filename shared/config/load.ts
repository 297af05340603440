import { LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { matchesWildcard } from '../domain/wildcard.ts';
import { COVERAGE_CHECK_ID } from '../engine/coverage-findings.ts';
import type { CheckRegistry } from '../engine/registry.ts';
import { type Config, configSchema } from './schema.ts';

/** Raised for a configuration that cannot be used; `problems` has all of them, one sentence each. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.problems = problems;
  }
}

/** A configuration and the parameters of every check, defaults filled in. */
export interface LoadedConfig {
  readonly config: Config;
  /** Parsed parameters by check id. */
  readonly parameters: Readonly<Record<string, unknown>>;
  /** The checks that are switched on; absent = all. */
  readonly checkIds?: readonly string[];
}

/**
 * Reads a configuration.
 *
 * @param text the YAML text, or undefined for the defaults
 * @param source the file's name, for messages
 * @param registry the checks whose parameters may be set
 * @throws ConfigError with every problem at once
 */
export function loadConfig(text: string | undefined, source: string, registry: CheckRegistry): LoadedConfig {
  const parsed = configSchema.safeParse(text === undefined ? { version: 1 } : parseYaml(text, source));
  if (!parsed.success) throw new ConfigError(parsed.error.issues.map((issue) => sentence(source, issue)));
  const problems: string[] = [];
  const parameters = parseParameters(parsed.data, source, registry, problems);
  problems.push(...uselessPatterns(parsed.data, source, registry));
  const checkIds = selectChecks(parsed.data, source, registry, problems);
  if (problems.length > 0) throw new ConfigError(problems);
  return { config: parsed.data, parameters, ...(checkIds === undefined ? {} : { checkIds }) };
}

/** A pattern that selects nothing is a slip of the pen, and so is a selection that leaves no check. */
function selectChecks(
  { checks: { only, except } }: Config,
  source: string,
  registry: CheckRegistry,
  problems: string[],
): readonly string[] | undefined {
  if (only === undefined && except === undefined) return undefined;
  const ids = registry.checks.map(({ id }) => id);
  for (const [key, patterns] of Object.entries({ only, except })) {
    for (const [index, pattern] of (patterns ?? []).entries()) {
      if (ids.some((id) => matchesWildcard(pattern, id))) continue;
      const renamed = registry.find(pattern);
      const what =
        renamed === undefined ? `no check has an id like ${pattern}` : `the check is now called ${renamed.id}`;
      problems.push(`${source}: checks.${key}.${index}: ${what}.`);
    }
  }
  const isAny = (patterns: readonly string[], id: string) => patterns.some((pattern) => matchesWildcard(pattern, id));
  const selected = ids.filter((id) => isAny(only ?? ['*'], id) && !isAny(except ?? [], id));
  if (selected.length === 0) problems.push(`${source}: checks: only and except together leave no check.`);
  return selected;
}

/** A route by a check that does not exist would be silent for ever, and a threshold for one would hold for nothing. */
function uselessPatterns({ publish, gate }: Config, source: string, registry: CheckRegistry): readonly string[] {
  const ids = [...registry.checks.map(({ id }) => id), COVERAGE_CHECK_ID];
  const ofGate = gate.checks.flatMap((one, index) =>
    one.ids
      .filter((pattern) => !ids.some((id) => matchesWildcard(pattern, id)))
      .map((pattern) => `${source}: gate.checks.${index}.ids: no check has an id like ${pattern}.`),
  );
  const ofRoutes = (publish.sns?.routes ?? []).flatMap(({ match }, index) =>
    (match.checks ?? [])
      .filter((pattern) => !ids.some((id) => matchesWildcard(pattern, id)))
      .map((pattern) => `${source}: publish.sns.routes.${index}.match.checks: no check has an id like ${pattern}.`),
  );
  return [...ofRoutes, ...ofGate];
}

function parseYaml(text: string, source: string): unknown {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  if (document.errors.length > 0) {
    throw new ConfigError(
      document.errors.map((error) => `${source}, line ${lines.linePos(error.pos[0]).line}: ${error.message}.`),
    );
  }
  return document.toJS() ?? {};
}

function parseParameters(
  config: Config,
  source: string,
  registry: CheckRegistry,
  problems: string[],
): Record<string, unknown> {
  const given = config.checks.parameters;
  for (const id of Object.keys(given)) {
    const check = registry.find(id);
    if (check === undefined) problems.push(`${source}: checks.parameters.${id}: there is no check of that id.`);
    else if (check.id !== id) problems.push(`${source}: checks.parameters.${id}: the check is now called ${check.id}.`);
    else if (check.parameters === undefined)
      problems.push(`${source}: checks.parameters.${id}: the check takes no parameters.`);
  }
  const parameters: Record<string, unknown> = {};
  for (const check of registry.checks) {
    if (check.parameters === undefined) continue;
    const result = check.parameters.safeParse(given[check.id] ?? {});
    if (result.success) parameters[check.id] = result.data;
    else
      problems.push(...result.error.issues.map((issue) => sentence(source, issue, ['checks', 'parameters', check.id])));
  }
  return parameters;
}

function sentence(source: string, issue: z.core.$ZodIssue, prefix: readonly string[] = []): string {
  const path = [...prefix, ...issue.path.map(String)].join('.');
  return `${source}: ${path === '' ? 'the configuration' : path}: ${issue.message}.`;
}
