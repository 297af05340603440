import { cutMiddle } from '../../sinks/plain-text.ts';
import { visibleLine } from '../visible-text.ts';

/** Longer texts are cut in the middle: the other formats have them whole. */
const MAX_TEXT = 600;

/** Text that is HTML already. Only the tag {@link html} makes it. */
export class Html {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  toString(): string {
    return this.#text;
  }
}

export type HtmlValue = Html | string | number | undefined | readonly HtmlValue[];

/**
 * Makes HTML from a template. Every value that is not HTML itself is text from somewhere: it becomes one harmless line
 * and is escaped, wherever it stands.
 */
export function html(parts: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  return new Html(parts.reduce((text, part, index) => text + textOf(values[index - 1]) + part));
}

/** HTML that this project wrote itself (style, script): never text from an account. */
export function trusted(text: string): Html {
  return new Html(text);
}

function textOf(value: HtmlValue): string {
  if (value === undefined) return '';
  if (value instanceof Html) return value.toString();
  if (Array.isArray(value)) return value.map(textOf).join('');
  return escaped(cutMiddle(visibleLine(String(value)), MAX_TEXT));
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

/** A whole number with thin groups of thousands: `20 000`. */
export function number(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+(?!\d))/g, '\u2009');
}

/** `2026-11-23 12:00 UTC`. */
export function moment(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`;
}
