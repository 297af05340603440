import { expect, test } from 'vitest';
import { collectors } from '#shared/collectors/index.generated.ts';
import { allChecks } from '#shared/composition-root.ts';

test('every check judges what exactly one service reads: that is where the ledger keeps its findings', () => {
  const homeless = allChecks()
    .checks.filter(
      ({ resourceType }) => collectors.filter(({ resourceTypes }) => resourceTypes.includes(resourceType)).length !== 1,
    )
    .map(({ id }) => id);

  expect(homeless).toEqual([]);
});
