import { expect, test } from 'vitest';
import { dockerfileNoSudo as check } from '#shared/checks/dockerfile/dockerfile-no-sudo.ts';
import { changed, judgeText } from '#test/support/judge-dockerfile.ts';

const withRun = (run: string) => changed('RUN apk upgrade --no-cache', run);

test.for(['RUN true', 'RUN echo sudo', 'RUN apk add --no-cache gosu su-exec', 'RUN echo "a; sudo b" # sudo'])(
  'PASSED for %j',
  async (run) => {
    expect((await judgeText(check, withRun(run))).status).toBe('PASSED');
  },
);

test.for([
  ['RUN sudo apt-get update', 'sudo is used'],
  ['RUN true && /usr/bin/sudo -E -u app npm ci', 'sudo is used'],
  ['RUN ["sudo", "true"]', 'sudo is used'],
  ['RUN doas true', 'sudo is used'],
  ['RUN apt-get install -y --no-install-recommends curl sudo=1.9', 'sudo is installed'],
  ['RUN apk add --no-cache doas', 'sudo is installed'],
] as const)('FAILED for %j', async ([run, reason]) => {
  expect(await judgeText(check, withRun(run))).toMatchObject({
    status: 'FAILED',
    severity: 'LOW',
    reason,
    evidence: [{ path: 'stage final: RUN[0]' }],
  });
});

test('FAILED where the container starts by sudo', async () => {
  expect((await judgeText(check, changed('CMD ["node"', 'CMD ["sudo", "node"'))).status).toBe('FAILED');
});
