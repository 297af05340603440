import { expect, test } from 'vitest';
import { collectors } from '#shared/collectors/index.generated.ts';
import { allChecks } from '#shared/composition-root.ts';

/** What no account has: only `hullcheck lint` judges it, and no ledger keeps it. */
const IN_FILES_ONLY: readonly string[] = ['Dockerfile'];

test('every check judges what exactly one service reads: that is where the ledger keeps its findings', () => {
  const homeless = allChecks()
    .checks.filter(
      ({ resourceType }) =>
        !IN_FILES_ONLY.includes(resourceType) &&
        collectors.filter(({ resourceTypes }) => resourceTypes.includes(resourceType)).length !== 1,
    )
    .map(({ id }) => id);

  expect(homeless).toEqual([]);
});

test('what only files have is read by no service', () => {
  expect(collectors.filter(({ resourceTypes }) => resourceTypes.some((type) => IN_FILES_ONLY.includes(type)))).toEqual(
    [],
  );
});
