import { beforeAll, describe, expect, test } from 'vitest';
import type { CoverageEntry } from '#shared/domain/coverage.ts';
import type { ReportHead } from '#shared/reports/model.ts';
import { finding, taskDefinitionReference } from '#test/factories/finding.ts';
import { ACCOUNT, REGION } from '#test/factories/resource.ts';
import { everythingRead, filesOf, reportOf } from '#test/support/report.ts';

const pageOf = async (...args: Parameters<typeof reportOf>) =>
  (await filesOf(await reportOf(...args))).get('report.html') ?? '';

/** What paper shows: everything but what is for screens only. */
const onPaper = (rows: readonly string[]) => rows.filter((row) => !/^<tr class="screen"/.test(row));

describe('the page', () => {
  test('begins with coverage and ends with method and limits', async () => {
    const page = await pageOf([finding()]);
    const sections = [...page.matchAll(/<section id="(\w+)"><h2>(\d)\. /g)].map(([, id, number]) => `${number} ${id}`);

    expect(sections).toEqual([
      '1 coverage',
      '2 frameworks',
      '3 accounts',
      '4 areas',
      '5 worst',
      '6 trend',
      '7 waivers',
      '8 findings',
      '9 method',
    ]);
  });

  test('AU-3: names the calls that have a part in a finding, and not all of its service', async () => {
    const page = await pageOf([finding()]);
    const [, ofCheck = ''] = /id="ecs-task-root-filesystem-readonly">(.*?)<\/dl>/s.exec(page) ?? [];

    expect(ofCheck).toContain('ecs:DescribeTaskDefinition');
    expect(ofCheck).not.toContain('ec2:DescribeSecurityGroups');
  });

  test('shows a mark that hides or reorders text by its number, in every format that people read', async () => {
    const resource = taskDefinitionReference({ name: 'invoice\u202efdp.exe' });
    const files = await filesOf(await reportOf([finding({ resource, evidence: [] })]));

    for (const name of ['report.html', 'findings.csv']) {
      expect(files.get(name), name).toContain('invoice[U+202E]fdp.exe');
    }
    const shown = finding({ evidence: [{ path: 'tags', observed: { a: '\u200b' }, expected: '\u2066' }] });
    expect((await filesOf(await reportOf([shown]))).get('oscal.json')).toContain('[U+2066]');
  });
});

describe('an account, a service and a cluster that could not be read', () => {
  const other = '222222222222';
  const unread: CoverageEntry[] = [
    ...everythingRead(other).map((entry): CoverageEntry => ({ ...entry, status: 'failed', reason: 'No role.' })),
    ...everythingRead(other).map(
      (entry): CoverageEntry => ({ ...entry, region: 'eu-west-1', status: 'failed', reason: 'No role.' }),
    ),
    { accountId: ACCOUNT, region: REGION, service: 'ecr', status: 'failed', reason: 'ECR refused.', gaps: [] },
    {
      ...{ accountId: ACCOUNT, region: REGION, service: 'kubernetes', cluster: 'harbor' },
      ...{ status: 'partial', reason: 'It is closed.', gaps: [] },
    },
  ];
  let page: string;
  let first: string;

  beforeAll(async () => {
    page = await pageOf([finding({ status: 'PASSED' })], { coverage: [...everythingRead(), ...unread] });
    first = page.slice(page.indexOf('<main'), page.indexOf('<section id="coverage"'));
  });

  test('AU-1: are a row each on the first page, however many scopes they are', () => {
    const rows = (first.match(/<tr><th scope="row">.*?<\/tr>/gs) ?? []).map((row) => row.replace(/<[^>]+>/g, ' '));

    expect(rows).toHaveLength(3);
    expect(rows.join()).toMatch(/222222222222 .*eu-west-1.*No role\..*ECR refused\..*harbor.*It is closed\./s);
  });

  test('AU-1: stand on paper too, where each page says that the report is not complete', () => {
    expect(first.slice(0, first.indexOf('<dl'))).not.toMatch(/class="[^"]*\bscreen\b/);
    expect(page).toMatch(/@bottom-left\{content:"Hullcheck report [-0-9a-f]+ · [-0-9]+ · NOT COMPLETE, see page 1"\}/);
  });
});

describe('on paper', () => {
  let page: string;
  let frameworks: ReportHead['frameworks'];

  beforeAll(async () => {
    const files = await filesOf(
      await reportOf([finding(), finding({ checkId: 'ecs-task-user-nonroot', status: 'PASSED' })]),
    );
    page = files.get('report.html') ?? '';
    ({ frameworks } = JSON.parse(files.get('report.json') ?? '') as ReportHead);
  });

  test('AU-2: each requirement stands once: in full where it fails or is unknown, else by its id', () => {
    for (const { id, requirements } of frameworks) {
      const start = page.indexOf(`<h3 id="${id}">`);
      const part = page.slice(start, page.slice(start + 4).search(/<h3 |<\/section>/) + start + 4);
      const rows = part.match(/<tr[^>]*><th scope="row">.*?<\/th>/gs) ?? [];
      const full = onPaper(rows).map((row) => row.replace(/<[^>]+>/g, ''));
      const named = [...part.matchAll(/<p class="paper small"><b>[^<]*<\/b> (.*?)\.<\/p>/gs)].flatMap(([, ids = '']) =>
        ids.split(', '),
      );

      expect([...full, ...named].sort(), id).toEqual(requirements.map((one) => one.id).sort());
    }
  });

  test('failures stay, passes go, and the page says so', () => {
    expect(page).toMatch(/<div class="check" id="ecs-task-root-filesystem-readonly">/);
    expect(page).toMatch(/<div class="check screen" id="ecs-task-user-nonroot">/);
    expect(page).toContain('All 1 failed and unknown findings, by check');
    expect(page).toContain('Paper leaves out 1 findings that passed or are not applicable');
  });
});

describe('more failures than a page can hold', () => {
  const COUNT = 3_200;
  let page: string;

  beforeAll(async () => {
    const everywhere = Array.from({ length: COUNT }, (_, index) =>
      finding({ resource: taskDefinitionReference({ uid: `arn:${index}`, name: `app-${index}` }) }),
    );
    page = await pageOf([...everywhere, finding({ checkId: 'ecs-task-user-nonroot' })]);
  });

  test('leave room for a check that fails once', () => {
    expect(page).toContain('This page lists 3\u2009000 of 3\u2009201 findings');
    expect(page).toContain('ecs-task-root-filesystem-readonly: failed and unknown (2\u2009999 of 3\u2009200)');
    expect(page).toContain('ecs-task-user-nonroot: failed and unknown (1)');
  });

  test('are told by number where paper leaves them out', () => {
    const rows = page.match(/<tr[^>]* data-status="FAILED">/g) ?? [];

    expect(rows).toHaveLength(3_000);
    expect(onPaper(rows)).toHaveLength(21);
    expect(page).toContain('and 3\u2009180 more failed or unknown, in findings.csv');
    expect(page).toContain('21 of 3\u2009201 failed and unknown findings, at most 20 of each check');
  });
});
