import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { LedgerScope, News, RowKey, UnitFacts } from '../domain/ledger.ts';
import type { ItemKey } from './item-store.ts';

/**
 * DynamoDB takes at most 1024 bytes of sort key.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
 */
const MAX_SORT_KEY_BYTES = 1024;

/** The keys of the one table. Account ids, regions and services contain no `#`. */
export const keyOf = {
  rows: ({ accountId, region, service }: LedgerScope): string => `rows#${accountId}#${region}#${service}`,
  row: (key: RowKey): ItemKey => ({ pk: keyOf.rows(key), sk: sortKey(key.findingId) }),
  pendingQueue: (accountId: string, region: string): string => `pending#${accountId}#${region}`,
  expectedUnits: (runId: string): ItemKey => ({ pk: `run#${runId}`, sk: 'expected' }),
  completedUnits: (runId: string): ItemKey => ({ pk: `run#${runId}`, sk: 'completed' }),
  finishedRuns: 'finished-runs',
  finishedRunChunks: (runId: string): string => `finished-run#${runId}`,
  alertSlots: (window: string, route: string): ItemKey => ({ pk: `alerts#${window}`, sk: route }),
  lease: (name: string): ItemKey => ({ pk: `lease#${name}`, sk: 'lease' }),
  account: (accountId: string): ItemKey => ({ pk: `account#${accountId}`, sk: 'account' }),
  scopes: 'scopes',
  scope: ({ accountId, region, service }: LedgerScope): ItemKey => ({
    pk: keyOf.scopes,
    sk: `${accountId}#${region}#${service}`,
  }),
  facts: (accountId: string): string => `facts#${accountId}`,
  factUnit: (unit: Pick<UnitFacts, 'accountId' | 'region' | 'service' | 'cluster'>): ItemKey => ({
    pk: keyOf.facts(unit.accountId),
    sk: `unit#${unitName(unit)}`,
  }),
  factChunks: (unit: Pick<UnitFacts, 'region' | 'service' | 'cluster'>): string => `chunk#${unitName(unit)}#`,
  content: (key: string): ItemKey => ({ pk: `content#${key}`, sk: 'content' }),
  newsOf: (accountId: string): string => `news#${accountId}`,
  news: ({ accountId, transition: { finding, kind, observedAt } }: News): ItemKey => ({
    pk: keyOf.newsOf(accountId),
    sk: sortKey([finding.id, observedAt, kind].join(' ')),
  }),
} as const;

function unitName({ region, service, cluster }: Pick<UnitFacts, 'region' | 'service' | 'cluster'>): string {
  return [region, service, cluster ?? ''].join('#');
}

/** A text as a sort key; one that is too long keeps its head and gets a hash of the whole. */
function sortKey(text: string): string {
  if (utf8ToBytes(text).length <= MAX_SORT_KEY_BYTES) return text;
  // A UTF-16 unit takes at most three bytes, so that 300 of them leave room for the hash.
  return `${text.slice(0, 300).toWellFormed()}#${bytesToHex(sha256(utf8ToBytes(text)))}`;
}
