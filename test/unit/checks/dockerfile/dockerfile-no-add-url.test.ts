import { expect, test } from 'vitest';
import { dockerfileNoAddUrl as check } from '#shared/checks/dockerfile/dockerfile-no-add-url.ts';
import { changed, judgeText } from '#test/support/judge-dockerfile.ts';

const withAdd = (add: string) => changed('COPY src/ src/', add);

test.for([
  'COPY lib/ lib/',
  'ADD app.tar.gz /app/',
  `ADD --checksum=sha256:${'a'.repeat(64)} https://example.com/a.tar.gz /a`,
  `ADD https://github.com/a/b.git#${'a'.repeat(40)} /b`,
  'ARG FILE=a.tar.gz\nADD ${FILE} /a',
])('PASSED for %j', async (add) => {
  expect((await judgeText(check, withAdd(add))).status).toBe('PASSED');
});

test.for([
  'ADD https://user:hunter2hunter2@example.com/a.tar.gz /a',
  'add --chown=1:1 http://example.com/a /a',
  'ADD ["https://example.com/a b", "/a"]',
  'ADD https://github.com/a/b.git#main /b',
  `ADD https://example.com/a.tar.gz#${'a'.repeat(40)} /a`,
  'ADD --checksum= https://example.com/a.tar.gz /a',
  'ADD git@github.com:a/b.git /b',
  'ARG BASE=https://example.com\nADD ${BASE}/a /a',
  'ONBUILD ADD https://example.com/a /a',
])('FAILED for %j, without the address', async (add) => {
  const finding = await judgeText(check, withAdd(add));

  expect(finding).toMatchObject({
    status: 'FAILED',
    severity: 'MEDIUM',
    reason: 'a file is added from a URL without a checksum',
    evidence: [{ path: expect.stringMatching(/^stage final: (?:ADD|ONBUILD)\[0\]$/), observed: 'a URL' }],
  });
  expect(JSON.stringify(finding)).not.toContain('hunter2');
});

test('UNKNOWN where an argument without a default is added', async () => {
  expect((await judgeText(check, withAdd('ARG URL\nADD ${URL} /a'))).status).toBe('UNKNOWN');
});
