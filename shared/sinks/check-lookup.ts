import type { Check } from '../domain/check.ts';
import type { Finding } from '../domain/finding.ts';

/** What a destination needs to know of a check; any `Check` has it, and so has the entry for coverage findings. */
export type CheckMetadata = Pick<
  Check,
  'id' | 'title' | 'rationale' | 'remediation' | 'frameworks' | 'relatedControls' | 'overlapsWith' | 'baseSeverity'
>;

/** Finds the metadata of a check by id; usually `registry.find`. */
export type CheckLookup = (checkId: string) => CheckMetadata | undefined;

/** A readable title even for a check that this version no longer knows (a row of an older ledger). */
export function titleOf(finding: Pick<Finding, 'checkId'>, checkOf: CheckLookup): string {
  return checkOf(finding.checkId)?.title ?? finding.checkId;
}
