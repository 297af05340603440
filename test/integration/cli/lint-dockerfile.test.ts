import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Finding } from '#shared/domain/finding.ts';
import type { ResultHeader } from '#shared/domain/result.ts';
import type { CliRun } from '#test/support/cli.ts';
import { runCliHere } from '#test/support/cli-in-process.ts';
import { failedChecks, lintTexts, statusByCheck } from '#test/support/lint.ts';

const DOCKERFILE = readFileSync(new URL('../../fixtures/practices/Dockerfile', import.meta.url), 'utf8');

/** Replaces what must be there, so that no case is about nothing. */
function change(text: string, from: string | RegExp, to: string): string {
  const changed = text.replace(from, to);
  if (changed === text) throw new Error(`${from} is not in the text`);
  return changed;
}

describe('a Dockerfile that is meant to follow every practice', () => {
  const linted = lintTexts({ Dockerfile: DOCKERFILE });

  test.for([
    // Both stages name a minor version of Node and of Alpine.
    'dockerfile-base-pinned',
    // What npm needs stays in the stage `builder`.
    'dockerfile-multi-stage',
    // `USER appuser`; its name is copied with /etc/passwd.
    'dockerfile-user-nonroot',
    'dockerfile-command-exec-form',
    // `apk upgrade` in the last stage.
    'dockerfile-packages-upgraded',
    // `npm ci --only=production`, the older name of --omit=dev.
    'dockerfile-production-dependencies',
    // `COPY . .` takes .env with it, which is told once, by dockerfile-copy-scoped.
    'dockerfile-no-secrets',
    'dockerfile-no-add-url',
    'dockerfile-no-sudo',
  ])('passes %s', async (check) => {
    expect(statusByCheck(await linted)[check]).toBe('PASSED');
  });

  test('lacks two things, and is told where', async () => {
    const { findings } = await linted;

    expect(
      findings
        .filter(({ status }) => status === 'FAILED')
        .map(({ checkId, severity, reason, source, evidence }) => [
          checkId,
          severity,
          reason,
          source?.line,
          evidence.map(({ path }) => path),
        ]),
    ).toEqual([
      // `RUN rm -rf .git .env*` only hides them: the layer of `COPY . .` before it has them for whoever pulls the image.
      [
        'dockerfile-copy-scoped',
        'MEDIUM',
        'what is deleted later stays in the layer that copied it',
        27,
        ['stage final: COPY[3]', 'stage final: RUN[1]', '.dockerignore'],
      ],
      // --no-cache at the upgrade keeps its own index out of the layer; the one that `apk update` fetched before stays
      // in /var/cache/apk. The update is not needed at all: with --no-cache the index is fetched for the upgrade.
      [
        'dockerfile-package-cache-cleaned',
        'LOW',
        'a layer keeps the cache of a package manager',
        17,
        ['stage final: RUN[0]'],
      ],
    ]);
  });

  test('passes everything once these two are mended', async () => {
    const mended = change(change(DOCKERFILE, 'apk update && ', ''), 'COPY . .', 'COPY server.js lib/ ./');

    expect(failedChecks(await lintTexts({ Dockerfile: mended }))).toEqual([]);
  });

  const inOneStage = change(DOCKERFILE, /\n# Second stage[\s\S]*?(?=# Install security)/, '\n');
  test.for<[practice: string, text: string, failed: readonly string[]]>([
    [
      'a version of the first base',
      change(DOCKERFILE, 'node:20.11-alpine3.19 AS', 'node:latest AS'),
      ['dockerfile-base-pinned'],
    ],
    [
      'a version of the second base',
      change(DOCKERFILE, /FROM node:20.11-alpine3.19\n/, 'FROM node\n'),
      ['dockerfile-base-pinned'],
    ],
    ['two stages', change(inOneStage, /^COPY --from.*\n/gm, ''), ['dockerfile-multi-stage']],
    ['a user', change(DOCKERFILE, 'USER appuser', ''), ['dockerfile-user-nonroot']],
    ['a user that is not root', change(DOCKERFILE, 'USER appuser', 'USER root'), ['dockerfile-user-nonroot']],
    ['the exec form', change(DOCKERFILE, '["node", "server.js"]', 'node server.js'), ['dockerfile-command-exec-form']],
    ['security updates', change(DOCKERFILE, ' && apk upgrade --no-cache', ''), ['dockerfile-packages-upgraded']],
    [
      'production dependencies only',
      change(DOCKERFILE, ' --only=production', ''),
      ['dockerfile-production-dependencies'],
    ],
    ['no secrets', change(DOCKERFILE, 'USER appuser', 'ARG NPM_TOKEN\nUSER appuser'), ['dockerfile-no-secrets']],
    [
      'files of its own only',
      change(DOCKERFILE, 'USER appuser', 'ADD https://example.com/a /a\nUSER appuser'),
      ['dockerfile-no-add-url'],
    ],
    ['no sudo', change(DOCKERFILE, 'RUN rm', 'RUN sudo rm'), ['dockerfile-no-sudo']],
  ])('without %s fails for that', async ([, text, failed]) => {
    const before = failedChecks(await linted);

    expect(failedChecks(await lintTexts({ Dockerfile: text })).filter((check) => !before.includes(check))).toEqual(
      failed,
    );
  });

  test('without a cleaned cache in the first stage fails for that stage too, as information', async () => {
    const mended = change(DOCKERFILE, 'apk update && ', '');

    const { findings } = await lintTexts({ Dockerfile: change(mended, ' && npm cache clean --force', '') });

    expect(findings.find(({ checkId }) => checkId === 'dockerfile-package-cache-cleaned')).toMatchObject({
      status: 'FAILED',
      severity: 'INFORMATIONAL',
      source: { line: 11 },
    });
  });
});

describe('hullcheck lint', () => {
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'hullcheck-dockerfile-'));
  });

  async function write(name: string, text: string): Promise<void> {
    await mkdir(join(directory, dirname(name)), { recursive: true });
    await writeFile(join(directory, name), text);
  }
  type Result = ResultHeader & { readonly findings: readonly Finding[] };
  const run = (args: readonly string[], input?: string): Promise<CliRun> =>
    runCliHere(['lint', ...args], {}, { cwd: directory, ...(input === undefined ? {} : { input }) });
  const resultOf = async (args: readonly string[], input?: string) =>
    JSON.parse((await run(['--format', 'json', '--quiet', ...args], input)).stdout) as Result;

  test('finds Dockerfiles in a directory by their names, and knows what is not one', async () => {
    const names = ['Dockerfile', 'Containerfile', 'api.Dockerfile', 'Dockerfile.dev', 'x.containerfile'];
    for (const name of names) await write(`many/${name}`, DOCKERFILE);
    await write('many/Dockerfile.dev.dockerignore', 'x');
    await write('many/Dockerfile.md', '');
    await write('many/notes.txt', 'FROM a');

    const { findings } = await resultOf(['many', '--check', 'dockerfile-user-nonroot']);

    expect(findings.map(({ source }) => source?.file).sort()).toEqual(names.map((name) => `many/${name}`).sort());
  });

  test('prints the line, and exits with 1 where something fails', async () => {
    await write('root/Dockerfile', 'FROM alpine:3.19\nRUN apk upgrade --no-cache\nUSER root\n');

    const { stdout, exitCode } = await run(['root/Dockerfile']);

    expect(stdout).toMatch(/HIGH\s+dockerfile-user-nonroot\s+root\/Dockerfile:3\s+the user is root/);
    expect(exitCode).toBe(1);
  });

  test('knows a Dockerfile on standard input by its content', async () => {
    const { findings } = await resultOf(
      ['-'],
      '# syntax=docker/dockerfile:1\n\nARG TAG=20.11\nFROM node:$TAG\nUSER 1000\n',
    );

    expect(findings.find(({ checkId }) => checkId === 'dockerfile-user-nonroot')).toMatchObject({
      status: 'PASSED',
      source: { file: '-', line: 4 },
    });
  });

  test('reads the .dockerignore beside a Dockerfile, or the one of its name', async () => {
    const copying = 'FROM node:20.11\nCOPY . .\nUSER 1000\n';
    for (const name of ['a/Dockerfile', 'b/Dockerfile', 'c/Dockerfile']) await write(name, copying);
    await write('b/.dockerignore', '# not these\n.git\n\n.env*\n');
    await write('c/.dockerignore', 'x');
    await write('c/Dockerfile.dockerignore', '*\n!src\n');

    const { findings } = await resultOf(['a', 'b', 'c', '--check', 'dockerfile-copy-scoped']);

    expect(findings.map(({ source, status }) => [source?.file, status])).toEqual([
      ['a/Dockerfile', 'FAILED'],
      ['b/Dockerfile', 'PASSED'],
      ['c/Dockerfile', 'PASSED'],
    ]);
  });

  test('tells the line of what Docker would refuse, and that the result is not complete', async () => {
    await write('broken/Dockerfile', 'FROM node:20.11\nRUN true\nINSTALL curl\n');

    const { exitCode, stdout } = await run(['broken/Dockerfile', '--format', 'json', '--quiet']);
    const { complete, coverage } = JSON.parse(stdout) as Result;

    expect(exitCode).toBe(3);
    expect(complete).toBe(false);
    expect(coverage.flatMap(({ gaps }) => gaps.map(({ reason }) => reason))).toEqual([
      'broken/Dockerfile:3: document 1 has an instruction that Docker does not know.',
    ]);
  });

  test('prints no secret of a Dockerfile in any format', async () => {
    const token = ['ghp', '16C7e42F292c6912E7710c838347Ae178B4a'].join('_');
    await write(
      'secret/Dockerfile',
      `FROM node:20.11\nENV TOKEN=${token}\nRUN curl -H "Bearer ${token}" a\nCMD x --token ${token}\n`,
    );

    for (const format of ['table', 'json', 'sarif']) {
      const { stdout, stderr } = await run(['secret/Dockerfile', '--format', format]);

      expect(stdout).toContain('dockerfile-no-secrets');
      expect(stdout + stderr).not.toContain(token);
    }
  });

  test('is what judges them: scan says so', async () => {
    const { stderr, exitCode } = await runCliHere(['scan', '--check', 'dockerfile-no-sudo']);

    expect(stderr).toBe('hullcheck: The check dockerfile-no-sudo is for files: use `hullcheck lint`.\n');
    expect(exitCode).toBe(2);
  });
});
