import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { coversEverything, isWiderThan, malformedCidrs } from '#shared/domain/cidr.ts';

describe('coversEverything', () => {
  test.for([
    [['0.0.0.0/0']],
    [['::/0']],
    [['10.0.0.0/8', '0.0.0.0/0']],
    [['0.0.0.0/1', '128.0.0.0/1']],
    [['128.0.0.0/1', '64.0.0.0/2', '0.0.0.0/2']],
    [['::/1', '8000::/1']],
    [['1.2.3.4/0']],
  ])('is true for %j (T39: the union counts)', ([cidrs]) => {
    expect(coversEverything(cidrs as string[])).toBe(true);
  });

  test.for([
    [[]],
    [['0.0.0.0/1']],
    [['0.0.0.0/1', '::/1']],
    [['0.0.0.0/1', '128.0.0.0/2']],
    [['10.0.0.0/8', '203.0.113.7/32']],
    [['pl-0123456789abcdef0']],
  ])('is false for %j', ([cidrs]) => {
    expect(coversEverything(cidrs as string[])).toBe(false);
  });

  test('finds every way of cutting the whole space into equal blocks, in any order', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 6 }), fc.nat(), (prefix, seed) => {
        const size = 2 ** (32 - prefix);
        const blocks = Array.from({ length: 2 ** prefix }, (_, index) => `${dotted(index * size)}/${prefix}`);
        const rotated = [...blocks.slice(seed % blocks.length), ...blocks.slice(0, seed % blocks.length)];
        expect(coversEverything(rotated)).toBe(true);
        if (prefix > 0) expect(coversEverything(rotated.slice(1))).toBe(false);
      }),
    );
  });
});

describe('isWiderThan', () => {
  const widest = { ipv4: 16, ipv6: 32 };

  test.for([
    ['one block of the accepted size', ['10.0.0.0/16'], false],
    ['a smaller block', ['10.0.0.0/24', '2001:db8::/32'], false],
    ['two accepted blocks apart from each other', ['10.0.0.0/16', '10.2.0.0/16'], false],
    ['overlapping blocks inside an accepted one', ['10.0.0.0/17', '10.0.0.0/16'], false],
    ['two neighbours that together are wider', ['10.0.0.0/16', '10.1.0.0/16'], true],
    ['a wider IPv4 block', ['10.0.0.0/15'], true],
    ['a wider IPv6 block', ['2001:d00::/24'], true],
    ['everything', ['0.0.0.0/0'], true],
  ] as const)('judges %s', ([, cidrs, expected]) => {
    expect(isWiderThan(cidrs, widest)).toBe(expected);
  });
});

test('malformedCidrs names what is no block', () => {
  expect(malformedCidrs(['10.0.0.0/8', '10.0.0.0', '', '10.0.0.0/33', '::/0'])).toEqual([
    '10.0.0.0',
    '',
    '10.0.0.0/33',
  ]);
});

function dotted(address: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.');
}
