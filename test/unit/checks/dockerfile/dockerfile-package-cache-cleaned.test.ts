import { expect, test } from 'vitest';
import { dockerfilePackageCacheCleaned as check } from '#shared/checks/dockerfile/dockerfile-package-cache-cleaned.ts';
import { changed, judgeText } from '#test/support/judge-dockerfile.ts';

const withRun = (run: string) => changed('RUN apk upgrade --no-cache', run);

test.for([
  'RUN apk add --no-cache curl',
  'RUN apk update && apk add curl && rm -rf /var/cache/apk/*',
  'RUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*',
  'RUN --mount=type=cache,target=/var/lib/apt,sharing=locked apt-get update && apt-get install -y curl',
  'RUN dnf install -y curl && dnf clean all',
  'RUN yum -y update && rm -rf /var/cache/yum',
  'RUN pip install --no-cache-dir flask',
  'ENV PIP_NO_CACHE_DIR=1\nRUN pip3 install flask',
  'RUN --mount=type=cache,target=/root/.cache/pip python3 -m pip install flask',
  'RUN --mount=type=cache,target=/root/.npm \\\n    --mount=type=secret,id=npm \\\n    npm ci --omit=dev',
  'RUN npm ci && npm cache clean --force',
  'RUN yarn install && yarn cache clean',
  'RUN find /usr/bin -name x -delete',
])('PASSED for %j', async (run) => {
  expect((await judgeText(check, withRun(run))).status).toBe('PASSED');
});

test.for([
  ['RUN apk add curl', 'apk install'],
  ['RUN apk update && apk upgrade --no-cache', 'apk update'],
  ['RUN apt-get update && apt-get install -y curl && apt-get clean', 'apt-get update'],
  ['RUN dnf install -y curl', 'dnf install'],
  ['RUN pip install flask', 'pip install'],
  ['RUN npm ci --omit=dev', 'npm install'],
  ['RUN yarn', 'yarn install'],
  ['RUN <<EOF\napt-get update\napt-get install -y curl\nEOF', 'apt-get update'],
] as const)('FAILED for %j', async ([run, observed]) => {
  expect(await judgeText(check, withRun(run))).toMatchObject({
    status: 'FAILED',
    severity: 'LOW',
    reason: 'a layer keeps the cache of a package manager',
    evidence: [{ path: 'stage final: RUN[0]', observed: [observed] }],
  });
});

test('a later layer takes nothing out of the one before it', async () => {
  const text = withRun('RUN apt-get update && apt-get install -y curl\nRUN rm -rf /var/lib/apt/lists/*');

  expect((await judgeText(check, text)).evidence).toMatchObject([{ path: 'stage final: RUN[0]' }]);
});

test('what stays in a stage that is thrown away matters less', async () => {
  expect(await judgeText(check, changed(' && npm cache clean --force', ''))).toMatchObject({
    status: 'FAILED',
    severity: 'INFORMATIONAL',
    evidence: [{ path: 'stage builder: RUN[0]', observed: ['npm install'] }],
  });
});
