import { mkdir, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Ajv from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Finding } from '#shared/domain/finding.ts';
import type { ResultHeader } from '#shared/domain/result.ts';
import type { CliRun } from '#test/support/cli.ts';
import { runCliHere } from '#test/support/cli-in-process.ts';

const PRACTICES = new URL('../../fixtures/practices/', import.meta.url).pathname;
let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'hullcheck-lint-'));
});

function lintWith(args: readonly string[], input?: string): Promise<CliRun> {
  return runCliHere(['lint', ...args], {}, { cwd: directory, ...(input === undefined ? {} : { input }) });
}

type Result = ResultHeader & { readonly findings: readonly Finding[] };

async function resultOf(args: readonly string[], input?: string): Promise<Result> {
  const { stdout } = await lintWith(['--format', 'json', '--quiet', ...args], input);
  return JSON.parse(stdout) as Result;
}

async function file(name: string, text: string | Uint8Array): Promise<string> {
  await writeFile(join(directory, name), text);
  return name;
}

const pod = (name: string, more = '') =>
  `apiVersion: v1\nkind: Pod\nmetadata:\n  name: ${name}\nspec:\n  containers:\n    - name: app\n      image: nginx:1.27.3\n${more}`;
const PRIVILEGED = '      securityContext:\n        privileged: true\n';

describe('every finding', () => {
  test('names file, document and the line of the field', async () => {
    await file('pods.yaml', `${pod('good')}---\n${pod('bad', PRIVILEGED)}`);

    const { findings } = await resultOf(['pods.yaml', '--check', 'workload-not-privileged']);

    expect(findings.map(({ status, resource, source }) => [status, resource.name, source])).toEqual([
      ['FAILED', 'bad', { file: 'pods.yaml', document: 1, line: 19 }],
      ['PASSED', 'good', { file: 'pods.yaml', document: 0, line: 1 }],
    ]);
  });

  test('of the same identity twice is there twice, told apart by its source', async () => {
    await file('twice.yaml', `${pod('same', PRIVILEGED)}---\n${pod('same')}`);
    await file('again.yaml', pod('same'));

    const { findings } = await resultOf(['twice.yaml', 'again.yaml', '--check', 'workload-not-privileged']);

    expect(findings.map(({ status, source }) => [status, source?.file, source?.document])).toEqual([
      ['PASSED', 'again.yaml', 0],
      ['FAILED', 'twice.yaml', 0],
      ['PASSED', 'twice.yaml', 1],
    ]);
    expect(new Set(findings.map(({ resource }) => resource.uid)).size).toBe(1);
  });

  test('is there for each check, also what passes or cannot be known', async () => {
    const { findings, summary } = await resultOf([join(PRACTICES, 'pod.yaml')]);

    expect(new Set(findings.map(({ status }) => status))).toEqual(new Set(['PASSED', 'FAILED', 'UNKNOWN']));
    expect(findings).toHaveLength(summary.findings);
    expect(findings.every(({ source }) => source !== undefined)).toBe(true);
  });
});

describe('a result', () => {
  test('keeps to the schema of a scan, and is the same on every run', async () => {
    const schema = JSON.parse(await readFile(new URL('../../../docs/schema/result.v1.json', import.meta.url), 'utf8'));
    const ajv = new Ajv.default({ strict: true, allErrors: true });
    addFormats.default(ajv);
    const validate = ajv.compile(schema);

    const first = await resultOf([PRACTICES]);
    const second = await resultOf([PRACTICES]);

    validate(first);
    expect(validate.errors).toBeNull();
    expect(second.findings).toEqual(first.findings);
  });

  test('as SARIF has the file and the line of each failure', async () => {
    await file('pods.yaml', `${pod('good')}---\n${pod('bad', PRIVILEGED)}`);

    const { stdout } = await lintWith(['--format', 'sarif', 'pods.yaml', '--check', 'workload-not-privileged']);
    const [run] = JSON.parse(stdout).runs;

    expect(run.results).toHaveLength(1);
    expect(run.results[0].locations[0].physicalLocation).toEqual({
      artifactLocation: { uri: 'pods.yaml' },
      region: { startLine: 19 },
    });
    expect(run.tool.driver.rules.map(({ id }: { id: string }) => id)).toEqual(['workload-not-privileged']);
  });

  test('as a table names places, and no region, which files are not in', async () => {
    await file('pods.yaml', `${pod('good')}---\n${pod('bad', PRIVILEGED)}`);

    const { stdout } = await lintWith(['pods.yaml']);

    expect(stdout).toContain('pods.yaml:19');
    expect(stdout).not.toContain('REGION');
  });

  test('is written in the formats that need no account', async () => {
    await file('good.yaml', pod('good'));

    const { stderr } = await lintWith(['good.yaml', '--output', 'out']);

    expect((await readdir(join(directory, 'out'))).sort()).toEqual(['findings.csv', 'findings.sarif', 'result.json']);
    expect(stderr).toContain('wrote out/result.json');
  });
});

describe('a document that cannot be read', () => {
  const broken = `${pod('first')}---\nkind: Pod\n  spec: [\n---\n${pod('last', PRIVILEGED)}`;

  test('hides no other, and the result is incomplete', async () => {
    await file('broken.yaml', broken);

    const { findings, complete, coverage } = await resultOf(['broken.yaml', '--check', 'workload-not-privileged']);

    expect(complete).toBe(false);
    expect(findings.map(({ status, resource }) => [resource.name, status])).toEqual([
      ['first', 'PASSED'],
      ['last', 'FAILED'],
    ]);
    expect(coverage[0]).toMatchObject({
      service: 'lint',
      status: 'partial',
      gaps: [{ reason: expect.stringMatching(/^broken\.yaml:10: document 2 is not YAML/) }],
    });
  });

  test('is exit code 3, unless something fails at the threshold', async () => {
    await file('broken.yaml', broken);

    expect((await lintWith(['broken.yaml', '--fail-on', 'CRITICAL'])).exitCode).toBe(1);
    expect((await lintWith(['broken.yaml', '--check', 'workload-no-host-ports'])).exitCode).toBe(3);
  });

  test('because of a wrong type names the field, as the API server would refuse it', async () => {
    const { coverage } = await resultOf(['-'], pod('typed', '      securityContext: {privileged: "true"}\n'));

    expect(coverage[0]?.gaps[0]?.reason).toBe(
      'standard input:9: document 1 has a Pod that would be refused: ' +
        'spec.containers[0].securityContext.privileged must be true or false, without quotes.',
    );
  });

  test('because it is no text at all is told, too', async () => {
    await file('binary.yaml', new Uint8Array([0xff, 0xfe, 0x00, 0xd8]));

    const run = await lintWith(['binary.yaml']);

    expect(run.exitCode).toBe(3);
    expect(run.stdout).toContain('binary.yaml:1: document 1 is no text in UTF-8');
  });
});

describe('what Helm and Kustomize print', () => {
  const rendered = [
    '---',
    '# Source: shop/templates/serviceaccount.yaml',
    'apiVersion: v1',
    'kind: ServiceAccount',
    'metadata: {name: shop, namespace: prod}',
    '---',
    '# Source: shop/templates/empty.yaml',
    '---',
    '# Source: shop/templates/deployment.yaml',
    'apiVersion: apps/v1',
    'kind: Deployment',
    'metadata: {name: shop, namespace: prod}',
    'spec:',
    '  template:',
    '    metadata: {labels: {app: shop}}',
    '    spec:',
    '      serviceAccountName: shop',
    '      hostNetwork: yes',
    '      containers:',
    '        - name: app',
    '          image: shop:1.0.0',
    '---',
    'apiVersion: v1',
    'kind: Secret',
    'metadata: {name: shop}',
    'stringData: {password: Tr0ub4dor-and-3}',
    '---',
    'apiVersion: monitoring.coreos.com/v1',
    'kind: ServiceMonitor',
    'metadata: {name: shop}',
  ].join('\n');

  test('is read from standard input, with the booleans of kubectl', async () => {
    const { findings, complete } = await resultOf(['-', '--check', 'workload-no-host-namespaces'], rendered);

    expect(complete).toBe(true);
    expect(findings).toMatchObject([
      {
        status: 'FAILED',
        resource: { name: 'shop', namespace: 'prod' },
        source: { file: '-', document: 2, line: 18 },
      },
    ]);
  });

  test('has kinds that no check is for, which are counted and are no error', async () => {
    const run = await lintWith(['-', '--format', 'json'], rendered);

    expect(JSON.parse(run.stdout).coverage).toContainEqual({
      accountId: '',
      region: '',
      service: 'lint',
      status: 'excluded',
      reason: 'no check is for these: Secret, ServiceMonitor',
      gaps: [],
    });
    expect(run.stdout + run.stderr).not.toContain('Tr0ub4dor');
  });

  test('may be a list', async () => {
    const list = JSON.stringify({
      apiVersion: 'v1',
      kind: 'List',
      items: [
        { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' }, spec: { hostPID: true, containers: [] } },
        {
          apiVersion: 'v1',
          kind: 'PodList',
          items: [{ metadata: { name: 'b' }, spec: { hostIPC: true, containers: [] } }],
        },
      ],
    });

    const { findings } = await resultOf(['-', '--check', 'workload-no-host-namespaces'], list);

    expect(findings.map(({ resource, status }) => [resource.name, status])).toEqual([
      ['a', 'FAILED'],
      ['b', 'FAILED'],
    ]);
  });
});

describe('the version of Kubernetes', () => {
  test.for(['1.30', 'v1.30', '1.30.4', 'v1.30.4-eks-1'])('may be written as %s', async (version) => {
    expect((await lintWith(['-', '--kubernetes-version', version, '--quiet'], '')).exitCode).toBe(0);
  });

  test('decides which rules of the Pod Security Standards count', async () => {
    const hostProbe = pod('probe', '      livenessProbe:\n        httpGet: {host: example.com, port: 80}\n');
    const check = ['-', '--check', 'workload-pss-baseline'];

    const [before] = (await resultOf([...check, '--kubernetes-version', '1.33'], hostProbe)).findings;
    const [since] = (await resultOf([...check, '--kubernetes-version', '1.34'], hostProbe)).findings;

    expect([before?.status, since?.status]).toEqual(['PASSED', 'FAILED']);
  });
});

describe('a namespace that a manifest does not name', () => {
  test('is the one that --namespace says', async () => {
    const { findings } = await resultOf(['-', '--namespace', 'shop'], pod('app'));

    expect(findings.map(({ resource }) => resource.namespace)).toEqual(findings.map(() => 'shop'));
  });

  test('is not taken for the default namespace by choice', async () => {
    const { findings } = await resultOf(['-', '--check', 'workload-not-in-default-namespace'], pod('app'));

    expect(findings[0]?.status).not.toBe('FAILED');
  });
});

describe('directories', () => {
  test('are searched for YAML and JSON, but for hidden folders', async () => {
    await mkdir(join(directory, 'tree/deep'), { recursive: true });
    await mkdir(join(directory, 'tree/.hidden'), { recursive: true });
    for (const name of ['a.yaml', 'deep/b.yml', 'deep/c.json', '.hidden/d.yaml', 'readme.md']) {
      await file(`tree/${name}`, name.endsWith('.json') ? '{"apiVersion":"v1","kind":"Pod"}' : pod('x'));
    }

    const { findings } = await resultOf(['tree', 'tree/a.yaml', '--check', 'workload-no-host-ports']);

    expect(findings.map(({ source }) => source?.file).sort()).toEqual([
      'tree/a.yaml',
      'tree/deep/b.yml',
      'tree/deep/c.json',
    ]);
  });
});

test('nothing to judge is no failure, and is said', async () => {
  const run = await lintWith(['-'], 'apiVersion: v1\nkind: ConfigMap\n');

  expect(run.exitCode).toBe(0);
  expect(run.stderr).toContain('nothing in these files is judged');
});

test('a waiver covers a failure of a file', async () => {
  await file(
    'waivers.yaml',
    JSON.stringify({
      version: 1,
      waivers: [
        {
          id: 'node-agent',
          checks: 'workload-not-privileged',
          scope: { resource: 'manifest/default/Pod/agent' },
          reason: 'The agent mounts file systems for the node.',
          owner: 'platform',
          approvedBy: 'ciso@example.com',
          createdAt: day(-1),
          expiresAt: day(90),
        },
      ],
    }),
  );
  const args = ['-', '--check', 'workload-not-privileged', '--waivers', 'waivers.yaml'];

  const { findings, waivers } = await resultOf(args, pod('agent', PRIVILEGED));

  expect(findings[0]).toMatchObject({ status: 'FAILED', waiver: { id: 'node-agent' } });
  expect(waivers).toMatchObject([{ id: 'node-agent', hidden: 1 }]);
});

/** A date so many days from now. */
function day(offset: number): string {
  return new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10);
}
