import { expect, test } from 'vitest';
import { matchesWildcard } from '#shared/domain/wildcard.ts';

test.for([
  ['ghcr.io/acme/*', 'ghcr.io/acme/team/app'],
  ['*', ''],
  ['a*b*c', 'a-b-b-c'],
  ['*.example/app', 'registry.example/app'],
  ['exact', 'exact'],
])('%s matches %s', ([pattern, text]) => {
  expect(matchesWildcard(pattern as string, text as string)).toBe(true);
});

test.for([
  ['ghcr.io/acme/*', 'ghcr.io/acme-evil/app'],
  ['a*a', 'a'],
  ['a.c', 'abc'],
  ['*b*', 'aaa'],
  ['exact', 'exactly'],
])('%s does not match %s', ([pattern, text]) => {
  expect(matchesWildcard(pattern as string, text as string)).toBe(false);
});

test('a hostile pattern takes no time', () => {
  expect(matchesWildcard(`${'*a'.repeat(500)}b`, 'a'.repeat(50_000))).toBe(false);
});
