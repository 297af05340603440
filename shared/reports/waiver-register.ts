import type { WaiverReference } from '../domain/finding.ts';
import type { WaiverUse } from '../domain/result.ts';
import { isExpired, isExpiring, type WaiverSet, type WaiverState } from '../domain/waiver.ts';
import type { ReportRow, WaiverRecord } from './model.ts';

/** Counts what each waiver hides. */
export class WaiverCount {
  readonly #seen = new Map<string, { readonly waiver: WaiverReference; hidden: number }>();

  add({ finding: { waiver, status } }: ReportRow): void {
    if (waiver === undefined || status !== 'FAILED') return;
    const own = this.#seen.get(waiver.id) ?? { waiver, hidden: 0 };
    own.hidden += 1;
    this.#seen.set(waiver.id, own);
  }

  hiddenBy(id: string): number {
    return this.#seen.get(id)?.hidden ?? 0;
  }

  get waivers(): readonly WaiverReference[] {
    return [...this.#seen.values()].map(({ waiver }) => waiver).sort((left, right) => (left.id < right.id ? -1 : 1));
  }
}

/**
 * What a scan says of its waivers, with who approved them and why.
 *
 * @param ofPart what they hide in the part that the report is about; left out where it is about all that was scanned
 */
export function registerOfScan(
  uses: readonly WaiverUse[],
  set: WaiverSet | undefined,
  ofPart?: WaiverCount,
): readonly WaiverRecord[] {
  const known = new Map((set?.waivers ?? []).map((waiver) => [waiver.id, waiver]));
  return uses.map((whole) => {
    const use = ofPart === undefined ? whole : inPart(whole, ofPart.hiddenBy(whole.id));
    const waiver = known.get(use.id);
    if (waiver === undefined) return use;
    const { reason, approvedBy, createdAt } = waiver;
    return { ...use, reason, approvedBy, createdAt };
  });
}

/** Which failures the scan names first may be of other parts: they are left out. */
function inPart({ findingIds: _, ...use }: WaiverUse, hidden: number): WaiverUse {
  const hidesElsewhere = use.hidden > 0 && hidden === 0 && (use.state === 'active' || use.state === 'expiring');
  return { ...use, hidden, ...(hidesElsewhere ? { state: 'unmatched' } : {}) };
}

/**
 * The register where the rows are remembered: of the waivers file where there is one, else of what the rows name.
 *
 * @returns undefined where neither says anything
 */
export function registerOfRows(
  count: WaiverCount,
  set: WaiverSet | undefined,
  now: Date,
): readonly WaiverRecord[] | undefined {
  const stateOf = (waiver: Pick<WaiverReference, 'id' | 'expiresAt'>): WaiverState => {
    if (isExpired(waiver, now)) return 'expired';
    if (count.hiddenBy(waiver.id) === 0) return 'unmatched';
    return isExpiring(waiver, now) ? 'expiring' : 'active';
  };
  if (set === undefined && count.waivers.length === 0) return undefined;
  const waivers: readonly (WaiverReference & { readonly createdAt?: string })[] = set?.waivers ?? count.waivers;
  return [
    ...waivers.map(({ id, reason, owner, approvedBy, expiresAt, createdAt }) => ({
      id,
      reason,
      owner,
      approvedBy,
      expiresAt,
      ...(createdAt === undefined ? {} : { createdAt }),
      state: stateOf({ id, expiresAt }),
      hidden: count.hiddenBy(id),
    })),
    ...(set?.ignored ?? []).map(({ id, problems }) => ({ id, problems, state: 'malformed' as const, hidden: 0 })),
  ];
}
