import { expect, test } from 'vitest';
import { isShellScript } from '#shared/domain/image-practices.ts';

test.for([
  [['/bin/sh', '-c', 'node x']],
  [['/bin/sh', '-e', '-c', 'node x']],
  [['bash', '-o', 'pipefail', '-c', 'node x']],
  [['/bin/bash', '--login', '-c', 'node x']],
  [['/usr/bin/env', 'bash', '-c', 'node x']],
  [['busybox', 'sh', '-c', 'node x']],
  [['tini', '--', 'sh', '-c', 'node x']],
  [['sh', '-c', 'exec node x | tee log']],
  [['sh', '-c', 'exec node x &']],
  [['cmd', '/S', '/C', 'app.exe']],
  [['powershell', '-NoProfile', '-Command', 'x']],
] as const)('%j stays behind a shell', ([words]) => {
  expect(isShellScript(words)).toBe(true);
});

test.for([
  [['node', 'x']],
  [['sh', '-c', 'prepare && exec node x']],
  [['sh', '-c', 'if [ a ]; then exec a; else exec b; fi']],
  [['sh', '-c', 'exec grep "a|b" /log']],
  [['sh', '/entrypoint.sh', '-c', 'x']],
  [['tini', '--', 'node', 'x']],
  [[]],
] as const)('%j does not', ([words]) => {
  expect(isShellScript(words)).toBe(false);
});
