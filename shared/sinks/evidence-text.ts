import type { JsonValue } from '../domain/json.ts';
import type { Evidence } from '../domain/verdict.ts';
import { cutMiddle, plainLine } from './plain-text.ts';

/** One piece of evidence as a harmless line: `path is observed, should be expected`. */
export function evidenceLine(evidence: Evidence, maxValue = 300): string {
  return `${plainLine(evidence.path)} is ${valueText(evidence.observed, maxValue)}, should be ${valueText(evidence.expected, maxValue)}`;
}

function valueText(value: JsonValue, max: number): string {
  const text =
    typeof value === 'string' ? plainLine(value) : value === null ? 'not set' : plainLine(JSON.stringify(value));
  return cutMiddle(text === '' ? '(empty)' : text, max);
}
