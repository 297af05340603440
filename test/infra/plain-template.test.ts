import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RegoEngine, TemplateFile } from '@aws/cloudformation-validate';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { ROOT } from '#test/support/all-checks.ts';
import { blocksOf, notPrinted } from '#test/support/printed.ts';
import { FUNCTIONS, packageStages, type Template, type Value } from '#test/support/template.ts';

type Node = Value | undefined;

interface PlainTemplate {
  readonly text: string;
  readonly path: string;
  /** What was printed. */
  readonly said: string;
  readonly files: readonly string[];
  readonly Parameters: Readonly<Record<string, { readonly Type: string; readonly Default?: string | number }>>;
  // biome-ignore lint/suspicious/noExplicitAny: templates are data of many shapes, and a wrong path fails the assertion.
  readonly Resources: Readonly<Record<string, any>>;
  readonly Outputs: Readonly<Record<string, Value>>;
}

const STAGES = ['dev', 'prod'] as const;
const work = mkdtempSync(join(tmpdir(), 'hullcheck-plain-'));
const bundles = join(work, 'bundles');
const plain = new Map<string, PlainTemplate>();
let packaged: ReadonlyMap<string, Template>;

beforeAll(() => {
  packZips('first');
  packaged = new Map(packageStages());
  for (const stage of STAGES) plain.set(stage, build(stage, stage));
});

afterAll(() => {
  for (const template of packaged?.values() ?? []) template.remove();
  rmSync(work, { recursive: true });
});

test('building it prints what the page about deploying shows', () => {
  const [shown = ''] = blocksOf('docs/deploy.md').flatMap(
    (block) => /^build\/cloudformation\/.+ built: .+$/m.exec(block) ?? [],
  );

  expect(shown).not.toBe('');
  expect(notPrinted(shown, templateOf('prod').said)).toEqual([]);
});

describe.for(STAGES)('the plain template with the settings of %s', (stage) => {
  test('is valid, strictly', () => {
    const engine = new RegoEngine();

    const { diagnostics } = engine.validateStandard(new TemplateFile(templateOf(stage).path), { strict: true });

    engine.free();
    expect(diagnostics.filter(({ severity }) => severity !== 'INFO' && severity !== 'DEBUG')).toEqual([]);
  });

  test('makes with its defaults what osls would deploy, and nothing else', () => {
    const { Resources, Parameters } = templateOf(stage);
    const expected = Object.fromEntries(
      (packaged.get(stage)?.all ?? [])
        .filter(({ id }) => !id.startsWith('ServerlessDeploymentBucket'))
        .map(({ id, ...resource }) => [id, withoutCode(resource)]),
    );
    const defaults = Object.fromEntries(Object.entries(Parameters).map(([name, { Default }]) => [name, Default]));

    const resolved = Object.fromEntries(
      Object.entries(Resources).map(([id, resource]) => [id, withoutCode(resolve(resource, defaults) as object)]),
    );

    expect(resolved).toEqual(textified(expected, resolved));
  });

  test('asks for the bucket of the code only: everything else has a default and a description', () => {
    const { Parameters } = templateOf(stage);
    const without = Object.entries(Parameters).filter(([, { Default }]) => Default === undefined);

    expect(without.map(([name]) => name)).toEqual(['ArtifactBucket']);
    for (const [name, parameter] of Object.entries(Parameters)) {
      expect(parameter, name).toMatchObject({ Description: expect.stringMatching(/^[A-Z].* .*/) });
    }
  });

  test('has a parameter for each setting of the stage that CloudFormation lets anybody choose', () => {
    const settings = parse(readFileSync(join(ROOT, 'infra/stages', `${stage}.yml`), 'utf8')) as Record<string, unknown>;
    const { Parameters, text } = templateOf(stage);
    const own = new Set(['ArtifactBucket', 'ArtifactPrefix']);

    expect(Object.keys(Parameters).filter((name) => !own.has(name))).toHaveLength(Object.keys(settings).length);
    for (const name of Object.keys(Parameters))
      expect(text, name).toMatch(new RegExp(`"Ref": "${name}"|\\$\\{${name}\\}`));
  });

  test('takes the code of each function from the bucket, by a name that says what is inside', () => {
    const { Resources, files } = templateOf(stage);

    for (const name of FUNCTIONS) {
      const { S3Bucket, S3Key, ...rest } = Resources[`${name}LambdaFunction`].Properties.Code;
      const file = /^\$\{ArtifactPrefix\}(.+)$/.exec(S3Key['Fn::Sub'])?.[1] ?? '';
      expect(rest).toEqual({});
      expect(S3Bucket).toEqual({ Ref: 'ArtifactBucket' });
      expect(file).toBe(`${name.toLowerCase()}-${hashOf(`zip of ${name}, first`)}.zip`);
      expect(files).toContain(file);
    }
  });

  test('knows nothing of osls, of one region, or of an account', () => {
    const { text, Outputs } = templateOf(stage);

    expect(text).not.toMatch(/serverless/i);
    expect(text).not.toMatch(/\b[a-z]{2}-[a-z]+-\d\b|\b\d{12}\b/);
    expect(text).not.toMatch(/hullcheck-(?:dev|prod)-/);
    expect(JSON.stringify(Outputs)).not.toContain('Export');
  });
});

test('what outlives the stack of prod is what docs/uninstall.md says', () => {
  const { Resources } = templateOf('prod');
  const kept = Object.keys(Resources).filter((id) => Resources[id].DeletionPolicy === 'Retain');
  const page = readFileSync(join(ROOT, 'docs/uninstall.md'), 'utf8');
  const told = [...page.matchAll(/^\| `(\w+)` \|/gm)].map(([, id]) => id);

  expect(told.toSorted()).toEqual(kept.toSorted());
});

test('what the stage dev leaves behind is nothing', () => {
  const { Resources } = templateOf('dev');

  expect(Object.keys(Resources).filter((id) => /Retain/.test(Resources[id].DeletionPolicy ?? ''))).toEqual([]);
});

test('the same sources give the same template, and other code changes nothing but the names of its zips', () => {
  const first = templateOf('prod');
  const again = build('prod', 'again');
  packZips('second');
  const changed = build('prod', 'again');

  expect(again.text).toBe(first.text);
  expect(changed.text).not.toBe(first.text);
  const names = /-[0-9a-f]{16}\.zip/g;
  expect(changed.text.replaceAll(names, '')).toBe(first.text.replaceAll(names, ''));
  expect(changed.files).toHaveLength(first.files.length);
});

function templateOf(stage: string): PlainTemplate {
  const template = plain.get(stage);
  if (template === undefined) throw new Error(`${stage} was not built`);
  return template;
}

/** The bundles that a test needs: one small zip for each function, whose contents `version` changes. */
function packZips(version: string): void {
  rmSync(bundles, { recursive: true, force: true });
  mkdirSync(bundles);
  for (const name of FUNCTIONS) writeFileSync(join(bundles, `${name.toLowerCase()}.zip`), `zip of ${name}, ${version}`);
}

function build(stage: string, directory: string): PlainTemplate {
  const output = join(work, directory);
  const script = join(ROOT, 'infra/scripts/build-template.ts');
  const args = [script, '--stage', stage, '--bundles', bundles, '--output', output];
  const run = spawnSync(process.execPath, args, { cwd: ROOT, encoding: 'utf8' });
  if (run.status !== 0) throw new Error(`The plain template could not be built: ${run.stderr}`);
  const said = run.stdout.replace(output, 'build/cloudformation');
  const path = join(output, 'template.json');
  const text = readFileSync(path, 'utf8');
  return { ...(JSON.parse(text) as PlainTemplate), text, path, said, files: readdirSync(output) };
}

function hashOf(content: string): string {
  return createHash('sha256').update(content).digest('hex').slice(0, 16);
}

function withoutCode(resource: object): object {
  const { Type, Properties, ...rest } = resource as { Type: string; Properties: Record<string, unknown> };
  if (Type !== 'AWS::Lambda::Function') return resource;
  const { Code: _, ...properties } = Properties;
  return { Type, ...rest, Properties: properties };
}

/** What CloudFormation makes of a template when its parameters have these values; other references stay. */
function resolve(value: Node, parameters: Readonly<Record<string, string | number | undefined>>): Node {
  if (Array.isArray(value)) return (value as readonly Value[]).map((item) => resolve(item, parameters) as Value);
  if (typeof value !== 'object' || value === null) return value;
  const { Ref, 'Fn::Sub': sub, ...others } = value as Record<string, Value>;
  if (typeof Ref === 'string' && Ref in parameters) return parameters[Ref];
  if (typeof sub === 'string' && Object.keys(others).length === 0) {
    const text = sub.replaceAll(/\$\{(\w+)\}/g, (whole, name) => String(parameters[name] ?? whole));
    return /\$\{[^!]/.test(text) ? { 'Fn::Sub': text } : text.replaceAll('${!', '${');
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, resolve(item as Value, parameters) as Value]),
  );
}

/** CloudFormation's parameters have no booleans: `true` of the one is `'true'` of the other. */
function textified(expected: unknown, actual: unknown): unknown {
  if (typeof expected === 'boolean' && typeof actual === 'string') return String(expected);
  if (Array.isArray(expected)) return expected.map((item, index) => textified(item, (actual as unknown[])?.[index]));
  if (typeof expected !== 'object' || expected === null) return expected;
  const other = (typeof actual === 'object' && actual !== null ? actual : {}) as Record<string, unknown>;
  return Object.fromEntries(Object.entries(expected).map(([key, item]) => [key, textified(item, other[key])]));
}
