import fc from 'fast-check';
import { expect, test } from 'vitest';
import { matchesEverything, matchesWildcard } from '#shared/domain/wildcard.ts';

/** The same rule said by the regular expression engine. */
function naive(pattern: string, text: string, questionMark: boolean): boolean {
  const source = [...pattern]
    .map((character) =>
      character === '*'
        ? '[^]*'
        : character === '?' && questionMark
          ? '[^]'
          : character.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'),
    )
    .join('');
  return new RegExp(`^${source}$`).test(text);
}

test('agrees with a regular expression on short patterns and texts', () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b', '.', '*', '?'), maxLength: 8 });
  fc.assert(
    fc.property(letters, letters, fc.boolean(), (pattern, text, questionMark) => {
      expect(matchesWildcard(pattern, text, { questionMark })).toBe(naive(pattern, text, questionMark));
    }),
    { numRuns: 2000 },
  );
});

test('answers quickly where a backtracking matcher would not', () => {
  expect(matchesWildcard(`${'a*'.repeat(40)}b`, 'a'.repeat(5000))).toBe(false);
});

test.for([
  ['*', true],
  ['**', true],
  ['v*', false],
  ['', false],
] as const)('%s matches everything: %s', ([pattern, expected]) => {
  expect(matchesEverything(pattern)).toBe(expected);
});
