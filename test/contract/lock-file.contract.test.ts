import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { z } from 'zod';

const entry = z.object({
  version: z.string().optional(),
  optionalDependencies: z.record(z.string(), z.string()).optional(),
});
const lockFile = z
  .object({ packages: z.record(z.string(), entry) })
  .parse(JSON.parse(readFileSync(new URL('../../package-lock.json', import.meta.url), 'utf8')));

// `npm install` leaves out of the lock file the binaries of other platforms that the registry it asked does not have;
// `npm ci` then refuses the whole lock file, on every platform.
test('the lock file has an entry for every optional binary of every package, so that npm ci accepts it', () => {
  const missing = Object.entries(lockFile.packages).flatMap(([path, { optionalDependencies }]) =>
    Object.keys(optionalDependencies ?? {}).filter(
      (name) => !(`node_modules/${name}` in lockFile.packages || `${path}/node_modules/${name}` in lockFile.packages),
    ),
  );

  expect(missing).toEqual([]);
});
