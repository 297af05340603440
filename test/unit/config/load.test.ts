import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { ecsTaskRootFilesystemReadonly } from '#shared/checks/ecs/ecs-task-root-filesystem-readonly.ts';
import { ConfigError, loadConfig } from '#shared/config/load.ts';
import type { Check } from '#shared/domain/check.ts';
import { createRegistry } from '#shared/engine/registry.ts';

const template = ecsTaskRootFilesystemReadonly as Check;
const registry = createRegistry([
  template,
  {
    ...template,
    id: 'ecs-instance-ami-current',
    aliases: ['ecs-instance-ami-recent'],
    parameters: z.strictObject({ maxAgeDays: z.number().int().positive().default(90) }),
  },
]);

function problemsOf(text: string): readonly string[] {
  try {
    loadConfig(text, 'hullcheck.yaml', registry);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

test('no file gives the defaults, and every check its default parameters', () => {
  const { config, parameters } = loadConfig(undefined, 'the defaults', registry);

  expect(config).toMatchObject({ version: 1, failOn: 'HIGH', aws: { rateShare: 0.5 } });
  expect(parameters).toEqual({ 'ecs-instance-ami-current': { maxAgeDays: 90 } });
});

test('a file sets scope and parameters', () => {
  const { config, parameters } = loadConfig(
    'version: 1\nscope: {regions: [eu-west-1]}\nchecks: {parameters: {ecs-instance-ami-current: {maxAgeDays: 30}}}\n',
    'hullcheck.yaml',
    registry,
  );

  expect(config.scope.regions).toEqual(['eu-west-1']);
  expect(parameters).toEqual({ 'ecs-instance-ami-current': { maxAgeDays: 30 } });
});

test('all problems are reported at once, each with its place', () => {
  const problems = problemsOf(
    'version: 1\nscope: {regions: [mars]}\nfailOn: SEVERE\nsurprise: true\naws: {rateShare: 2}\n',
  );

  expect(problems).toHaveLength(4);
  expect(problems.join('\n')).toMatch(/scope\.regions\.0: must look like a region/);
  expect(problems.join('\n')).toMatch(/failOn/);
  expect(problems.join('\n')).toMatch(/surprise/);
  expect(problems.join('\n')).toMatch(/aws\.rateShare/);
});

test('a parameter of the wrong kind, of an unknown check, or of a check without parameters is a problem', () => {
  const problems = problemsOf(
    'version: 1\nchecks:\n  parameters:\n    ecs-instance-ami-current: {maxAgeDays: soon}\n    ecs-nothing: {}\n    ecs-task-root-filesystem-readonly: {a: 1}\n    ecs-instance-ami-recent: {}\n',
  );

  expect(problems).toEqual([
    expect.stringContaining('ecs-nothing: there is no check of that id'),
    expect.stringContaining('ecs-task-root-filesystem-readonly: the check takes no parameters'),
    expect.stringContaining('ecs-instance-ami-recent: the check is now called ecs-instance-ami-current'),
    expect.stringContaining('checks.parameters.ecs-instance-ami-current.maxAgeDays'),
  ]);
});

test('YAML that is no YAML is reported with its line', () => {
  expect(problemsOf('version: 1\nscope: [unclosed\n')).toEqual([expect.stringMatching(/^hullcheck\.yaml, line \d+: /)]);
});

test('a version this Hullcheck does not read is refused', () => {
  expect(problemsOf('version: 2\n')).toEqual(['hullcheck.yaml: version: must be 1.']);
});

const TOPICS = '{machine: "arn:aws:sns:eu-west-1:111122223333:alerts"}';
const withRoutes = (...routes: string[]) =>
  [
    'version: 1',
    'publish:',
    '  sns:',
    `    topics: ${TOPICS}`,
    '    routes:',
    ...routes.map((route) => `      - ${route}`),
  ].join('\n');

test('OC-8: alert routes are read in their order, and there are none by default', () => {
  const text = withRoutes(
    `{name: payments, match: {namespaces: ["pay-*"], tags: {team: payments}}, topics: ${TOPICS}, team: payments}`,
    `{name: sandbox, match: {accounts: ["111122223333"], minimumSeverity: HIGH}, topics: ${TOPICS}}`,
  );

  const { config } = loadConfig(text, 'hullcheck.yaml', registry);
  expect(config.publish.sns?.routes.map(({ name }) => name)).toEqual(['payments', 'sandbox']);
  expect(loadConfig(withRoutes().replace('    routes:', ''), 'test', registry).config.publish.sns?.routes).toEqual([]);
});

test('every mistake in the routes is reported, with its place', () => {
  const problems = problemsOf(
    withRoutes(
      `{name: default, match: {regions: [x]}, topics: ${TOPICS}}`,
      `{name: empty, match: {}, topics: {}}`,
      `{name: odd, match: {tag: {team: x}, minimumSeverity: SEVERE}, topics: ${TOPICS}}`,
    ),
  ).join('\n');

  expect(problems).toMatch(/routes\.0\.name: must not be "default"/);
  expect(problems).toMatch(/routes\.1\.match: names nothing to match/);
  expect(problems).toMatch(/routes\.1\.topics: names no topic/);
  expect(problems).toMatch(/routes\.2\.match: .*tag/);
  expect(problems).toMatch(/routes\.2\.match\.minimumSeverity/);
});

test('two routes of one name, or a route by checks that do not exist, are problems', () => {
  const route = (name: string, check: string) => `{name: ${name}, match: {checks: [${check}]}, topics: ${TOPICS}}`;

  expect(problemsOf(withRoutes(route('web', 'ecs-*'), route('web', 'ecs-*')))).toEqual([
    'hullcheck.yaml: publish.sns.routes.1.name: there is another route "web".',
  ]);
  expect(problemsOf(withRoutes(route('web', 'rds-*')))).toEqual([
    'hullcheck.yaml: publish.sns.routes.0.match.checks: no check has an id like rds-*.',
  ]);
});

describe('the checks that are switched on', () => {
  const select = (yaml: string) => loadConfig(`version: 1\nchecks: ${yaml}`, 'hullcheck.yaml', registry).checkIds;

  test('are all when nothing is said', () => {
    expect(loadConfig('version: 1', 'hullcheck.yaml', registry).checkIds).toBeUndefined();
  });

  test('are those of `only` without those of `except`, by id or pattern', () => {
    expect(select('{only: [ecs-task-*]}')).toEqual(['ecs-task-root-filesystem-readonly']);
    expect(select('{except: [ecs-task-root-filesystem-readonly]}')).toEqual(['ecs-instance-ami-current']);
    expect(select("{only: ['ecs-*'], except: [ecs-instance-*]}")).toEqual(['ecs-task-root-filesystem-readonly']);
  });

  test('are refused with a sentence for each id that does not exist, and when none is left', () => {
    expect(problemsOf('version: 1\nchecks: {only: [ecs-instance-ami-recent, ecs-task-*], except: [rds-*]}')).toEqual([
      'hullcheck.yaml: checks.only.0: the check is now called ecs-instance-ami-current.',
      'hullcheck.yaml: checks.except.0: no check has an id like rds-*.',
    ]);
    expect(problemsOf("version: 1\nchecks: {except: ['*']}")).toEqual([
      'hullcheck.yaml: checks: only and except together leave no check.',
    ]);
  });
});
