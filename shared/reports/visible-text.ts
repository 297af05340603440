import type { Evidence } from '../domain/verdict.ts';
import { evidenceLine } from '../sinks/evidence-text.ts';
import { plainLine } from '../sinks/plain-text.ts';

/**
 * Marks that reorder or hide text, or are seen as nothing: what a reader sees would not be what the resource is called.
 * Those that Unicode shows nothing for, the empty Braille pattern, and the marks of annotations.
 *
 * @see https://www.unicode.org/reports/tr44/#Default_Ignorable_Code_Point
 */
const HIDDEN = /[\p{Default_Ignorable_Code_Point}\u2800\ufff9-\ufffb]/gu;

/**
 * One harmless line in which a mark that reorders or hides text stands as its number, `[U+202E]`: in a report, a name
 * with such a mark must not look like the same name without it.
 *
 * @see https://www.unicode.org/reports/tr36/#Bidirectional_Text_Spoofing
 */
export function visibleLine(text: string): string {
  return plainLine(marked(text));
}

/** One piece of evidence as such a line. */
export function visibleEvidence({ path, observed, expected }: Evidence): string {
  return evidenceLine({ path: marked(path), observed: markedValue(observed), expected: markedValue(expected) });
}

function markedValue(value: Evidence['observed']): string | null {
  if (value === null) return null;
  return marked(typeof value === 'string' ? value : JSON.stringify(value));
}

function marked(text: string): string {
  return text.replace(HIDDEN, (mark) => `[U+${mark.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0')}]`);
}
