import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ROOT } from '#test/support/all-checks.ts';

/** What each room must not do, planted in a file of that room. */
const FORBIDDEN = [
  ['shared/domain/planted-engine.ts', "import { x } from '../engine/x.ts';"],
  ['shared/domain/planted-alias.ts', "import { x } from '#shared/checks/ecr/x.ts';"],
  ['shared/domain/planted-node.ts', "import { readFileSync as x } from 'node:fs';"],
  ['shared/domain/planted-sdk.ts', "import { ECRClient as x } from '@aws-sdk/client-ecr';"],
  ['shared/engine/planted-collector.ts', "import { x } from '../collectors/ecr/collect.ts';"],
  ['shared/checks/ecr/planted-sdk.ts', "import { ECRClient as x } from '@aws-sdk/client-ecr';"],
  ['shared/checks/ecr/planted-node.ts', "import { hostname as x } from 'node:os';"],
  ['shared/checks/ecr/planted-collector.ts', "import { x } from '../../collectors/ecr/collect.ts';"],
  ['shared/checks/ecr/planted-environment.ts', 'const x = process.env;'],
  ['shared/collectors/ecr/planted-function.ts', "import { x } from '../../../functions/cli/main.ts';"],
  ['shared/collectors/ecr/planted-environment.ts', 'const x = process.env;'],
  ['shared/domain/planted-cluster.ts', "import { x } from '../kubernetes/api.ts';"],
  ['shared/checks/ecr/planted-cluster.ts', "import { x } from '../../kubernetes/api.ts';"],
  ['shared/kubernetes/planted-root.ts', "import { x } from '../composition-root.ts';"],
  ['shared/domain/planted-fix.ts', "import { x } from '../fixes/ecr/x.ts';"],
  ['shared/checks/ecr/planted-fix.ts', "import { x } from '../../fixes/ecr/x.ts';"],
  ['shared/fixes/ecr/planted-root.ts', "import { x } from '../../composition-root.ts';"],
  ['shared/sinks/sns/planted-root.ts', "import { x } from '../../composition-root.ts';"],
  ['shared/sinks/sns/planted-demo.ts', "import { x } from '#demo/server.ts';"],
  ['shared/use-cases/planted-function.ts', "import { x } from '#functions/cli/main.ts';"],
] as const;

const ALLOWED = [
  ['shared/checks/ecr/planted-domain.ts', "import { x } from '../../domain/x.ts';"],
  ['shared/collectors/ecr/planted-sdk.ts', "import { ECRClient as x } from '@aws-sdk/client-ecr';"],
  ['shared/use-cases/planted-engine.ts', "import { x } from '../engine/x.ts';"],
  ['functions/cli/planted-environment.ts', 'const x = process.env;'],
] as const;

describe('the linter', () => {
  let root: string;
  let refused: ReadonlySet<string>;

  beforeAll(() => {
    root = realpathSync(mkdtempSync(join(tmpdir(), 'hullcheck-direction-')));
    for (const file of ['biome.json', 'package.json', '.gitignore']) copyFileSync(join(ROOT, file), join(root, file));
    for (const [path, line] of [...FORBIDDEN, ...ALLOWED]) {
      mkdirSync(join(root, dirname(path)), { recursive: true });
      writeFileSync(join(root, path), `${line}\n\nexport const planted = x;\n`);
    }
    refused = lint(root);
  });

  afterAll(() => rmSync(root, { recursive: true, force: true }));

  test.for(FORBIDDEN)('refuses %s: %s', ([path]) => {
    expect(refused, 'the overrides in biome.json keep the direction of dependencies').toContain(path);
  });

  test.for(ALLOWED)('allows %s: %s', ([path]) => {
    expect(refused).not.toContain(path);
  });
});

function lint(root: string): ReadonlySet<string> {
  const biome = createRequire(import.meta.url).resolve('@biomejs/biome/bin/biome');
  const run = spawnSync(
    process.execPath,
    [biome, 'lint', '--reporter=github', '--max-diagnostics=none', '--diagnostic-level=error'],
    { cwd: root, encoding: 'utf8' },
  );
  const files = [...run.stdout.matchAll(/file=([^,]+),/g)].map(([, file]) => relative(root, file ?? ''));
  return new Set(files);
}
