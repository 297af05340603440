import { createHash } from 'node:crypto';

/** The namespace of everything that reports name; made once, never changed. */
const NAMESPACE = Buffer.from('6f1c8a3e52d94b7f9a0e3c5d7b1f2a64', 'hex');

/**
 * A UUID of version 5: the same names give the same UUID, in every run and on every machine.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9562#name-uuid-version-5
 */
export function uuidOf(...names: readonly string[]): string {
  const hash = createHash('sha1').update(NAMESPACE).update(JSON.stringify(names)).digest();
  hash[6] = ((hash[6] ?? 0) & 0x0f) | 0x50;
  hash[8] = ((hash[8] ?? 0) & 0x3f) | 0x80;
  const hex = hash.toString('hex', 0, 16);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-');
}
