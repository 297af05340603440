import { describe, expect, it } from 'vitest';
import { CSV_COLUMNS, csvResult } from '#shared/sinks/files/csv.ts';
import { checkMetadata, finding, taskDefinitionReference } from '../../../factories/finding.ts';

const options = { checkOf: () => checkMetadata() };
const csv = (...findings: ReturnType<typeof finding>[]) => [...csvResult(findings, options)].join('');

describe('the CSV result', () => {
  it('has one header row and one row a finding, with CRLF', () => {
    const lines = csv(finding(), finding()).split('\r\n');
    expect(lines).toHaveLength(4);
    expect(lines[0]).toBe(CSV_COLUMNS.join(','));
    expect(lines[1]).toContain('the root file system is writable');
    expect(lines[1]).toContain('Set readonlyRootFilesystem to true');
    expect(lines[3]).toBe('');
  });

  it.each(['=HYPERLINK("http://evil","x")', '+1', '-1', '@SUM(A1)'])(
    'neutralises a name that a spreadsheet would run: %s (AU-12)',
    (name) => {
      const row = csv(finding({ resource: taskDefinitionReference({ name }) })).split('\r\n')[1] ?? '';
      expect(row).toContain(`'${name.replaceAll('"', '""')}`);
      expect(row).not.toMatch(new RegExp(`(^|,)"?[${name[0] === '-' ? '\\-' : name[0]}]`));
    },
  );

  it.each(['\t=1+1', '\r=1+1', '\u202e=1+1'])(
    'neutralises what hides behind an invisible character: %j (AU-12)',
    (name) => {
      expect(csv(finding({ resource: taskDefinitionReference({ name }) }))).toContain(",'=1+1,");
    },
  );

  it('quotes commas and quotes', () => {
    expect(csv(finding({ reason: 'a "b", c' }))).toContain('"a ""b"", c"');
  });

  it('begins with a byte order mark when asked', () => {
    expect([...csvResult([], { ...options, byteOrderMark: true })].join('').startsWith('\ufeffcheckId')).toBe(true);
  });

  it('writes 20 000 findings as 20 000 rows (AU-1)', () => {
    function* many() {
      for (let index = 0; index < 20_000; index += 1) yield finding({ id: `f${index}` });
    }
    let rows = 0;
    for (const piece of csvResult(many(), options)) rows += piece.split('\r\n').length - 1;
    expect(rows).toBe(20_001);
  });
});
