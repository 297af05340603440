import { expect, test } from 'vitest';
import { dockerfileNoSecrets as check } from '#shared/checks/dockerfile/dockerfile-no-secrets.ts';
import { changed, judgeText } from '#test/support/judge-dockerfile.ts';

const TOKEN = ['ghp', '16C7e42F292c6912E7710c838347Ae178B4a'].join('_');
const PASSWORD = 'Tr0ub4dor&3-xK9';
const withLine = (line: string) => changed('USER 1000:1000', `${line}\nUSER 1000:1000`);

test.for([
  'ENV NODE_ENV=production',
  'ENV DB_PASSWORD_FILE=/run/secrets/db',
  'ARG VERSION=1.2.3',
  'ARG TOKEN_TTL',
  'RUN --mount=type=secret,id=npm,target=/root/.npmrc npm view x',
  'RUN --mount=type=secret,id=t,env=TOKEN true',
  'COPY .env.example /app/.env',
  'COPY server.pub certs/ca.pem /app/',
  'COPY --from=builder /root/.npmrc /tmp/',
])('PASSED for %j', async (line) => {
  expect((await judgeText(check, withLine(line))).status).toBe('PASSED');
});

test.for([
  ['a value in the environment', `ENV DB_PASSWORD=${PASSWORD}`, 'ENV[0]', 'a secret stands in plain text'],
  ['an old form of it', `ENV GITHUB ${TOKEN}`, 'ENV[0]', 'a secret stands in plain text'],
  ['a default of an argument', `ARG TOKEN=${TOKEN}`, 'ARG[0]', 'a secret stands in plain text'],
  ['a label', `LABEL deploy="${TOKEN}"`, 'LABEL[0]', 'a secret stands in plain text'],
  ['a command', `RUN git clone https://x:${TOKEN}@github.com/a/b`, 'RUN[1]', 'a secret stands in plain text'],
  ['a heredoc', `RUN <<EOF\nexport TOKEN=${TOKEN}\nEOF`, 'RUN[1]', 'a secret stands in plain text'],
  ['images built upon this one', `ONBUILD ENV TOKEN=${TOKEN}`, 'ONBUILD[0]', 'a secret stands in plain text'],
  ['an argument', 'ARG NPM_TOKEN', 'ARG[0]', 'a secret is passed in as a variable'],
  ['a variable', 'ENV NPM_TOKEN=${TOKEN_OF_BUILD}', 'ENV[0]', 'a secret is passed in as a variable'],
  ['a file', 'COPY .env /app/', 'COPY[2]', 'a file that holds secrets is copied'],
  ['a key', 'COPY ["keys/id_rsa", "/root/.ssh/"]', 'COPY[2]', 'a file that holds secrets is copied'],
  ['files by a pattern', 'COPY .env* ./', 'COPY[2]', 'a file that holds secrets is copied'],
] as const)('FAILED for a secret in %s', async ([, line, path, reason]) => {
  const finding = await judgeText(check, withLine(line));

  expect(finding).toMatchObject({
    status: 'FAILED',
    severity: 'HIGH',
    reason,
    evidence: [{ path: `stage final: ${path}` }],
  });
  expect(JSON.stringify(finding), 'the value goes nowhere').not.toMatch(/ghp_|Tr0ub4dor/);
});

test('an argument before the first stage is found', async () => {
  expect(await judgeText(check, `ARG TOKEN=${TOKEN}\nFROM node:20.11`)).toMatchObject({
    status: 'FAILED',
    evidence: [{ path: 'ARG[0]' }],
  });
});

test('a stage that is thrown away matters less, because only build caches keep it', async () => {
  expect(await judgeText(check, changed('WORKDIR /app', `ENV TOKEN=${TOKEN}\nWORKDIR /app`))).toMatchObject({
    status: 'FAILED',
    severity: 'MEDIUM',
    evidence: [{ path: 'stage builder: ENV[0]' }],
  });
});

test('settings of npm may hold a token, or none', async () => {
  expect(await judgeText(check, withLine('COPY package.json .npmrc* ./'))).toMatchObject({
    status: 'FAILED',
    severity: 'LOW',
    reason: 'a file that may hold a token is copied',
    evidence: [{ observed: ['.npmrc*'] }],
  });
});

test('a password in the address of a base image is found, and goes nowhere', async () => {
  const finding = await judgeText(check, `FROM https://u:${PASSWORD}@reg.example.com/x:1.2.3 AS a\nFROM node:20.11`);

  expect(finding).toMatchObject({
    status: 'FAILED',
    severity: 'HIGH',
    evidence: [{ path: 'FROM[0]', observed: ['url-credentials'] }],
  });
  expect(JSON.stringify(finding)).not.toContain('Tr0ub4dor');
});
