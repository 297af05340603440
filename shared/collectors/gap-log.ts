import type { CoverageGap } from '../domain/coverage.ts';

type GapFacts = Omit<CoverageGap, 'accountId' | 'region' | 'service' | 'count'>;

/**
 * The gaps of one unit. The same operation failing for the same reason on a thousand repositories is one gap with a
 * count, not a thousand lines.
 */
export class GapLog {
  readonly #scope: { readonly accountId: string; readonly region: string; readonly service: string };
  readonly #gaps = new Map<string, CoverageGap>();

  constructor(target: { readonly accountId: string; readonly region: string }, service: string) {
    this.#scope = { accountId: target.accountId, region: target.region, service };
  }

  add(gap: GapFacts): void {
    const key = JSON.stringify([gap.cluster ?? null, gap.operation, gap.cause, gap.reason]);
    const earlier = this.#gaps.get(key);
    if (earlier === undefined) {
      this.#gaps.set(key, { ...this.#scope, ...gap, count: 1 });
      return;
    }
    const resource = smallest(earlier.resource, gap.resource);
    this.#gaps.set(key, {
      ...earlier,
      ...(resource === undefined ? {} : { resource }),
      count: earlier.count + 1,
    });
  }

  /** All gaps, in an order that does not depend on which call failed first. */
  list(): readonly CoverageGap[] {
    return [...this.#gaps.entries()].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, gap]) => gap);
  }
}

function smallest(left: string | undefined, right: string | undefined): string | undefined {
  if (left === undefined) return right;
  if (right === undefined) return left;
  return left < right ? left : right;
}
