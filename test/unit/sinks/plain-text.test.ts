import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asciiLine, cutEnd, cutMiddle, plainLine } from '#shared/sinks/plain-text.ts';

describe('plain text', () => {
  it('removes colours, line breaks and marks that reverse or hide text', () => {
    expect(plainLine('a\u001b[31mred\u001b[0m\nFAKE\u202egnp\u200b\u0007')).toBe('ared FAKEgnp');
  });

  it('replaces lone surrogates, so that every output is valid UTF-8', () => {
    expect(plainLine('a\ud800b')).toBe('a\ufffdb');
  });

  it('keeps more of the end when it cuts a name in the middle', () => {
    expect(cutMiddle('registry/repository@sha256:0123456789', 20)).toBe('regist…56:0123456789');
  });

  it('turns any text into printable ASCII for subjects', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => /^[\x20-\x7e]*$/.test(asciiLine(text))));
    expect(asciiLine('Zoë – 東京')).toBe('Zoe - ?');
  });

  it('never exceeds the limit and never splits a surrogate pair', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), fc.integer({ min: 1, max: 40 }), (text, max) => {
        for (const cut of [cutEnd(text, max), cutMiddle(text, max)]) {
          expect(cut.length).toBeLessThanOrEqual(max);
          expect(cut.isWellFormed()).toBe(true);
        }
      }),
    );
  });
});
