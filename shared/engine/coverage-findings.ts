import type { Check } from '../domain/check.ts';
import { type CoverageEntry, isIncomplete } from '../domain/coverage.ts';
import { type Finding, findingId } from '../domain/finding.ts';
import type { ResourceReference } from '../domain/resource.ts';

/** The pseudo check that coverage findings belong to: its subject is what a scan could not read. */
export const COVERAGE_CHECK_ID = 'coverage-scope-readable';

/** What destinations say about coverage findings; no check evaluates them. */
export const COVERAGE_CHECK = {
  id: COVERAGE_CHECK_ID,
  title: 'Scopes that Hullcheck scans should be readable',
  baseSeverity: 'MEDIUM',
  rationale:
    'What cannot be read is not judged: a failing resource in this scope stays unseen, and nothing in it is closed.',
  remediation: {
    text: 'Allow the permission that is named to the role that Hullcheck reads with, or take the scope out of the scan.',
    url: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html',
  },
  frameworks: {},
} as const satisfies Partial<Check>;

const MAX_GAPS = 20;

/**
 * The coverage finding of a scope: NOT_AVAILABLE while something in it could not be read, over when it reads fully
 * again or is deliberately not looked at any more.
 */
export function coverageFinding(entry: CoverageEntry): Finding {
  const resource = scopeReference(entry);
  const base = {
    id: findingId(COVERAGE_CHECK_ID, resource),
    checkId: COVERAGE_CHECK_ID,
    severity: COVERAGE_CHECK.baseSeverity,
    resource,
    inUse: 'yes',
  } as const;
  if (!isIncomplete(entry)) {
    return entry.status === 'excluded'
      ? { ...base, status: 'NOT_APPLICABLE', reason: 'the scope is excluded from the scan', evidence: [] }
      : { ...base, status: 'PASSED', reason: 'the scope was read completely', evidence: [] };
  }
  const [first] = entry.gaps;
  const permissions = [...new Set(entry.gaps.flatMap((gap) => gap.missingPermission ?? []))].sort();
  const reason =
    permissions.length > 0
      ? `the scope could not be read completely: ${permissions.join(', ')} is missing`
      : `the scope could not be read completely: ${first?.reason ?? entry.reason ?? 'it did not answer'}`;
  return {
    ...base,
    status: 'UNKNOWN',
    reason,
    unknown: {
      kind: 'unreadable',
      cause: first?.cause ?? 'failed',
      operation: first?.operation ?? '',
      message: reason,
      ...(permissions[0] === undefined ? {} : { missingPermission: permissions.join(', ') }),
    },
    evidence: entry.gaps
      .slice(0, MAX_GAPS)
      .map(({ operation, cause }) => ({ path: operation, observed: cause, expected: 'readable' })),
  };
}

/** The end of a coverage finding whose scope (a cluster) is no longer there to be read. */
export function coverageRestored(finding: Finding): Finding {
  const { unknown: _, ...rest } = finding;
  return { ...rest, status: 'PASSED', reason: 'the scope was read completely', evidence: [] };
}

function scopeReference({ accountId, region, service, cluster }: CoverageEntry): ResourceReference {
  const name = cluster === undefined ? service : `${service}/${cluster}`;
  return {
    uid: name,
    type: 'HullcheckScope',
    name,
    accountId,
    region,
    partition: partitionOf(region),
    ...(cluster === undefined ? {} : { cluster }),
  };
}

/**
 * The partition of a region by its name: a scope that could not be read has no ARN to tell it.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
 */
function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  if (region.startsWith('us-gov-')) return 'aws-us-gov';
  if (region.startsWith('us-isob-')) return 'aws-iso-b';
  if (region.startsWith('us-iso-')) return 'aws-iso';
  return region.startsWith('eusc-') ? 'aws-eusc' : 'aws';
}
