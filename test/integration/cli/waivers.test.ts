import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Ajv from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type DemoAccount, startDemoAccount } from '#demo/server.ts';
import { runCliHere } from '#test/support/cli-in-process.ts';

interface Failure {
  readonly id: string;
  readonly checkId: string;
  readonly status: string;
  readonly resource: { readonly uid: string };
  readonly waiver?: { readonly id: string };
}

const CHECK = 'ecr-repository-tags-immutable';

let demo: DemoAccount;
let directory: string;
let inventory: string;
let failures: readonly Failure[];

beforeAll(async () => {
  demo = await startDemoAccount();
  directory = await mkdtemp(join(tmpdir(), 'hullcheck-waivers-'));
  inventory = join(directory, 'inventory.jsonl');
  await runCliHere(['collect', '--output', inventory, '--quiet'], demo.env);
  failures = (await scan([])).findings.filter(({ status }) => status === 'FAILED');
});

afterAll(async () => {
  await demo?.close();
});

/** A day so many days from today. */
function day(days: number): string {
  return new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
}

/** A waiver of the check, from ten days ago until in sixty days. */
function waiver(
  id: string,
  scope: string,
  { line = '', until = 60 }: { readonly line?: string; readonly until?: number } = {},
): string {
  return `
  - id: ${id}
    checks: [${CHECK}]
    scope: ${scope}
    reason: agreed
    owner: team-images
    approvedBy: ciso
    createdAt: ${day(-10)}
    expiresAt: ${day(until)}
${line}`;
}

async function waiversFile(name: string, ...waivers: readonly string[]): Promise<string> {
  const path = join(directory, name);
  await writeFile(path, `version: 1\nwaivers:${waivers.join('')}\n`);
  return path;
}

async function scan(args: readonly string[]) {
  const run = await runCliHere(['scan', '--inventory', inventory, '--format', 'json', ...args]);
  return {
    ...run,
    ...(JSON.parse(run.stdout) as { findings: Failure[]; summary: { waived: number }; waivers?: unknown[] }),
  };
}

const failing = () => failures.filter(({ checkId }) => checkId === CHECK);
const firstUid = () => failing()[0]?.resource.uid ?? '';

describe('scan --waivers', () => {
  test('the uid of a report, pasted into the scope, hides that failure and no other (AU-9)', async () => {
    const file = await waiversFile('one.yaml', waiver('one', `{ resource: ${JSON.stringify(firstUid())} }`));

    const { findings, summary, waivers } = await scan(['--waivers', file]);

    expect(failing().length).toBeGreaterThan(1);
    expect(
      findings.filter((finding) => finding.waiver).map(({ checkId, resource }) => [checkId, resource.uid]),
    ).toEqual([[CHECK, firstUid()]]);
    expect(summary.waived).toBe(1);
    expect(waivers).toEqual([expect.objectContaining({ id: 'one', state: 'active', hidden: 1, owner: 'team-images' })]);
  });

  test('every uid the demo account reports matches itself', async () => {
    const uids = [...new Set(failures.map(({ resource }) => resource.uid))];
    const scope = JSON.stringify({ resource: uids });
    const file = await waiversFile('all.yaml', waiver('all', scope).replace(`[${CHECK}]`, '"*"'));

    const { findings, summary } = await scan(['--waivers', file, '--status', 'FAILED']);

    expect(findings.filter((finding) => finding.waiver === undefined)).toEqual([]);
    expect(summary.waived).toBe(failures.length);
  });

  test('waived failures do not count for --fail-on', async () => {
    const file = await waiversFile('everything.yaml', waiver('all', '{ accounts: "*" }').replace(`[${CHECK}]`, '"*"'));

    expect((await scan([])).exitCode).toBe(1);
    expect((await scan(['--waivers', file])).exitCode).not.toBe(1);
  });

  test('the table counts waived failures and names the waivers that need a look', async () => {
    const file = await waiversFile(
      'look.yaml',
      waiver('good', `{ resource: ${JSON.stringify(firstUid())} }`),
      waiver('soon', `{ resource: ${JSON.stringify(firstUid())} }`, { until: 5 }),
      waiver('late', '{ accounts: "*" }', { until: -5 }),
      waiver('nothing', '{ resource: nothing }'),
      waiver('wrong', '{ accounts: "*" }', { line: '    ticket: X-1' }),
    );

    const { stdout } = await runCliHere(['scan', '--inventory', inventory, '--waivers', file]);

    expect(stdout).toMatch(/^Waived +1$/m);
    expect(stdout).toContain(`${file}, line 47: waiver wrong: there is no key ticket.`);
    expect(stdout).toMatch(/Waiver late \(owner team-images\) ended on /);
    expect(stdout).toMatch(/Waiver nothing \(owner team-images\) covers nothing that fails/);
    expect(stdout).toMatch(/Waiver soon \(owner team-images\) ends on .*; it hides 1 failure\./);
    expect(stdout).not.toContain('Waiver good');
  });

  test('other formats say it on standard error, and the JSON result keeps to its schema', async () => {
    const file = await waiversFile('mixed.yaml', waiver('late', '{ accounts: "*" }', { until: -5 }), '\n  - nonsense');
    const ajv = new Ajv.default({ strict: true, allErrors: true });
    addFormats.default(ajv);
    const validate = ajv.compile(
      JSON.parse(await readFile(new URL('../../../docs/schema/result.v1.json', import.meta.url), 'utf8')),
    );

    const { stdout, stderr, waivers } = await scan(['--waivers', file]);

    validate(JSON.parse(stdout));
    expect(validate.errors).toBeNull();
    expect(waivers).toMatchObject([{ state: 'expired' }, { state: 'malformed', id: 'waivers[1]' }]);
    expect(stderr).toMatch(/Waiver late .* ended on/);
    expect(stderr).toMatch(/line 12: waiver waivers\[1\]/);
  });

  test('a file that cannot be read stops the run: nothing is judged as if there were no waivers (AU-9)', async () => {
    await writeFile(join(directory, 'broken.yaml'), 'version: 1\nwaivers: [\n');
    const missing = await runCliHere(['scan', '--inventory', inventory, '--waivers', join(directory, 'nowhere.yaml')]);
    const broken = await runCliHere(['scan', '--inventory', inventory, '--waivers', join(directory, 'broken.yaml')]);

    expect([missing.exitCode, missing.stdout, broken.exitCode, broken.stdout]).toEqual([2, '', 2, '']);
    expect(missing.stderr).toMatch(/waivers file .*nowhere\.yaml cannot be read: it does not exist/);
    expect(broken.stderr).toMatch(/broken\.yaml, line \d/);
  });

  test('the configuration names the file, relative to itself', async () => {
    await mkdir(join(directory, 'conf'), { recursive: true });
    await waiversFile('conf/accepted.yaml', waiver('one', `{ resource: ${JSON.stringify(firstUid())} }`));
    const config = join(directory, 'conf', 'hullcheck.yaml');
    await writeFile(config, 'version: 1\nwaivers: accepted.yaml\n');

    expect((await scan(['--config', config])).summary.waived).toBe(1);
  });

  test('waived failures are not published', async () => {
    const file = await waiversFile('publish.yaml', waiver('all', '{ accounts: "*" }'));
    const args = ['scan', '--check', CHECK, '--publish', 'security-hub', '--waivers', file];

    expect((await runCliHere(args, demo.env)).stderr).toContain('security-hub: 0 published');
  });

  test('waivers that end soon are in the digest on SNS (OC-10)', async () => {
    const [topic] = demo.world.accounts[0]?.regions[0]?.topics ?? [];
    const file = await waiversFile('digest.yaml', waiver('soon', '{ accounts: "*" }', { until: 5 }));
    const config = join(directory, 'sns.yaml');
    await writeFile(config, `version: 1\npublish: { sns: { topics: { human: "${topic?.arn}" } } }\n`);
    const args = ['scan', '--check', CHECK, '--publish', 'sns', '--quiet', '--config', config, '--waivers', file];

    await runCliHere(args, demo.env);

    expect(topic?.messages.at(-1)?.message).toMatch(/Waivers that expire soon\n.*soon.*team-images/);
  });
});

describe('waivers validate', () => {
  test('a good file is listed, with exit code 0', async () => {
    const file = await waiversFile('good.yaml', waiver('good', '{ accounts: "*" }'));

    const { exitCode, stdout, stderr } = await runCliHere(['waivers', 'validate', file]);

    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toMatch(/good +active +\d{4}-\d\d-\d\d +team-images\n/);
    expect(stdout).toContain('1 waivers: 1 in force, 0 expired, 0 malformed.');
  });

  test('expired and expiring ones are named, and are no mistake', async () => {
    const file = await waiversFile(
      'dated.yaml',
      waiver('late', '{ accounts: "*" }', { until: -5 }),
      waiver('soon', '{ accounts: "*" }', { until: 5 }),
    );

    const { exitCode, stdout } = await runCliHere(['waivers', 'validate', file]);

    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/Waiver late .* ended on/);
    expect(stdout).toMatch(/Waiver soon .* ends on/);
  });

  test('all mistakes are said at once, with file and line, and exit code 2', async () => {
    const file = await waiversFile(
      'bad.yaml',
      waiver('long', '{ accounts: "*" }', { until: 400 }),
      waiver('empty', '{}', { line: '    ticket: X-1' }),
    );

    const { exitCode, stderr } = await runCliHere(['waivers', 'validate', file]);

    expect(exitCode).toBe(2);
    expect(stderr.trimEnd().split('\n').sort()).toEqual([
      `hullcheck: ${file}, line 10: waiver long: expiresAt must be at most 365 days after createdAt.`,
      `hullcheck: ${file}, line 14: waiver empty: scope restricts nothing; where all is meant, say accounts: ['*'].`,
      `hullcheck: ${file}, line 20: waiver empty: there is no key ticket.`,
    ]);
  });

  test('--inventory shows what each hides, and which match nothing', async () => {
    const file = await waiversFile(
      'judged.yaml',
      waiver('one', `{ resource: ${JSON.stringify(firstUid())} }`),
      waiver('nothing', '{ resource: nothing }'),
    );

    const { exitCode, stdout } = await runCliHere(['waivers', 'validate', file, '--inventory', inventory]);

    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/one +active .* 1\n/);
    expect(stdout).toContain(`  ${failing()[0]?.id}`);
    expect(stdout).toMatch(/nothing +unmatched .* 0\n/);
    expect(stdout).toContain('Waiver nothing (owner team-images) covers nothing that fails');
  });
});

describe('baseline', () => {
  const terms = ['--owner', 'platform', '--approved-by', 'ciso', '--reason', 'before Hullcheck'];

  test("today's failures are waived by the file it writes, which validates", async () => {
    const file = join(directory, 'baseline.yaml');
    const run = await runCliHere(['baseline', '--inventory', inventory, '--output', file, ...terms]);

    const { findings, summary, waivers } = await scan(['--waivers', file]);

    expect(run.stderr).toContain(`${failures.length} failures in `);
    expect(findings.filter(({ status, waiver: by }) => status === 'FAILED' && by === undefined)).toEqual([]);
    expect(summary.waived).toBe(failures.length);
    expect(new Set(waivers?.map((use) => (use as { state: string }).state))).toEqual(new Set(['active']));
    expect((await runCliHere(['waivers', 'validate', file])).exitCode).toBe(0);
    expect(await readFile(file, 'utf8')).toContain(`expiresAt: ${day(90)}`);
  });

  test('reads the account where no inventory is given', async () => {
    const { exitCode, stdout } = await runCliHere(
      ['baseline', '--output', '-', '--check', CHECK, '--expires-in-days', '7', '--quiet', ...terms],
      demo.env,
    );

    expect(exitCode).toBe(0);
    expect(stdout).toContain(`checks:\n      - ${CHECK}\n`);
    expect(stdout).toContain(`expiresAt: ${day(7)}`);
  });

  test('leaves out what waivers hide already', async () => {
    const file = await waiversFile('existing.yaml', waiver('all', '{ accounts: "*" }'));

    const { stdout } = await runCliHere([
      'baseline',
      '--inventory',
      inventory,
      '--output',
      '-',
      '--check',
      CHECK,
      '--waivers',
      file,
      ...terms,
    ]);

    expect(stdout).toContain('waivers: []');
  });

  test.for([
    [
      'over a file that exists',
      ['--output', 'inventory.jsonl', ...terms],
      /exists, and the waivers in it would be lost/,
    ],
    ['without an owner', ['--output', 'x.yaml', '--approved-by', 'x', '--reason', 'x'], /--owner/],
    ['with an empty reason', ['--output', 'x.yaml', '--owner', 'x', '--approved-by', 'x', '--reason', ' '], /must say/],
    ['for more than a year', ['--output', 'x.yaml', '--expires-in-days', '366', ...terms], /from 1 to 365/],
    ['into a directory that is not there', ['--output', 'no/x.yaml', ...terms], /cannot be written: it does not exist/],
  ] as const)('%s it refuses, with exit code 2', async ([, args, sentence]) => {
    const run = await runCliHere(['baseline', '--inventory', inventory, ...args], {}, { cwd: directory });

    expect([run.exitCode, run.stdout]).toEqual([2, '']);
    expect(run.stderr).toMatch(sentence);
  });
});
