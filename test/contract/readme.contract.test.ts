import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { checks } from '#shared/checks/index.generated.ts';
import { ROOT } from '#test/support/all-checks.ts';

const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const roomsIn = (path: string) =>
  readdirSync(join(ROOT, path), { withFileTypes: true }).flatMap((one) => (one.isDirectory() ? one.name : []));

test('the README counts the checks that there are', () => {
  const counted = [...read('README.md').matchAll(/(\d+) checks/g)].map(([, count]) => Number(count));

  expect(counted.length).toBeGreaterThan(0);
  expect(counted).toEqual(counted.map(() => checks.length));
});

test.for(['functions', 'shared/collectors', 'shared'])('the architecture names everything in %s', (room) => {
  const page = read('docs/architecture.md');

  const missing = roomsIn(room).filter((name) => !page.includes(`\`${name}\``) && !page.includes(`/${name}/`));

  expect(missing.filter((name) => !HELPERS.has(name) && !page.includes(`functions/${name}`))).toEqual([]);
});

/** Not collectors themselves. */
const HELPERS: ReadonlySet<string> = new Set(['secrets']);

test('every decision is in the list, in the order of the numbers', () => {
  const listed = [...read('docs/decisions/README.md').matchAll(/^\| \[\d{4}\]\((.+?)\)/gm)].map(([, file]) => file);

  expect(listed).toEqual(
    readdirSync(join(ROOT, 'docs/decisions'))
      .filter((file) => file !== 'README.md')
      .toSorted(),
  );
});
