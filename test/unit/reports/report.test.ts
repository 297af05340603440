import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { beforeAll, describe, expect, test } from 'vitest';
import { frameworks } from '#shared/frameworks/index.generated.ts';
import type { ReportHead } from '#shared/reports/model.ts';
import { finding, taskDefinitionReference, waiver } from '#test/factories/finding.ts';
import { ACCOUNT, REGION } from '#test/factories/resource.ts';
import { ROOT } from '#test/support/all-checks.ts';
import { everythingRead, filesOf, manyFindings, previousOf, RUN_AT, reportOf } from '#test/support/report.ts';

interface Json extends ReportHead {
  readonly findings: never;
}

const headOf = (files: Map<string, string>) =>
  JSON.parse(files.get('report.json') ?? '') as Omit<Json, 'findings'> & { findings: { status: string }[] };

describe('a report on 20,000 findings', () => {
  const COUNT = 20_000;
  let files: Map<string, string>;
  let json: ReturnType<typeof headOf>;

  beforeAll(async () => {
    files = await filesOf(await reportOf(manyFindings(COUNT)));
    json = headOf(files);
  });

  test('has the same numbers in every format', () => {
    const csv = (files.get('findings.csv') ?? '').split('\r\n').slice(1, -1);
    const oscal = JSON.parse(files.get('oscal.json') ?? '');
    const observations = oscal['assessment-results'].results[0].observations as { title: string }[];
    const manifest = JSON.parse(files.get('manifest.json') ?? '');
    const failed = json.counts.FAILED;

    expect(json.findings).toHaveLength(COUNT);
    expect(csv).toHaveLength(COUNT);
    expect(observations).toHaveLength(COUNT);
    expect(manifest.findings).toBe(COUNT);
    expect(json.findings.filter(({ status }) => status === 'FAILED')).toHaveLength(failed);
    expect(csv.filter((row) => row.startsWith('FAILED,'))).toHaveLength(failed);
    expect(observations.filter(({ title }) => title.endsWith(': FAILED'))).toHaveLength(failed);
    expect(files.get('report.html')?.replaceAll('\u2009', '')).toContain(`<b>${failed}</b><span>failures</span>`);
  });

  test('has each requirement of each framework exactly once', () => {
    for (const framework of frameworks) {
      const result = json.frameworks.find(({ id }) => id === framework.id);

      expect(result?.requirements.map(({ id }) => id)).toEqual(framework.requirements.map(({ id }) => id));
      const sum = Object.values(result?.byStatus ?? {}).reduce((total, value) => total + value, 0);
      expect(sum).toBe(framework.requirements.length);
    }
    const rows = (files.get('report.html') ?? '').match(
      /<td data-head="Result"><span class="mark \w+"><span aria-hidden="true">[✕?✓–○]<\/span> (Fail|Unknown|Pass|Not applicable|Not automated)<\/span><\/td>\n?<td class="n"/g,
    );
    expect(rows).toHaveLength(frameworks.reduce((sum, { requirements }) => sum + requirements.length, 0));
  });

  test('is JSON after its schema', () => {
    const ajv = new Ajv2020({ allErrors: true });
    addFormats.default(ajv);
    const validate = ajv.compile(JSON.parse(readFileSync(join(ROOT, 'docs/schema/report.v1.json'), 'utf8')));

    expect(validate(json), JSON.stringify(validate.errors?.slice(0, 3))).toBe(true);
  });

  test('is the same again, with the same UUIDs', async () => {
    const again = await filesOf(await reportOf(manyFindings(COUNT)));

    for (const [name, text] of files) expect(again.get(name) === text, name).toBe(true);
  });
});

describe('a requirement', () => {
  const statusOf = async (...args: Parameters<typeof reportOf>) => {
    const report = await reportOf(...args);
    await report.dispose();
    const fsbp = report.head.frameworks.find(({ id }) => id === 'aws-fsbp');
    return fsbp?.requirements.find(({ id }) => id === 'ECS.5');
  };

  test('fails when one check on it fails', async () => {
    expect(await statusOf([finding()])).toMatchObject({ status: 'FAIL', basis: 'same' });
  });

  test('fails when a waiver accepts the failure, and says so', async () => {
    expect(await statusOf([finding({ waiver: waiver() })])).toMatchObject({
      status: 'FAIL',
      remark: 'every failure is accepted by a waiver',
    });
  });

  test('passes when everything was read and passed', async () => {
    expect((await statusOf([finding({ status: 'PASSED' })]))?.status).toBe('PASS');
  });

  test('is not applicable, and no pass, when there are no resources', async () => {
    expect((await statusOf([]))?.status).toBe('NOT_APPLICABLE');
  });

  test('AU-1: is unknown, and no pass, when its service could not be read in one account', async () => {
    const gone = { accountId: '999999999999', region: REGION, service: 'ecs', status: 'failed', gaps: [] } as const;

    expect(await statusOf([finding({ status: 'PASSED' })], { coverage: [...everythingRead(), gone] })).toMatchObject({
      status: 'UNKNOWN',
    });
  });
});

describe('a report about nothing', () => {
  test('AU-1: is not complete where nothing was read', async () => {
    for (const coverage of [[], everythingRead().map((entry) => ({ ...entry, status: 'excluded' as const }))]) {
      const report = await reportOf([], { coverage });
      await report.dispose();

      expect(report.head).toMatchObject({ complete: false, incompleteBecause: ['Nothing was read.'] });
      const statuses = report.head.frameworks.flatMap(({ requirements }) => requirements.map(({ status }) => status));
      expect(new Set(statuses)).toEqual(new Set(['UNKNOWN', 'NOT_AUTOMATED']));
    }
  });

  test('is refused where an account or a unit is asked for that nobody has heard of', async () => {
    const unitsOf = () => ['r-ab12', 'ou-ab12-11111111'];

    await expect(reportOf([finding()], { slice: { kind: 'account', id: '999999999999' } })).rejects.toThrow(
      `The inventory knows nothing of the account "999999999999". It knows the accounts: ${ACCOUNT}.`,
    );
    await expect(reportOf([finding()], { slice: { kind: 'unit', id: 'ou-typo' }, unitsOf })).rejects.toThrow(
      'The inventory knows nothing of the organizational unit "ou-typo". It knows the organizational units: ou-ab12-11111111, r-ab12.',
    );
  });
});

describe('a run that could not read an account, a service and a cluster', () => {
  const other = (index: number, status: 'FAILED' | 'PASSED') =>
    finding({
      status,
      resource: taskDefinitionReference({
        accountId: '222222222222',
        uid: `arn:other/${index}`,
        name: `other-${index}`,
      }),
    });
  const own = [finding({ status: 'PASSED' })];
  const all = [...own, other(1, 'FAILED'), other(2, 'PASSED'), other(3, 'FAILED')];
  const unread = [
    ...everythingRead(),
    {
      accountId: '222222222222',
      region: REGION,
      service: 'ecs',
      status: 'failed',
      reason: 'The role is missing.',
      gaps: [],
    },
    { accountId: ACCOUNT, region: 'eu-west-1', service: 'ecr', status: 'failed', reason: 'ECR refused.', gaps: [] },
    {
      accountId: ACCOUNT,
      region: REGION,
      service: 'kubernetes',
      cluster: 'harbor',
      status: 'partial',
      reason: 'The cluster is closed.',
      gaps: [],
    },
  ] as const;

  test('AU-1: says so on its first page, with names and reasons', async () => {
    const files = await filesOf(await reportOf(own, { coverage: [...unread] }));
    const page = files.get('report.html') ?? '';
    const first = page.slice(0, page.indexOf('id="coverage"'));

    for (const text of ['Not complete', '222222222222', 'The role is missing.', 'ECR refused.', 'harbor']) {
      expect(first).toContain(text);
    }
    expect(headOf(files)).toMatchObject({ complete: false });
  });

  test('AU-6: neither lowers nor raises a score, and marks what it carries forward', async () => {
    const before = await filesOf(
      await reportOf(all, {
        coverage: [...everythingRead(), ...everythingRead('222222222222')],
        startedAt: '2026-11-22T12:00:00.000Z',
      }),
    );
    const previous = await previousOf(before);
    const after = headOf(await filesOf(await reportOf(own, { coverage: [...unread], previous })));

    expect(after.counts).toMatchObject({ FAILED: 2, PASSED: 2, stale: 3 });
    expect(after.counts.FAILED).toBe(headOf(before).counts.FAILED);
    expect(after.trend).toMatchObject({ byChange: { 'not rescanned': 2, fixed: 0, gone: 0 } });
    expect(after.trend?.points).toEqual([
      { at: '2026-11-22T12:00:00.000Z', failed: 2, stale: 0 },
      { at: RUN_AT, failed: 2, stale: 2 },
    ]);
  });
});

describe('the trend', () => {
  const resource = (name: string) => taskDefinitionReference({ uid: `arn:${name}`, name });
  const is = (name: string, status: 'FAILED' | 'PASSED') => finding({ status, resource: resource(name) });

  test('AU-6: tells new, fixed, reopened, gone and unchanged apart, over three reports', async () => {
    const report = async (day: string, findings: Parameters<typeof reportOf>[0], before?: Map<string, string>) => {
      const previous = before && { previous: await previousOf(before) };
      return filesOf(await reportOf(findings, { startedAt: `2026-11-${day}T12:00:00.000Z`, ...previous }));
    };
    const first = await report('20', [is('back', 'FAILED'), is('stays', 'FAILED'), is('lost', 'FAILED')]);
    const second = await report('21', [is('back', 'PASSED'), is('stays', 'FAILED'), is('lost', 'FAILED')], first);
    const third = await report('22', [is('back', 'FAILED'), is('stays', 'FAILED'), is('fresh', 'FAILED')], second);

    expect(headOf(second).trend?.byChange).toMatchObject({ fixed: 1, unchanged: 2, new: 0, reopened: 0 });
    expect(headOf(third).trend?.byChange).toMatchObject({ reopened: 1, unchanged: 1, new: 1, gone: 1 });
    expect(headOf(third).trend?.points).toHaveLength(3);
    expect(third.get('findings.csv')).toContain('2026-11-20T12:00:00.000Z');
  });
});
