import type { UnreadableCause } from './observed.ts';

/** Something a scan should have read and could not. */
export interface CoverageGap {
  readonly accountId: string;
  readonly region: string;
  /** The collector's service, for example `ecr`. */
  readonly service: string;
  /** Set where the gap is confined to one ECS or EKS cluster. */
  readonly cluster?: string;
  /** The API operation, for example `ecr:GetRepositoryPolicy`. */
  readonly operation: string;
  readonly cause: UnreadableCause;
  /** One sentence that says what failed and how to mend it. */
  readonly reason: string;
  readonly missingPermission?: string;
  /** The uid (or listing) it happened on; the first in order where it happened on several. */
  readonly resource?: string;
  /** On how many resources the same operation failed for the same reason. */
  readonly count: number;
}

/**
 * `scanned` completely read · `partial` read with gaps · `failed` nothing could be read ·
 * `excluded` deliberately not looked at (not enabled, denied by a service control policy, switched off).
 */
export type CoverageStatus = 'scanned' | 'partial' | 'failed' | 'excluded';

/** One scope of a scan: an account, region and service, or one cluster in it. */
export interface CoverageEntry {
  readonly accountId: string;
  readonly region: string;
  readonly service: string;
  readonly cluster?: string;
  readonly status: CoverageStatus;
  /** Why it was excluded or failed as a whole. */
  readonly reason?: string;
  readonly gaps: readonly CoverageGap[];
}

/** Excluded scopes do not make a scan incomplete; partial and failed ones do. */
export function isIncomplete(entry: CoverageEntry): boolean {
  return entry.status === 'partial' || entry.status === 'failed';
}
