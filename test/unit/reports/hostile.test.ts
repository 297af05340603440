import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { beforeAll, describe, expect, test } from 'vitest';
import { finding, taskDefinitionReference, waiver } from '#test/factories/finding.ts';
import { filesOf, manyFindings, reportOf } from '#test/support/report.ts';

const BIDI = '\u202egnp.exe\u2066\u200f';
const NAMES = [
  '=HYPERLINK("https://evil.example","open")',
  '+1+cmd|calc',
  '-2+3',
  '@SUM(A1)',
  '\t=1+1',
  '\u200b=1+1',
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='alert(1)",
  `invoice${BIDI}`,
  `a\u2028b\u2029c\r\nd`,
  'x'.repeat(10_000),
  '\ud800lone',
];

describe('names that whoever can create a resource chooses', () => {
  let files: Map<string, string>;

  beforeAll(async () => {
    const findings = NAMES.map((name, index) =>
      finding({
        resource: taskDefinitionReference({
          name,
          uid: `arn:aws:ecs:x/${index}/${name}`,
          cluster: name,
          namespace: name,
        }),
        reason: name,
        usedBy: [name],
        evidence: [{ path: name, observed: name, expected: { [name]: name } }],
        waiver: waiver({ id: name, owner: name, reason: name }),
      }),
    );
    files = await filesOf(await reportOf(findings, { title: '<script>title</script>', accountNameOf: () => NAMES[0] }));
  });

  test('make no tag, no attribute and no script in the page', () => {
    const page = files.get('report.html') ?? '';

    expect(page.match(/<script/g)).toHaveLength(1);
    expect(page).not.toContain('<img');
    expect(page).not.toMatch(/<[^>]* on(mouseover|error)=/);
    expect(page).not.toMatch(/(src|href)="(?!#|https:\/\/)/);
  });

  test('AU-12: begin no formula in a spreadsheet', () => {
    for (const name of ['findings.csv', 'findings-controls.csv']) {
      for (const cell of cellsOf(files.get(name) ?? '')) {
        expect(cell).not.toMatch(/^[=+\-@\t\r]/);
        expect(cell.length).toBeLessThan(32_768);
      }
    }
  });

  test('reorder and hide nothing in any format', () => {
    for (const [name, text] of files) {
      expect(text, name).not.toMatch(/[\u202a-\u202e\u2066-\u2069\u200b-\u200f\u2028\u2029\ufeff]/);
    }
  });

  test('stay what they are in JSON, so that a uid pastes into a waiver', () => {
    const { findings } = JSON.parse(files.get('report.json') ?? '') as { findings: { resource: { name: string } }[] };

    expect(findings.map(({ resource }) => resource.name)).toEqual(NAMES);
  });

  test('fill no page: what is very long is cut where people read', () => {
    expect(files.get('report.html')).not.toContain('x'.repeat(700));
  });
});

describe('names that look the same', () => {
  // Variation selectors, Hangul fillers, the empty Braille pattern, a joiner of graphemes, a vowel that is not seen.
  const UNSEEN = ['\ufe0f', '\u{e0100}', '\u115f', '\u3164', '\uffa0', '\u2800', '\u034f', '\u17b4', '\u{1d173}'];
  const named = async (...names: readonly string[]) =>
    filesOf(
      await reportOf(names.map((name) => finding({ resource: taskDefinitionReference({ name, uid: `arn:${name}` }) }))),
    );

  test.for(UNSEEN.map((mark) => [mark.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0'), mark] as const))(
    'are told apart where one has U+%s',
    async ([number, mark]) => {
      const files = await named(`web${mark}app`, 'webapp');

      for (const name of ['report.html', 'findings.csv', 'oscal.json']) {
        expect(files.get(name), name).toContain(`web[U+${number}]app`);
      }
      for (const [name, text] of files) expect(text, name).not.toContain(mark);
    },
  );

  test('stay apart in a spreadsheet, where one has the apostrophe that disarms the other', async () => {
    const cells = cellsOf((await named('=1', "'=1", "''-1", '\ufe66x')).get('findings.csv') ?? '');

    for (const cell of ["'=1", "''=1", "'''-1", "'\ufe66x"]) expect(cells).toContain(cell);
  });
});

describe('the page', () => {
  test('loads nothing from anywhere and lets only its own script run', async () => {
    const page = (await filesOf(await reportOf([finding()]))).get('report.html') ?? '';

    expect(page).toContain("default-src 'none'");
    expect(page).not.toMatch(/<(link|iframe|object|embed|img)\b/);
    expect(page).not.toMatch(/@import|url\((?!#)/);
  });
});

describe('the OSCAL file', () => {
  const schemaFile = join(process.env.HULLCHECK_SCHEMAS ?? '', 'oscal_assessment-results_schema.json');
  const hasSchema = process.env.HULLCHECK_SCHEMAS !== undefined && existsSync(schemaFile);
  const parsed = async (findings: Parameters<typeof reportOf>[0]) =>
    JSON.parse((await filesOf(await reportOf(findings))).get('oscal.json') ?? '');

  test.skipIf(!hasSchema)(
    `AU-10: is valid after NIST's schema${hasSchema ? '' : ' (skipped: HULLCHECK_SCHEMAS names no folder with oscal_assessment-results_schema.json)'}`,
    async () => {
      const ajv = new Ajv({ strict: false, allErrors: true });
      addFormats.default(ajv);
      const validate = ajv.compile(JSON.parse(readFileSync(schemaFile, 'utf8')));
      const hostile = NAMES.map((name) =>
        finding({ reason: name, resource: taskDefinitionReference({ uid: name, name }) }),
      );

      for (const findings of [manyFindings(1_000), hostile, []]) {
        expect(validate(await parsed(findings)), JSON.stringify(validate.errors?.slice(0, 3))).toBe(true);
      }
    },
  );

  test('AU-10: has an observation and no finding for what is unknown', async () => {
    const unknown = finding({ status: 'UNKNOWN', unknown: { kind: 'undecidable', message: 'it depends' } });
    const [result] = (await parsed([unknown]))['assessment-results'].results;
    const targets = ((result.findings ?? []) as { target: { 'target-id': string } }[]).map(
      (one) => one.target['target-id'],
    );

    expect(result.observations).toHaveLength(1);
    expect(targets).not.toContain('aws-fsbp_ECS.5');
  });
});

/** The cells of a CSV text after RFC 4180. */
function cellsOf(text: string): string[] {
  return [...text.matchAll(/(?:^|,|\r\n)(?:"((?:[^"]|"")*)"|([^",\r\n]*))/g)].map(([, quoted, plain]) =>
    (quoted ?? plain ?? '').replaceAll('""', '"'),
  );
}
