import { expect, test } from 'vitest';
import { dockerfileProductionDependencies as check } from '#shared/checks/dockerfile/dockerfile-production-dependencies.ts';
import { changed, judgeText } from '#test/support/judge-dockerfile.ts';

const withInstall = (install: string) => changed('RUN npm ci --omit=dev && npm cache clean --force', install);

test.for([
  'RUN npm ci --only=production',
  'RUN npm install --production',
  'RUN npm ci --omit dev',
  'ENV NODE_ENV=production\nRUN npm ci',
  'ARG NODE_ENV=production\nRUN npm ci',
  'RUN NODE_ENV=production npm install',
  'RUN export NODE_ENV=production && npm ci',
  'RUN npm ci && npm run build && npm prune --omit=dev',
  'RUN npm ci\nRUN npm run build\nRUN npm prune --production',
  'RUN yarn install --frozen-lockfile --production',
  'RUN yarn workspaces focus --production',
  'RUN pnpm i --prod --frozen-lockfile',
  'RUN pnpm --filter=app deploy --prod /out',
  'RUN bun install -p',
  'RUN composer install --no-dev',
  'RUN poetry install --only main',
  'RUN uv sync --frozen --no-dev',
])('PASSED for %j', async (install) => {
  expect((await judgeText(check, withInstall(install))).status).toBe('PASSED');
});

test.for([
  ['RUN npm ci', 'npm install'],
  ['RUN npm --prefix web install', 'npm install'],
  ['ENV NODE_ENV=production\nRUN npm ci --include=dev', 'npm install'],
  ['RUN npm ci --omit=dev\nRUN npm ci', 'npm install'],
  ['RUN yarn', 'yarn install'],
  ['RUN pnpm install', 'pnpm install'],
] as const)('FAILED for %j', async ([install, observed]) => {
  expect(await judgeText(check, withInstall(install))).toMatchObject({
    status: 'FAILED',
    severity: 'LOW',
    reason: 'dependencies for development are installed',
    evidence: [{ observed }],
  });
});

test('what ends up in the image decides, not what a stage needs to build', async () => {
  const build = (copies: string) =>
    `FROM node:20.11 AS build\nWORKDIR /app\nRUN npm ci && npm run build\nFROM node:20.11\nWORKDIR /srv\n${copies}\n`;

  expect((await judgeText(check, build('COPY --from=build /app/dist ./dist'))).status).toBe('PASSED');
  expect((await judgeText(check, build('COPY --from=build /app .'))).status).toBe('FAILED');
  expect((await judgeText(check, build('COPY --from=0 /app/node_modules node_modules'))).status).toBe('FAILED');
});

test('pruned in a later layer of the image itself, they stay in the one before', async () => {
  const text = 'FROM node:20.11\nRUN npm ci\nRUN npm prune --omit=dev\n';

  expect(await judgeText(check, text)).toMatchObject({
    status: 'FAILED',
    evidence: [{ path: 'stage final: RUN[0]' }],
  });
});

test('FAILED for requirements that are named as those of tests', async () => {
  expect((await judgeText(check, 'FROM python:3.12\nRUN pip install -r requirements-dev.txt')).status).toBe('FAILED');
});

test.for(['', 'RUN npm install -g pm2', 'RUN npm install express@4.1.0', 'RUN pip install -r requirements.txt'])(
  'NOT_APPLICABLE for %j',
  async (install) => {
    expect((await judgeText(check, withInstall(install))).status).toBe('NOT_APPLICABLE');
  },
);
