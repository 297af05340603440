import type { UnknownReason } from '../../domain/observed.ts';
import { plainLine } from '../plain-text.ts';
import { wrap } from './columns.ts';
import type { Paint } from './paint.ts';

/** Reasons are stable sentences, so there are few; should a check ever invent many, they are counted as "others". */
const MAX_DISTINCT = 500;
const SHOWN = 8;
const OTHERS = 'other reasons';

/** Counts where UNKNOWN verdicts come from: what could not be read, and what cannot be decided. */
export class UnknownSources {
  readonly #counts = new Map<string, number>();

  add(reason: UnknownReason): void {
    const source = plainLine(reason.message);
    const key = this.#counts.has(source) || this.#counts.size < MAX_DISTINCT ? source : OTHERS;
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
  }

  /** The most frequent reasons, with their counts. */
  lines(width: number | undefined, paint: Paint): string[] {
    if (this.#counts.size === 0) return [];
    const ordered = [...this.#counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
    const lines = ordered.slice(0, SHOWN).flatMap(([source, count]) => {
      const label = `  ${String(count).padStart(5)}  `;
      if (width === undefined) return [`${label}${source}`];
      return wrap(source, width - label.length).map(
        (line, index) => `${index === 0 ? label : ' '.repeat(label.length)}${line}`,
      );
    });
    if (ordered.length > SHOWN) lines.push(`         and ${ordered.length - SHOWN} more reasons`);
    return [paint.heading('Where the unknown verdicts come from:'), ...lines];
  }
}
