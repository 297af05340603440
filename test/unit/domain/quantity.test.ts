import { expect, test } from 'vitest';
import { isPositiveQuantity } from '#shared/domain/quantity.ts';

test.for(['1', '0.5', '.5', '5.', '250m', '64Mi', '1e3', '1E', '+2k', '100n', '1E-3', '12e6'])(
  '%s is an amount',
  (text) => {
    expect(isPositiveQuantity(text)).toBe(true);
  },
);

test.for(['0', '0Mi', '0.0', '-1', '-64Mi', '0e5'])('%s is nothing', (text) => {
  expect(isPositiveQuantity(text)).toBe(false);
});

test.for(['', ' 1', 'Mi', '1mi', '1 Mi', '0x10', '1.2.3', 'NaN', 'much', '1e', '--1'])(
  '"%s" is no quantity',
  (text) => {
    expect(isPositiveQuantity(text)).toBeUndefined();
  },
);
