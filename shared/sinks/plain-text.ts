import { stripVTControlCharacters } from 'node:util';

/** Marks that reorder or hide text: bidi controls, zero-width characters, soft hyphen, byte order mark, tag characters. */
const INVISIBLE =
  /[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]|[\u{e0000}-\u{e007f}]/gu;
const CONTROL_OR_BREAK = /[\p{Cc}\u2028\u2029]+/gu;

/**
 * Makes one harmless line of a text that came from an AWS account: names, tags and labels are data, and whoever can
 * write them must not be able to colour a terminal, reverse the reading order or forge a second line. Escape
 * sequences, control characters, line breaks and invisible marks go; lone surrogates become U+FFFD.
 */
export function plainLine(text: string): string {
  return stripVTControlCharacters(text.toWellFormed())
    .replace(INVISIBLE, '')
    .replace(CONTROL_OR_BREAK, ' ')
    .replace(/ {2,}/g, ' ')
    .trim();
}

/** ASCII only, for mail subjects and other places that are safest with it: accents fall off, the rest becomes `?`. */
export function asciiLine(text: string): string {
  return plainLine(text)
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[\u2010-\u2015]/g, '-')
    .replace(/\u2026/g, '...')
    .replace(/[^\x20-\x7e]+/gu, '?');
}

/** Cuts at the end, to at most `max` UTF-16 units with the mark; never through a surrogate pair. */
export function cutEnd(text: string, max: number): string {
  if (text.length <= max) return text;
  return `${head(text, Math.max(0, max - 1))}…`;
}

/**
 * Cuts in the middle and keeps two thirds for the end: image names, ARNs and repository paths differ at their ends.
 * At most `max` UTF-16 units with the mark; never through a surrogate pair.
 */
export function cutMiddle(text: string, max: number): string {
  if (text.length <= max) return text;
  const room = Math.max(0, max - 1);
  const front = Math.floor(room / 3);
  return `${head(text, front)}…${tail(text, room - front)}`;
}

/** The number of bytes a text takes on the wire. */
export function utf8Bytes(text: string): number {
  return Buffer.byteLength(text, 'utf8');
}

function head(text: string, length: number): string {
  const cut = text.slice(0, length);
  return /[\ud800-\udbff]$/.test(cut) ? cut.slice(0, -1) : cut;
}

function tail(text: string, length: number): string {
  if (length <= 0) return '';
  const cut = text.slice(-length);
  return /^[\udc00-\udfff]/.test(cut) ? cut.slice(1) : cut;
}
