import { expect, test } from 'vitest';
import { groupBy } from '#shared/domain/group-by.ts';

test('groups and their items come in the order of the input', () => {
  const groups = groupBy(['pear', 'plum', 'apple', 'peach'], (word) => word[0]);

  expect([...groups]).toEqual([
    ['p', ['pear', 'plum', 'peach']],
    ['a', ['apple']],
  ]);
});
