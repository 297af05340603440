import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { EXEMPTIONS } from '#shared/domain/exemption.ts';
import { allChecks, ROOT } from '#test/support/all-checks.ts';

test.for(EXEMPTIONS.map((exemption) => [exemption.checkId, exemption] as const))(
  'the exemption of %s belongs to a check, has official sources, and is documented (PE-14)',
  async ([checkId, { sources, what }]) => {
    const page = await readFile(join(ROOT, 'docs/waivers.md'), 'utf8');

    expect(allChecks.map(({ id }) => id)).toContain(checkId);
    expect(sources.length).toBeGreaterThan(0);
    for (const source of sources) expect(source).toMatch(/^https:\/\/(docs\.aws\.amazon\.com|github\.com\/aws)\//);
    expect(page).toContain(checkId);
    expect(page).toContain(what);
  },
);
