import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { EXEMPTIONS } from '#shared/domain/exemption.ts';
import { VENDOR_WORKLOADS } from '#shared/domain/vendor-workloads.ts';
import { allChecks, ROOT } from '#test/support/all-checks.ts';

test.for(EXEMPTIONS.map((exemption) => [exemption.checkId, exemption.what, exemption] as const))(
  'the exemption from %s of %s belongs to a check, has official sources, and is documented (PE-14)',
  async ([checkId, what, { sources }]) => {
    const page = await readFile(join(ROOT, 'docs/waivers.md'), 'utf8');

    expect(allChecks.map(({ id }) => id)).toContain(checkId);
    expect(sources.length).toBeGreaterThan(0);
    for (const source of sources) expect(source).toMatch(/^https:\/\/(docs\.aws\.amazon\.com|github\.com\/aws)\//);
    expect(page).toContain(checkId);
    expect(page).toContain(what);
  },
);

test('T72: the list of workloads names each of them once, and none by its namespace alone (PE-14)', () => {
  const names = VENDOR_WORKLOADS.flatMap(({ namespace, kind, names: own }) =>
    own.map((name) => `${namespace}/${kind}/${name}`),
  );

  expect(new Set(names).size).toBe(names.length);
  for (const name of names) expect(name).toMatch(/^[a-z-]+\/(?:DaemonSet|Deployment)\/[a-z0-9-]+$/);
});
