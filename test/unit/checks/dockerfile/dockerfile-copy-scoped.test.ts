import { expect, test } from 'vitest';
import { dockerfileCopyScoped as check } from '#shared/checks/dockerfile/dockerfile-copy-scoped.ts';
import { known, undecidable } from '#shared/domain/observed.ts';
import { GOOD_IGNORE } from '#test/factories/dockerfile.ts';
import { changed, judgeText } from '#test/support/judge-dockerfile.ts';

const NONE = known(null);
const NOT_LOOKED = undecidable('It is not known whether there is a .dockerignore.');
const withCopy = (copy: string) => changed('COPY src/ src/', copy);

test.for([
  ['what is named', 'COPY src/ src/\nCOPY package*.json ./', NONE],
  ['everything that the .dockerignore leaves', 'COPY . .', GOOD_IGNORE],
  ['everything but what the flags leave out', 'COPY --exclude=.git --exclude=.env* . .', NONE],
  ['a folder of another stage', 'COPY --from=builder /app/src .', NONE],
  ['a text', 'COPY <<EOF /app/a\n.\nEOF', NONE],
] as const)('PASSED for a copy of %s', async ([, copy, ignore]) => {
  expect((await judgeText(check, withCopy(copy), ignore)).status).toBe('PASSED');
});

test.for([
  'COPY . .',
  'COPY ./ /app/',
  'COPY ../ /app/',
  'COPY src/.. /app/',
  'COPY * ./',
  'COPY [".", "."]',
  'ADD . .',
  'copy --chown=1:1 \\\n  . /app',
])('FAILED for %j without a .dockerignore', async (copy) => {
  expect(await judgeText(check, withCopy(copy), NONE)).toMatchObject({
    status: 'FAILED',
    severity: 'MEDIUM',
    reason: 'everything is copied and there is no .dockerignore',
    evidence: [
      { path: expect.stringMatching(/^stage final: (?:COPY\[1\]|ADD\[0\])$/) },
      { path: '.dockerignore', observed: null, expected: ['.git', '.env'] },
    ],
  });
});

test.for([
  [['**/.git', '**/.env*'], []],
  [['*', '!src'], []],
  [['.git/', '/.env'], []],
  [['.git/**', './.env'], []],
  [['.git'], ['.env']],
  [['.env.*', '.git'], ['.env']],
  [['node_modules'], ['.git', '.env']],
  [['.git', '.env', '!.env'], ['.env']],
] as const)('the .dockerignore %j lets in %j', async ([patterns, missing]) => {
  const finding = await judgeText(check, withCopy('COPY . .'), known(patterns));

  expect(finding.status).toBe(missing.length === 0 ? 'PASSED' : 'FAILED');
  if (missing.length > 0) {
    expect(finding.reason).toBe('everything is copied and the .dockerignore lets secrets or history in');
    expect(finding.evidence[1]).toMatchObject({ path: '.dockerignore', expected: missing });
  }
});

test('FAILED where a later layer deletes what was copied, whether or not anybody looked for a .dockerignore', async () => {
  for (const ignore of [NONE, NOT_LOOKED]) {
    expect(await judgeText(check, withCopy('COPY . .\nRUN rm -rf .git .env* tests/'), ignore)).toMatchObject({
      status: 'FAILED',
      reason: 'what is deleted later stays in the layer that copied it',
      evidence: [
        { path: 'stage final: COPY[1]', observed: '.' },
        { path: 'stage final: RUN[1]', observed: 'rm' },
        { path: '.dockerignore' },
      ],
    });
  }
});

test('UNKNOWN where nobody looked for a .dockerignore', async () => {
  expect(await judgeText(check, withCopy('COPY . .'), NOT_LOOKED)).toMatchObject({
    status: 'UNKNOWN',
    unknown: { kind: 'undecidable' },
  });
});

test('what another stage copies counts where it ends up in the image', async () => {
  const text = (copy: string, more = '') =>
    `FROM node:20.11 AS b\nWORKDIR /app\nCOPY . .\n${more}FROM node:20.11\nWORKDIR /srv\n${copy}\n`;

  expect((await judgeText(check, text('COPY --from=b /app/dist dist'), NONE)).status).toBe('PASSED');
  expect((await judgeText(check, text('COPY --from=b /app .'), NONE)).status).toBe('FAILED');
  expect((await judgeText(check, text('COPY --from=b /app .', 'RUN rm -rf .git .env\n'), NONE)).status).toBe('PASSED');
});

test('FAILED for the history of the repository by name', async () => {
  expect(await judgeText(check, withCopy('COPY .git .git'))).toMatchObject({
    status: 'FAILED',
    reason: 'the history of the repository is copied',
  });
});
