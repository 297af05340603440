import { expect, test } from 'vitest';
import { dockerfileCommandExecForm as check } from '#shared/checks/dockerfile/dockerfile-command-exec-form.ts';
import { changed, judgeText } from '#test/support/judge-dockerfile.ts';

const withCommand = (command: string) => changed('CMD ["node", "src/server.js"]', command);

test.for([
  ['a list', 'CMD ["node", "server.js"]'],
  ['a list over several lines', 'CMD [ \\\n  "node", \\\n  "a b.js" ]'],
  ['a list for both', 'ENTRYPOINT ["tini", "--"]\nCMD ["node", "server.js"]'],
  ['a shell that hands over', 'CMD exec node server.js'],
  ['a script in a list that hands over', 'CMD ["sh", "-c", "set -e; exec node server.js"]'],
  ['a command in shell form that a later one replaces', 'CMD node a.js\nCMD ["node", "b.js"]'],
  ['a command that an entrypoint in shell form throws away', 'ENTRYPOINT exec tini\nCMD node a.js'],
] as const)('PASSED for %s', async ([, command]) => {
  expect((await judgeText(check, withCommand(command))).status).toBe('PASSED');
});

test.for([
  ['the shell form', 'CMD node server.js', 'a shell is process 1', 'CMD[0]'],
  ['the shell form of an entrypoint', 'ENTRYPOINT node server.js', 'a shell is process 1', 'ENTRYPOINT[0]'],
  [
    'an exec entrypoint that gets a shell',
    'ENTRYPOINT ["tini", "--"]\nCMD node a.js',
    'a shell is process 1',
    'CMD[0]',
  ],
  ['a script in a list', 'CMD ["/bin/sh", "-c", "node server.js"]', 'a shell is process 1', 'CMD[0]'],
  ['single quotes', "CMD ['node', 'server.js']", 'the list is not JSON, so that a shell starts it', 'CMD[0]'],
] as const)('FAILED for %s', async ([, command, reason, path]) => {
  expect(await judgeText(check, withCommand(command))).toMatchObject({
    status: 'FAILED',
    severity: 'LOW',
    reason,
    evidence: [{ path: `stage final: ${path}`, expected: 'exec' }],
  });
});

test('an entrypoint of a later stage makes the command before it forgotten', async () => {
  const text = 'FROM node:20.11 AS base\nCMD node a.js\nFROM base\nENTRYPOINT ["node", "b.js"]\n';

  expect((await judgeText(check, text)).status).toBe('PASSED');
});

test.for([
  ['nothing is said', ''],
  ['the lists are empty', 'ENTRYPOINT []\nCMD []'],
])('NOT_APPLICABLE where %s', async ([, command = '']) => {
  expect((await judgeText(check, withCommand(command))).status).toBe('NOT_APPLICABLE');
});
