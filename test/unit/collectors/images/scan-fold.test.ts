import type { DescribeImageScanFindingsCommandOutput, EnhancedImageScanFinding } from '@aws-sdk/client-ecr';
import { expect, test } from 'vitest';
import { ScanFold } from '#shared/collectors/images/scan-fold.ts';

type Page = Omit<DescribeImageScanFindingsCommandOutput, '$metadata'>;

function scanOf(...pages: readonly Page[]) {
  const fold = new ScanFold();
  for (const page of pages) fold.add({ $metadata: {}, ...page });
  return fold.scan();
}

function enhanced(id: string, severity: string, overrides: Partial<EnhancedImageScanFinding> = {}) {
  return {
    severity,
    status: 'ACTIVE',
    fixAvailable: 'NO',
    exploitAvailable: 'NO',
    firstObservedAt: new Date('2026-11-01T00:00:00Z'),
    packageVulnerabilityDetails: { vulnerabilityId: id },
    ...overrides,
  };
}

const active = (...enhancedFindings: EnhancedImageScanFinding[]): Page => ({
  imageScanStatus: { status: 'ACTIVE' },
  imageScanFindings: { enhancedFindings },
});

test('T23: enhanced results stand in a list of their own, and an empty list of basic ones says nothing', () => {
  const page = active(enhanced('CVE-1', 'CRITICAL'));

  expect(scanOf({ ...page, imageScanFindings: { findings: [], ...page.imageScanFindings } })).toMatchObject({
    kind: 'enhanced',
    critical: { count: 1, ids: ['CVE-1'] },
  });
});

test('T23: counts count where the list is shorter', () => {
  const scan = scanOf({
    imageScanStatus: { status: 'COMPLETE' },
    imageScanFindings: { findings: [], findingSeverityCounts: { CRITICAL: 3 } },
  });

  expect(scan).toMatchObject({ kind: 'basic', critical: { count: 3, ids: [] } });
});

test('T23: all pages are folded', () => {
  const scan = scanOf(active(enhanced('CVE-2', 'HIGH')), active(enhanced('CVE-1', 'HIGH')));

  expect(scan.high).toMatchObject({ count: 2, ids: ['CVE-1', 'CVE-2'] });
});

test('T36: severities that nobody has heard of are neither dropped nor thrown at', () => {
  const basic = scanOf({
    imageScanStatus: { status: 'COMPLETE' },
    imageScanFindings: {
      findings: [{ name: 'CVE-1', severity: 'UNDEFINED' }],
      findingSeverityCounts: { UNDEFINED: 1 },
    },
  });
  const { severities } = scanOf(active(enhanced('CVE-2', 'UNTRIAGED'), enhanced('CVE-3', 'BRAND_NEW'), {}));

  expect(basic.severities).toEqual({ UNDEFINED: 1 });
  expect(severities).toEqual({ BRAND_NEW: 1, UNTRIAGED: 2 });
});

test('basic results say nothing of fixes and exploits', () => {
  const scan = scanOf({
    imageScanStatus: { status: 'COMPLETE' },
    imageScanFindings: {
      imageScanCompletedAt: new Date('2026-11-20T00:00:00Z'),
      findings: [{ name: 'CVE-1', severity: 'CRITICAL' }],
    },
  });

  expect(scan).toMatchObject({
    completedAt: '2026-11-20T00:00:00.000Z',
    critical: { count: 1, fixAvailable: 'not said', exploitKnown: 'not said' },
    exploitable: { count: 0 },
  });
});

test('the worst and the oldest of a group speak for it', () => {
  const scan = scanOf(
    active(
      enhanced('CVE-1', 'CRITICAL'),
      enhanced('CVE-2', 'CRITICAL', {
        fixAvailable: 'PARTIAL',
        exploitAvailable: 'YES',
        firstObservedAt: new Date('2026-10-01T00:00:00Z'),
      }),
    ),
  );

  expect(scan.critical).toMatchObject({ fixAvailable: 'yes', exploitKnown: 'yes', oldest: '2026-10-01T00:00:00.000Z' });
  expect(scan.exploitable).toMatchObject({ count: 1, ids: ['CVE-2'] });
});

test('what somebody suppressed in Inspector is not counted', () => {
  const scan = scanOf(active(enhanced('CVE-1', 'CRITICAL', { status: 'SUPPRESSED' }), enhanced('CVE-2', 'LOW')));

  expect(scan).toMatchObject({ critical: { count: 0 }, severities: { LOW: 1 } });
});

test('an answer without anything is no clean scan', () => {
  expect(scanOf({}).status).toBe('NOT_REPORTED');
  expect(scanOf({ imageScanStatus: { status: 'COMPLETE' } }).status).toBe('FINDINGS_UNAVAILABLE');
});

test.for([
  ['YES', 'NO', 0],
  ['NO', 'YES', 0],
  ['YES', 'YES', 1],
] as const)(
  'a fix (%s) and an exploit (%s) together make it exploitable: %i',
  ([fixAvailable, exploitAvailable, count]) => {
    expect(scanOf(active(enhanced('CVE-1', 'HIGH', { fixAvailable, exploitAvailable }))).exploitable.count).toBe(count);
  },
);

test('where somebody suppressed all there is, nothing is left, whatever the service counts', () => {
  const page = active(enhanced('CVE-1', 'CRITICAL', { status: 'SUPPRESSED' }));
  const scan = scanOf({
    ...page,
    imageScanFindings: { ...page.imageScanFindings, findingSeverityCounts: { CRITICAL: 1 } },
  });

  expect(scan).toMatchObject({ severities: {}, critical: { count: 0 } });
});
