import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ROOT } from '#test/support/all-checks.ts';
import { type Moto, startMoto } from '../support/moto.ts';

/** What services say is there after the template was deployed; made by seed_deploy.py. */
interface Deployed {
  readonly status: string;
  readonly made: readonly string[];
  readonly queues: readonly string[];
  readonly topics: readonly string[];
  readonly buckets: readonly string[];
  readonly tables: Readonly<Record<string, unknown>>;
  readonly functions: Readonly<
    Record<string, { sha256: string; runtime: string; role: string; environment: Readonly<Record<string, string>> }>
  >;
  readonly mappings: readonly (readonly [functionName: string, queue: string])[];
  readonly rules: Readonly<Record<string, { pattern: { source?: string[] }; targets: readonly string[] }>>;
  readonly logGroups: readonly string[];
  readonly aliases: readonly string[];
}

interface TemplateResource {
  readonly Type: string;
  readonly Condition?: string;
  readonly Properties: {
    readonly EventPattern?: { readonly source?: readonly string[] };
    EventBusName?: { readonly Ref: string } | { readonly 'Fn::GetAtt': readonly [string, 'Name'] };
  };
}

/**
 * What moto's CloudFormation leaves out without a word. When moto learns one of them, or the template gets another that
 * it does not know, this list has to say so. They are held by the strict validator and the questions of test/infra.
 */
const NOT_MADE_BY_MOTO: readonly string[] = [
  'AWS::CloudWatch::Alarm',
  'AWS::Lambda::EventInvokeConfig',
  'AWS::S3::BucketPolicy',
  'AWS::SNS::TopicPolicy',
  'AWS::SQS::QueuePolicy',
  'AWS::Scheduler::Schedule',
  'AWS::Scheduler::ScheduleGroup',
  'AWS::SecretsManager::Secret',
];
const BUCKET = 'tidewater-artifacts';
const work = mkdtempSync(join(tmpdir(), 'hullcheck-deploy-'));
const output = join(work, 'cloudformation');

let moto: Moto;
let deployed: Deployed;
let resources: readonly (readonly [id: string, resource: TemplateResource])[];

beforeAll(async () => {
  const bundles = join(work, 'bundles');
  run('infra/scripts/build-functions.ts', '--output', bundles);
  run('infra/scripts/build-template.ts', '--bundles', bundles, '--output', output);
  const template = JSON.parse(readFileSync(join(output, 'template.json'), 'utf8')) as {
    Resources: Record<string, TemplateResource>;
  };
  resources = Object.entries(template.Resources);
  for (const [, { Type, Properties }] of resources) {
    // `Ref` of a bus is its name, and in moto the bus itself, on which it stumbles.
    if (Type !== 'AWS::Events::Rule' || Properties.EventBusName === undefined) continue;
    if ('Ref' in Properties.EventBusName) {
      Properties.EventBusName = { 'Fn::GetAtt': [Properties.EventBusName.Ref, 'Name'] };
    }
  }
  writeFileSync(join(output, 'template.json'), JSON.stringify(template));
  moto = await startMoto();
  deployed = moto.seed('seed_deploy.py', output, BUCKET) as Deployed;
});

afterAll(async () => {
  await moto?.close();
  rmSync(work, { recursive: true });
});

describe('the plain template, deployed with credentials only', () => {
  test('makes everything but what moto does not know', () => {
    const made = new Set(deployed.made);
    // Conditions are about an organization and about fixes: by default there is neither.
    const optional = resources.filter(([, { Condition }]) => Condition !== undefined);
    const missing = resources.filter((one) => !made.has(one[0]) && !optional.includes(one)).map(([, { Type }]) => Type);

    expect(deployed.status).toBe('CREATE_COMPLETE');
    expect(optional.filter(([id]) => made.has(id))).toEqual([]);
    expect([...new Set(missing)].sort()).toEqual(NOT_MADE_BY_MOTO);
    expect(resources.filter(([id, { Type }]) => made.has(id) && NOT_MADE_BY_MOTO.includes(Type))).toEqual([]);
  });

  test('is no mistake to a second linter, that of CloudFormation itself', () => {
    const { stdout } = spawnSync(
      join(process.env.HULLCHECK_MOTO ?? '', 'cfn-lint'),
      ['--include-checks', 'W', '--', join(output, 'template.json')],
      { encoding: 'utf8' },
    );

    // Younger than the list of actions this version of cfn-lint knows; its client is in the SDK, see the API reference.
    const complaints = stdout.split('\n').filter((line) => /^[EW]\d{4} /.test(line));
    expect(complaints.filter((line) => !line.startsWith("W3037 'listimagereferrers'"))).toEqual([]);
  });

  test('has each function with the code that was built, on the roles and resources of its own stack', () => {
    const zips = readdirSync(output).filter((name) => name.endsWith('.zip'));
    const [table] = Object.keys(deployed.tables);

    expect(Object.keys(deployed.functions).sort()).toEqual(
      zips.map((zip) => zip.replace(/^(\w+)-[0-9a-f]+\.zip$/, 'hullcheck-prod-$1')).sort(),
    );
    for (const zip of zips) {
      const code = createHash('sha256')
        .update(readFileSync(join(output, zip)))
        .digest('base64');
      const made = deployed.functions[zip.replace(/^(\w+)-[0-9a-f]+\.zip$/, 'hullcheck-prod-$1')];
      expect(made, zip).toMatchObject({
        sha256: code,
        runtime: 'nodejs24.x',
        role: expect.stringMatching(/:role\/hullcheck-prod-\w+Role-/),
        environment: {
          HULLCHECK_TABLE: table,
          HULLCHECK_UNIT_QUEUE_URL: expect.stringMatching(/\/hullcheck-prod-unit$/),
          HULLCHECK_FINISH_QUEUE_URL: expect.stringMatching(/\/hullcheck-prod-finish$/),
        },
      });
      expect(deployed.buckets).toContain(made?.environment.HULLCHECK_CONFIG_BUCKET);
      expect(deployed.buckets).toContain(made?.environment.HULLCHECK_REPORT_BUCKET);
    }
  });

  test('has the table that the ledger expects', () => {
    expect(Object.values(deployed.tables)).toEqual([{ keys: ['pk', 'sk'], indexes: ['queue'] }]);
  });

  test('has queues with their dead letters, topics, a key and logs by the names of the stage', () => {
    const named = (type: string) => resources.filter(([, { Type }]) => Type === type).length;

    expect(deployed.queues).toEqual(
      expect.arrayContaining(['hullcheck-prod-unit', 'hullcheck-prod-recheck', 'hullcheck-prod-finish']),
    );
    expect(deployed.queues).toHaveLength(named('AWS::SQS::Queue'));
    expect(deployed.topics).toEqual(['chat', 'human', 'machine', 'operations'].map((name) => `hullcheck-prod-${name}`));
    expect(deployed.aliases).toContain('alias/hullcheck-prod');
    expect(deployed.logGroups).toEqual(
      Object.keys(deployed.functions)
        .map((name) => `/aws/lambda/${name}`)
        .sort(),
    );
  });

  test('brings messages of its queues to its functions', () => {
    expect(deployed.mappings).toEqual(
      expect.arrayContaining([
        ['hullcheck-prod-scan', 'hullcheck-prod-unit'],
        ['hullcheck-prod-recheck', 'hullcheck-prod-recheck'],
        ['hullcheck-prod-finish', 'hullcheck-prod-finish'],
      ]),
    );
  });

  test('brings what happens to the recheck queue, and what an analyst asks for to that of fixes', () => {
    const expected = resources.filter(([, { Type }]) => Type === 'AWS::Events::Rule');

    expect(Object.keys(deployed.rules)).toHaveLength(expected.length);
    for (const [name, { targets }] of Object.entries(deployed.rules)) {
      expect(name).toMatch(/^hullcheck-prod-/);
      const queue = name === 'hullcheck-prod-custom-action' ? 'respond' : 'recheck';
      expect(targets, name).toEqual([expect.stringMatching(new RegExp(`:hullcheck-prod-${queue}$`))]);
    }
    expect(new Set(Object.values(deployed.rules).flatMap(({ pattern }) => pattern.source ?? []))).toEqual(
      new Set(expected.flatMap(([, { Properties }]) => Properties.EventPattern?.source ?? [])),
    );
  });
});

test('an upgrade replaces the code of the function that changed, and keeps the table', () => {
  const [scan = ''] = readdirSync(output).filter((name) => name.startsWith('scan-'));
  const next = join(work, 'next');
  cpSync(output, next, { recursive: true });
  const newer = `scan-${'0'.repeat(16)}.zip`;
  cpSync(join(output, readdirSync(output).find((name) => name.startsWith('plan-')) ?? ''), join(next, newer));
  const template = join(next, 'template.json');
  writeFileSync(template, readFileSync(template, 'utf8').replaceAll(scan, newer));

  const upgraded = moto.seed('seed_deploy.py', next, BUCKET) as Deployed;

  const changed = Object.keys(upgraded.functions).filter(
    (name) => upgraded.functions[name]?.sha256 !== deployed.functions[name]?.sha256,
  );
  expect(upgraded.status).toBe('UPDATE_COMPLETE');
  expect(changed).toEqual(['hullcheck-prod-scan']);
  expect(upgraded.tables).toEqual(deployed.tables);
});

function run(script: string, ...args: readonly string[]): void {
  const { status, stderr } = spawnSync(process.execPath, [join(ROOT, script), ...args], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${script} failed: ${stderr}`);
}
