import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ecsTaskRootFilesystemReadonly } from '#shared/checks/ecs/ecs-task-root-filesystem-readonly.ts';
import { ConfigError, loadConfig } from '#shared/config/load.ts';
import { parseWaivers } from '#shared/config/waivers-file.ts';
import type { Check } from '#shared/domain/check.ts';
import { createRegistry } from '#shared/engine/registry.ts';
import { allChecks, ROOT } from '#test/support/all-checks.ts';

const NOW = new Date('2026-11-23T12:00:00.000Z');
const template = ecsTaskRootFilesystemReadonly as Check;
const registry = createRegistry([
  template,
  { ...template, id: 'ecs-task-user-nonroot', aliases: ['ecs-task-not-root'] },
  { ...template, id: 'ecr-repository-tags-immutable' },
]);

const LINES = {
  id: 'legacy-batch',
  checks: '[ecs-task-root-filesystem-readonly]',
  scope: '{ resource: arn:aws:ecs:us-east-1:111122223333:task-definition/secure-app }',
  reason: 'replaced in Q1',
  owner: 'team-batch',
  approvedBy: 'ciso',
  createdAt: '2026-09-01',
  expiresAt: '2027-01-31',
};

/** A waiver on lines 3 to 10; `null` leaves a line out. */
function waiverText(overrides: Record<string, string | null> = {}): string {
  const lines = Object.entries({ ...LINES, ...overrides }).filter(([, value]) => value !== null);
  return lines.map(([key, value], index) => `${index === 0 ? '  - ' : '    '}${key}: ${value}\n`).join('');
}

const fileOf = (...waivers: readonly string[]) => `version: 1\nwaivers:\n${waivers.join('')}`;
const parse = (text: string) => parseWaivers(text, 'waivers.yaml', registry, NOW);
const parseOne = (overrides: Record<string, string | null>) => parse(fileOf(waiverText(overrides)));
const problemsOf = (overrides: Record<string, string | null>) =>
  parseOne(overrides).ignored.flatMap(({ problems }) => problems);

describe('a waivers file', () => {
  test('says who accepted what, where, and until when', () => {
    expect(parse(fileOf(waiverText()))).toEqual({
      waivers: [
        {
          id: 'legacy-batch',
          checks: ['ecs-task-root-filesystem-readonly'],
          scope: { resource: ['arn:aws:ecs:us-east-1:111122223333:task-definition/secure-app'] },
          reason: 'replaced in Q1',
          owner: 'team-batch',
          approvedBy: 'ciso',
          createdAt: '2026-09-01T00:00:00.000Z',
          expiresAt: '2027-01-31T23:59:59.999Z',
          line: 3,
        },
      ],
      ignored: [],
    });
  });

  test('may be empty where it says so', () => {
    expect(parse('version: 1\nwaivers: []\n')).toEqual({ waivers: [], ignored: [] });
  });

  test('names checks by id, by an earlier id, or by glob', () => {
    expect(parseOne({ checks: '[ecs-task-not-root, ecr-*]' }).waivers[0]?.checks).toEqual([
      'ecs-task-user-nonroot',
      'ecr-repository-tags-immutable',
    ]);
  });

  test('takes account ids without quotes, leading zeros included', () => {
    expect(parseOne({ scope: '{ accounts: [012345678901, "1111*"] }' }).waivers[0]?.scope).toEqual({
      accounts: ['012345678901', '1111*'],
    });
  });

  test('takes instants with an offset', () => {
    expect(parseOne({ expiresAt: '2027-01-31T18:00:00+02:00' }).waivers[0]?.expiresAt).toBe('2027-01-31T16:00:00.000Z');
  });

  test('may hold a waiver for 365 days and not for 366', () => {
    expect(problemsOf({ createdAt: '2026-01-01', expiresAt: '2027-01-01' })).toEqual([]);
    expect(problemsOf({ createdAt: '2026-01-01', expiresAt: '2027-01-02' })).toEqual([
      'waivers.yaml, line 10: waiver legacy-batch: expiresAt must be at most 365 days after createdAt.',
    ]);
  });

  test('keeps a waiver that has expired, so that it can be reported', () => {
    expect(parseOne({ expiresAt: '2026-09-02' }).waivers).toHaveLength(1);
  });
});

describe('a waiver that is written wrongly is ignored and reported (AU-8)', () => {
  test.for(Object.keys(LINES).filter((key) => key !== 'id'))('without %s', (key) => {
    expect(parseOne({ [key]: null })).toEqual({
      waivers: [],
      ignored: [{ id: 'legacy-batch', problems: [`waivers.yaml, line 3: waiver legacy-batch: ${key} is missing.`] }],
    });
  });

  test('without an id, which is named by its place', () => {
    expect(parseOne({ id: null }).ignored).toEqual([
      { id: 'waivers[0]', problems: ['waivers.yaml, line 3: waiver waivers[0]: id is missing.'] },
    ]);
  });

  test.for([
    ['an unknown check', { checks: '[ecs-nothing]' }, 4, 'there is no check "ecs-nothing"'],
    ['a glob of no check', { checks: 'image-*' }, 4, 'there is no check "image-*"'],
    ['the beginning of an id', { checks: 'ecs-task' }, 4, 'there is no check "ecs-task"'],
    ['no checks', { checks: '[]' }, 4, 'checks is an empty list'],
    ['an empty scope', { scope: '{}' }, 5, 'scope restricts nothing'],
    [
      'a key in the scope that does not exist',
      { scope: '{ acounts: [x], regions: us-east-1 }' },
      5,
      'there is no key scope.acounts',
    ],
    ['a key that does not exist', { ticket: 'RPT-412' }, 11, 'there is no key ticket'],
    ['half an account id', { scope: '{ accounts: [1111] }' }, 5, 'must be an account id of 12 digits'],
    ['something that is no region', { scope: '{ regions: [Ireland] }' }, 5, 'must look like a region'],
    ['an empty reason', { reason: '' }, 6, 'reason is empty'],
    ['a reason that is null', { reason: '~' }, 6, 'reason is empty'],
    ['a date that does not exist', { expiresAt: '2027-02-30' }, 10, 'must be a date'],
    ['a time without an offset', { expiresAt: '2027-01-31T18:00:00' }, 10, 'must be a date'],
    ['an end before its beginning', { expiresAt: '2026-08-31' }, 10, 'must be later than createdAt'],
    ['a beginning in the future', { createdAt: '2026-11-25' }, 9, 'createdAt lies in the future'],
    ['an id with spaces', { id: 'my waiver' }, 3, 'letters, digits'],
  ] as const)('with %s', ([, overrides, line, sentence]) => {
    const problems = problemsOf(overrides);

    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(`waivers.yaml, line ${line}: `);
    expect(problems[0]).toContain(sentence);
  });

  test('with all its mistakes at once', () => {
    expect(problemsOf({ checks: 'ecs-nothing', owner: null, approvedBy: '', expiresAt: '2028-01-01' })).toHaveLength(4);
  });

  test('and the others stay in force', () => {
    const { waivers, ignored } = parse(
      fileOf(waiverText({ owner: null }), '  - nonsense\n', waiverText({ id: 'good' })),
    );

    expect(waivers.map(({ id }) => id)).toEqual(['good']);
    expect(ignored.map(({ id }) => id)).toEqual(['legacy-batch', 'waivers[1]']);
  });

  test('when its id is taken', () => {
    const { waivers, ignored } = parse(fileOf(waiverText(), waiverText({ owner: 'somebody else' })));

    expect(waivers.map(({ owner }) => owner)).toEqual(['team-batch']);
    expect(ignored[0]?.problems).toEqual([
      'waivers.yaml, line 11: waiver legacy-batch: the id is taken by the waiver of line 3.',
    ]);
  });
});

describe('a file that is no waivers file is an error and never an empty list (AU-9)', () => {
  test.for([
    ['nothing', '', /line 1: .*version is missing/],
    ['a comment', '# none yet\n', /version is missing/],
    ['no list', 'version: 1\n', /line 1: .*waivers is missing/],
    ['an empty value in place of the list', 'version: 1\nwaivers:\n', /line 2: .*waivers must be a list/],
    ['another version', 'version: 2\nwaivers: []\n', /line 1: .*version must be 1/],
    ['a misspelt key', 'version: 1\nwaivers: []\nwaviers: []\n', /line 3: .*no key waviers/],
    ['a list', '- id: x\n', /must have the keys/],
    ['text', 'hello\n', /must have the keys/],
    ['broken YAML', 'version: 1\nwaivers: [\n', /line \d: /],
    ['the same key twice', 'version: 1\nversion: 1\nwaivers: []\n', /line 2: .*unique/],
    ['two documents', 'version: 1\nwaivers: []\n---\nversion: 1\nwaivers: []\n', /line \d: /],
    ['an alias of nothing', 'version: 1\nwaivers: *nothing\n', /nothing/],
  ] as const)('%s', ([, text, sentence]) => {
    let problems: readonly string[] = [];
    try {
      parse(text);
    } catch (error) {
      expect(error).toBeInstanceOf(ConfigError);
      problems = (error as ConfigError).problems;
    }

    expect(problems.join('\n')).toMatch(sentence);
  });
});

describe('the examples in docs/', () => {
  const checks = createRegistry(allChecks);
  const example = (name: string) => readFile(join(ROOT, 'docs', name), 'utf8');

  test('are a good waivers file', async () => {
    const { waivers, ignored } = parseWaivers(await example('waivers.example.yaml'), 'example', checks, NOW);

    expect(ignored).toEqual([]);
    expect(waivers).toHaveLength(3);
  });

  test('are a good configuration, which names the waivers file next to it', async () => {
    const { config } = loadConfig(await example('hullcheck.example.yaml'), 'example', checks);

    expect(config.waivers).toBe('waivers.example.yaml');
  });

  test('the examples in waivers.md are good ones', async () => {
    const blocks = [...(await example('waivers.md')).matchAll(/```yaml\n(version: 1\nwaivers:[^`]+)```/g)];

    expect(blocks.length).toBeGreaterThan(0);
    for (const [, text = ''] of blocks) expect(parseWaivers(text, 'waivers.md', checks, NOW).ignored).toEqual([]);
  });
});
