import type { Finding } from '../domain/finding.ts';
import type { InUse } from '../domain/resource.ts';
import { compareSeverity } from '../domain/severity.ts';

const USE_RANK: Readonly<Record<InUse, number>> = { yes: 0, unknown: 1, no: 2 };

/**
 * Negative when `left` should be read first: worse first, running before unknown before unused, vulnerabilities that
 * have a fix before what has to be redesigned, then by id.
 */
export function compareUrgency(left: Finding, right: Finding): number {
  return (
    compareSeverity(right.severity, left.severity) ||
    USE_RANK[left.inUse] - USE_RANK[right.inUse] ||
    Number(isFixable(right)) - Number(isFixable(left)) ||
    (left.id < right.id ? -1 : left.id > right.id ? 1 : 0)
  );
}

/** Known to everybody, attackers too, and gone with one rebuild. */
function isFixable({ evidence }: Finding): boolean {
  return evidence.some(
    ({ observed }) =>
      typeof observed === 'object' &&
      observed !== null &&
      'fixAvailable' in observed &&
      observed.fixAvailable === 'yes',
  );
}

/** Keeps the `limit` most urgent items of a stream of any length, in order, and counts the rest. */
export class WorstFirst<T> {
  readonly #limit: number;
  readonly #findingOf: (item: T) => Finding;
  readonly #kept: T[] = [];
  #seen = 0;

  constructor(limit: number, findingOf: (item: T) => Finding) {
    this.#limit = limit;
    this.#findingOf = findingOf;
  }

  add(item: T): void {
    this.#seen += 1;
    const last = this.#kept.at(-1);
    if (this.#kept.length >= this.#limit && (last === undefined || this.#compare(item, last) >= 0)) return;
    this.#kept.splice(this.#placeFor(item), 0, item);
    if (this.#kept.length > this.#limit) this.#kept.pop();
  }

  get items(): readonly T[] {
    return this.#kept;
  }

  /** How many were seen and not kept. */
  get more(): number {
    return this.#seen - this.#kept.length;
  }

  #placeFor(item: T): number {
    let [low, high] = [0, this.#kept.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const other = this.#kept[middle];
      if (other !== undefined && this.#compare(other, item) <= 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #compare(left: T, right: T): number {
    return compareUrgency(this.#findingOf(left), this.#findingOf(right));
  }
}
