import { type CoverageEntry, isIncomplete } from '../domain/coverage.ts';
import type { Finding } from '../domain/finding.ts';
import type { Resource, ResourceBase } from '../domain/resource.ts';
import type { Summary } from '../domain/result.ts';
import type { Severity } from '../domain/severity.ts';
import type { VerdictStatus } from '../domain/verdict.ts';
import { CHECK_ERROR_PREFIX } from './evaluate.ts';

/** Counts findings in one pass without keeping them. */
export function summarize(
  findings: Iterable<Finding>,
  resources: readonly Resource[],
  coverage: readonly CoverageEntry[],
): Summary {
  const byStatus: Record<VerdictStatus, number> = { FAILED: 0, UNKNOWN: 0, PASSED: 0, NOT_APPLICABLE: 0 };
  const failedBySeverity: Record<Severity, number> = { CRITICAL: 0, HIGH: 0, MEDIUM: 0, LOW: 0, INFORMATIONAL: 0 };
  const unknownByKind = { unreadable: 0, undecidable: 0 };
  let [count, waived, checkErrors] = [0, 0, 0];
  for (const finding of findings) {
    count += 1;
    byStatus[finding.status] += 1;
    if (finding.status === 'FAILED') {
      if (finding.waiver === undefined) failedBySeverity[finding.severity] += 1;
      else waived += 1;
    }
    if (finding.unknown !== undefined) unknownByKind[finding.unknown.kind] += 1;
    if (finding.unknown !== undefined && finding.reason.startsWith(CHECK_ERROR_PREFIX)) checkErrors += 1;
  }
  return {
    findings: count,
    byStatus,
    failedBySeverity,
    waived,
    resources: resources.length,
    resourcesByType: countTypes(resources),
    unknownByKind,
    checkErrors,
    gaps: coverage.reduce((sum, entry) => sum + entry.gaps.length, 0),
  };
}

/**
 * A scan is complete when every scope that was not excluded was read to its end, no verdict lacks something that could
 * not be read, and no check broke.
 */
export function isComplete(summary: Summary, coverage: readonly CoverageEntry[]): boolean {
  return !coverage.some(isIncomplete) && summary.unknownByKind.unreadable === 0 && summary.checkErrors === 0;
}

function countTypes(resources: readonly Resource[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const resource of resources) {
    const { type } = resource as ResourceBase<string>;
    counts.set(type, (counts.get(type) ?? 0) + 1);
  }
  return Object.fromEntries([...counts].sort(([left], [right]) => (left < right ? -1 : 1)));
}
