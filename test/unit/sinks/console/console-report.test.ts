import { stripVTControlCharacters } from 'node:util';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import type { Finding } from '#shared/domain/finding.ts';
import { type ConsoleOptions, consoleReport } from '#shared/sinks/console/console-report.ts';
import {
  coverageEntry,
  coverageGap,
  finding,
  resultHeader,
  summary,
  taskDefinitionReference,
  waiver,
} from '../../../factories/finding.ts';

const header = resultHeader({
  complete: false,
  coverage: [
    coverageEntry(),
    coverageEntry({ service: 'ecr', status: 'partial', gaps: [coverageGap({ count: 3 })] }),
    coverageEntry({ region: 'ap-east-1', status: 'excluded', reason: 'the region is not enabled' }),
  ],
  summary: summary({
    byStatus: { FAILED: 4, UNKNOWN: 2, PASSED: 170, NOT_APPLICABLE: 17 },
    failedBySeverity: { CRITICAL: 1, HIGH: 1, MEDIUM: 0, LOW: 1, INFORMATIONAL: 0 },
    waived: 1,
    resources: 41,
    gaps: 1,
  }),
});
const hostile = 'evil\u001b[31m\u202egnp.exe\nFAKE LINE';
const findings: Finding[] = [
  finding({
    severity: 'LOW',
    inUse: 'no',
    checkId: 'ecr-repository-customer-key',
    resource: taskDefinitionReference({ name: hostile, uid: 'e' }),
  }),
  finding(),
  finding({
    severity: 'CRITICAL',
    checkId: 'workload-no-container-socket',
    reason: 'the container runtime socket is mounted',
    resource: taskDefinitionReference({
      uid: 'w',
      name: 'Deployment/東京🚀',
      cluster: 'shop',
      namespace: 'default',
      region: 'ap-northeast-1',
    }),
  }),
  finding({ id: 'waived', checkId: 'waived-check', waiver: waiver() }),
  finding({
    id: 'u1',
    status: 'UNKNOWN',
    unknown: { kind: 'undecidable', message: 'environment files in S3 are not read' },
  }),
  finding({
    id: 'u2',
    status: 'UNKNOWN',
    unknown: { kind: 'undecidable', message: 'environment files in S3 are not read' },
  }),
];
const report = (options: Partial<ConsoleOptions> = {}, given = findings, top = header) =>
  [
    ...consoleReport(top, given, { colour: false, hints: ['hullcheck checks explain ID tells more.'], ...options }),
  ].join('');

describe('the report on a terminal', () => {
  it.each([80, 120, 200])('reads well in %i columns and fits', (width) => {
    const text = report({ width });
    expect(text).toMatchSnapshot();
    for (const line of text.split('\n')) expect(stringWidth(line)).toBeLessThanOrEqual(width);
  });

  it('cuts and wraps nothing when it is piped', () => {
    const name = 'a'.repeat(300);
    expect(report({}, [finding({ resource: taskDefinitionReference({ name }) })])).toContain(name);
  });

  it('keeps the reasons in sight of one another when it is piped, however long one name is', () => {
    const long = finding({ id: 'long', resource: taskDefinitionReference({ uid: 'l', name: 'a'.repeat(10_000) }) });
    const text = report({}, [long, finding()]);
    const lines = text.split('\n').filter((line) => line.startsWith('HIGH') && !line.includes('aaa'));
    expect(lines.map((line) => line.length < 250)).toEqual([true]);
  });

  it('begins with the result, then what could not be looked at, then the failures', () => {
    const text = report({ width: 100 });
    const at = (part: string) => text.indexOf(part);
    expect(at('3 failures in 41 resources, 2 of them critical or high. The scan is incomplete.')).toBe(0);
    expect(at('Missing permissions: ecr:GetRepositoryPolicy')).toBeGreaterThan(0);
    expect(at('Missing permissions')).toBeLessThan(at('SEVERITY'));
    expect(at('CRITICAL')).toBeLessThan(at('HIGH '));
    expect(text).not.toContain('waived-check');
  });

  it('lets no name colour the terminal, reverse the reading order or forge a line', () => {
    const text = report({ width: 100 });
    expect(text).toContain('evilgnp.exe FAKE LINE');
    expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u202a-\u202e]/u);
  });

  it('uses colour only when told so, and says the same without it', () => {
    expect(report({ width: 100 })).not.toContain('\u001b');
    expect(report({ width: 100, colour: true })).toContain('\u001b[31m');
    expect(stripVTControlCharacters(report({ width: 100, colour: true }))).toBe(report({ width: 100 }));
  });

  it('limits the rows and says how many more there are', () => {
    function* many() {
      for (let index = 0; index < 5000; index += 1) yield finding({ id: `f${index}` });
    }
    const text = [...consoleReport(header, many(), { colour: false })].join('');
    expect(text.match(/^HIGH /gm)).toHaveLength(50);
    expect(text).toContain('… and 4950 more, none of them worse.');
  });

  it('does not call an incomplete scan clean', () => {
    const none = { CRITICAL: 0, HIGH: 0, MEDIUM: 0, LOW: 0, INFORMATIONAL: 0 };
    const clean = { ...header, summary: summary({ failedBySeverity: none, resources: 41 }) };
    expect(report({}, [], clean)).toMatch(
      /^No failures found, but not everything could be looked at\. The scan is incomplete\./,
    );
    expect(report({}, [], { ...clean, complete: true, coverage: [] })).toMatch(
      /^No failures in 41 resources\. The scan is complete\./,
    );
  });

  it('shows the account where the scan covers more than one', () => {
    const coverage = [coverageEntry(), coverageEntry({ accountId: '444455556666' })];
    expect(report({ width: 160 }, [finding()], { ...header, coverage })).toContain('111122223333/us-east-1');
  });

  it('shows file and line of a linted document', () => {
    expect(report({ width: 160 }, [finding({ source: { file: 'k8s/app.yaml', document: 0, line: 7 } })])).toContain(
      'k8s/app.yaml:7',
    );
  });
});
