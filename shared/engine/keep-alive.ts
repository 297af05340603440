import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import type { LedgerRow } from '../domain/ledger.ts';

const DAY = 86_400_000;
/** Well under the 90 days after which Security Hub forgets an active finding. */
export const DEFAULT_KEEP_ALIVE_DAYS = 30;
export const MAX_KEEP_ALIVE_DAYS = 80;

/**
 * Whether an open finding has to be published again only so that it is not aged out. Findings that were opened on one
 * day come due on different days of the second half of the interval, by a hash of their ids, and never later than it.
 *
 * @param at the time of the look; ISO 8601
 * @see https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-findings.html
 */
export function isKeepAliveDue(row: LedgerRow, at: string, days: number = DEFAULT_KEEP_ALIVE_DAYS): boolean {
  if (row.publishedAs !== 'ACTIVE' || row.lastPublishedAt === undefined || row.publish.state === 'pending')
    return false;
  const elapsed = (Date.parse(at) - Date.parse(row.lastPublishedAt)) / DAY;
  return elapsed >= days / 2 && elapsed >= days - (days / 2) * fractionOf(row.finding.id);
}

/** Spreads ids evenly over 0 <= fraction < 1. */
function fractionOf(id: string): number {
  const [first = 0, second = 0] = sha256(utf8ToBytes(id));
  return (first * 256 + second) / 65_536;
}
