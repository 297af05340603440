import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { UnknownReason } from './observed.ts';
import type { InUse, ResourceReference } from './resource.ts';
import type { Severity } from './severity.ts';
import type { Evidence, VerdictStatus } from './verdict.ts';

/** An accepted risk that covers a finding. Security Hub calls it SUPPRESSED. */
export interface WaiverReference {
  readonly id: string;
  readonly reason: string;
  readonly owner: string;
  readonly approvedBy: string;
  /** ISO 8601. */
  readonly expiresAt: string;
}

/** A verdict with a permanent identity. */
export interface Finding {
  readonly id: string;
  readonly checkId: string;
  readonly status: VerdictStatus;
  /** The effective severity: the check's own, or lower with `severityReason`. */
  readonly severity: Severity;
  readonly severityReason?: string;
  readonly resource: ResourceReference;
  /** Those tags of the resource that alert routes ask for, where it carries them and they could be read. */
  readonly tags?: Readonly<Record<string, string>>;
  readonly inUse: InUse;
  readonly usedBy?: readonly string[];
  readonly usedByCount?: number;
  /** Short and stable; an empty string on PASSED without a remark. */
  readonly reason: string;
  /** Only on UNKNOWN: what was missing. */
  readonly unknown?: UnknownReason;
  readonly evidence: readonly Evidence[];
  readonly waiver?: WaiverReference;
  /** Where a linted document says it. */
  readonly source?: { readonly file: string; readonly document: number; readonly line?: number };
}

/** Security Hub accepts at most this many characters in a finding's Id. */
const MAX_ID_LENGTH = 512;

/**
 * The permanent id of a finding: a function of partition, account, region, check id and resource uid, and of nothing
 * else. An id that would exceed Security Hub's 512 characters keeps its readable head and gets a hash of the whole as
 * its tail, so that two long uids never meet.
 *
 * @see https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_AwsSecurityFinding.html
 */
export function findingId(
  checkId: string,
  resource: Pick<ResourceReference, 'partition' | 'accountId' | 'region' | 'uid'>,
): string {
  const id = ['hullcheck', resource.partition, resource.accountId, resource.region, checkId, resource.uid].join('/');
  if (id.length <= MAX_ID_LENGTH) return id;
  const tail = bytesToHex(sha256(utf8ToBytes(id)));
  return `${id.slice(0, MAX_ID_LENGTH - tail.length - 1)}#${tail}`;
}

/** What a permanent id is made of. */
export interface FindingIdParts {
  readonly partition: string;
  readonly accountId: string;
  readonly region: string;
  readonly checkId: string;
  /** Whole, unless the id was too long: then it ends with a hash. */
  readonly uid: string;
}

/** The parts of a finding's id; undefined for a text that {@link findingId} does not make. */
export function partsOfFindingId(id: string): FindingIdParts | undefined {
  const [, partition, accountId, region, checkId, uid] =
    /^hullcheck\/(aws[a-z-]*)\/(\d{12})\/([a-z0-9-]+)\/([a-z0-9-]+)\/(.+)$/s.exec(id) ?? [];
  if (!partition || !accountId || !region || !checkId || !uid || id.length > MAX_ID_LENGTH) return undefined;
  return { partition, accountId, region, checkId, uid };
}
