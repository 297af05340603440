import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { DockerfileInstruction } from '#shared/domain/dockerfile.ts';
import { isDockerfileName, looksLikeDockerfile } from '#shared/use-cases/lint/dockerfile-document.ts';
import { dockerfile } from '#test/factories/dockerfile.ts';
import { gapReasons, lintTexts, statusByCheck } from '#test/support/lint.ts';

const instructionsOf = async (text: string): Promise<readonly DockerfileInstruction[]> =>
  (await dockerfile(text)).stages.flatMap(({ instructions }) => instructions);
const programsOf = async (run: string) =>
  (await instructionsOf(`FROM a:1.2\n${run}\n`)).flatMap(({ commands }) =>
    commands.map(({ program, words }) => [program, ...words].join(' ')),
  );

describe('a file is taken for a Dockerfile', () => {
  test.for([
    ['Dockerfile', true],
    ['a/b/dockerfile', true],
    ['Containerfile', true],
    ['api.Dockerfile', true],
    ['Dockerfile.dev', true],
    ['Dockerfile.alpine3.19', true],
    ['Dockerfile.dockerignore', false],
    ['Dockerfile.md', false],
    ['Dockerfile.j2', false],
    ['docker-compose.yaml', false],
    ['-', false],
  ] as const)('by its name: %s is %s', ([name, is]) => {
    expect(isDockerfileName(name)).toBe(is);
  });

  test.for([
    ['FROM node', true],
    ['\ufefffrom node', true],
    ['# syntax=docker/dockerfile:1\r\n\r\n  ARG A=b\r\nFROM node', true],
    ['ARG A', false],
    ['FROM: node', false],
    ['apiVersion: v1\nkind: Pod', false],
    ['{"FROM": 1}', false],
    ['', false],
  ] as const)('by its content: %j is %s', ([text, is]) => {
    expect(looksLikeDockerfile(text.replace(/^\ufeff/, ''))).toBe(is);
  });
});

describe('instructions', () => {
  test('are told by stage, and by their place among their kind', async () => {
    const { stages, globals } = await dockerfile(
      'ARG A=1\nFROM a:1.2 AS Base\nRUN a\nFROM b:1.2\nRUN b\nRUN c\nFROM c:1.2 AS final\nRUN d\nFROM Base AS "x\u202e"\nRUN e\n',
    );

    expect(globals.map(({ path }) => path)).toEqual(['ARG[0]']);
    expect(stages.map(({ label }) => label)).toEqual(['stage base', 'stage 1', 'stage 2', 'stage final']);
    expect(stages.at(-1)?.base).toEqual({ kind: 'stage', stage: 0 });
    expect(stages[1]?.instructions.map(({ path }) => path)).toEqual(['stage 1: RUN[0]', 'stage 1: RUN[1]']);
  });

  test('know the variables at their place: arguments of the stage, defaults of the file, the environment', async () => {
    const text =
      'ARG A=1\nARG B=${A}2\nFROM a:1.2 AS base\nARG B\nENV C=$B-c\nFROM base\nUSER $A.${B}.$C.${D:-d}.${C:+set}.\\$E\nARG B\nUSER $B\nENV C=z D=$C\nUSER $D\n';

    expect((await instructionsOf(text)).filter(({ keyword }) => keyword === 'USER').map(({ words }) => words)).toEqual([
      ['$A.${B}.12-c.d.set.\\$E'],
      ['12'],
      ['12-c'],
    ]);
  });

  test('are read through continuations, comments between them and other escapes', async () => {
    expect(await programsOf('RUN apk \\\n  # a comment\n\n  upgrade && \\\n  apk add x')).toEqual([
      'apk upgrade',
      'apk add x',
    ]);
    const windows = '# escape=`\nFROM a:1.2\nRUN dotnet `\n  publish\nCOPY a C:\\app\\\nUSER b\n';
    expect(
      (await instructionsOf(windows)).map(({ keyword, commands, words }) => [keyword, commands[0]?.words, words]),
    ).toEqual([
      ['RUN', ['publish'], []],
      ['COPY', undefined, ['a', 'C:\\app\\']],
      ['USER', undefined, ['b']],
    ]);
  });

  test.for([
    ['RUN <<EOF\napk update\napk upgrade\nEOF', ['apk update', 'apk upgrade']],
    ['RUN <<-"EOF"\n\tapk update\n\tEOF', ['apk update']],
    ['RUN bash -e <<EOF\nif true; then apk update; fi\nEOF', ['apk update', 'fi']],
    ['RUN <<EOF\n#!/usr/bin/env python3\napk = 1\nEOF', []],
    ['RUN cat <<EOF > /a\napk update\nEOF', ['cat']],
    ['RUN echo $((1<<2)) <<<apk', ['echo', '', '']],
  ] as const)('with heredocs: %j', async ([run, programs]) => {
    const read = await programsOf(run);

    expect(read.filter((program) => /apk|cat/.test(program))).toEqual(programs.filter((one) => /apk|cat/.test(one)));
  });

  test.for([
    ['RUN sudo -u x -E apk update', ['sudo', 'apk update']],
    ['RUN FOO=1 env BAR=2 /sbin/apk update 2>/dev/null', ['apk update']],
    ['RUN (apk update || true) | tee a', ['apk update', 'true', 'tee']],
    ['RUN sh -c "bash -c \'apk update\'"', ['apk update']],
    ['RUN ["python3", "-m", "pip", "install", "a b"]', ['pip install a b']],
    ['RUN curl -H "Authorization: x" a', ['curl']],
    ['RUN ${TOOL} a; ${', ['', '']],
  ] as const)('give only the words that checks look at: %j', async ([run, programs]) => {
    expect((await programsOf(run)).map((one) => one.trim()).filter(Boolean)).toEqual(programs.filter(Boolean));
  });
});

describe('a value that nobody can hold', () => {
  const doubling = numbered(40, (at) => `ENV A${at + 1}=\${A${at}}\${A${at}}`);

  test('is not known, and leaves what it decides undecided', async () => {
    const linted = await lintTexts({ Dockerfile: `FROM a:1.2\nENV A0=app\n${doubling}USER $A40\n` });

    expect(statusByCheck(linted)['dockerfile-user-nonroot']).toBe('UNKNOWN');
    expect(gapReasons(linted)).toEqual([]);
  });

  test('takes none of the values that anybody can', async () => {
    const instructions = await instructionsOf(`FROM a:1.2\nENV A0=app\n${doubling}USER $A2\n`);

    expect(instructions.at(-1)?.words).toEqual(['appappappapp']);
  });
});

describe('what Docker refuses', () => {
  test.for<[problem: string, text: string, line: number, message: string]>([
    ['no stage', 'ARG A\n', 1, 'is a Dockerfile without FROM'],
    ['nothing', '', 1, 'is a Dockerfile without FROM'],
    ['an instruction before the first stage', 'RUN a\nFROM b', 1, 'has RUN before the first FROM'],
    ['an unknown instruction', 'FROM a\n\nINSTALL x', 3, 'has an instruction that Docker does not know'],
    ['an empty instruction', 'FROM a\nRUN', 2, 'has RUN without an argument'],
    ['a base of two words', 'FROM a b', 1, 'has a FROM that is not an image and a name'],
    ['a copy to nowhere', 'FROM a\nCOPY b', 2, 'has COPY without a destination'],
    ['an open heredoc', 'FROM a\nRUN <<EOF\nb', 2, 'has a heredoc that is not closed'],
    ['stages below ONBUILD', 'FROM a\nONBUILD FROM b', 2, 'has FROM below ONBUILD'],
    ['a line without an end', `FROM a\nRUN ${'a'.repeat(1_000_000)}`, 2, 'has a line of more than 65535 characters'],
    ['stages without an end', 'FROM a\n'.repeat(201), 201, 'has more than 200 stages'],
    ['a file without an end', 'FROM a\n'.repeat(100_000), 1, 'is a Dockerfile of more than 512 KiB, which is not read'],
  ])('%s: is told with its line, and makes the result incomplete', async ([, text, line, message]) => {
    const linted = await lintTexts({ Dockerfile: text, 'b.Dockerfile': 'FROM a:1.2\n' });

    expect(gapReasons(linted)).toEqual([`Dockerfile:${line}: document 1 ${message}.`]);
    expect(linted.header.complete).toBe(false);
    expect(new Set(linted.findings.map(({ source }) => source?.file)), 'it hides no other').toEqual(
      new Set(['b.Dockerfile']),
    );
  });
});

describe('hostile text', () => {
  const word = fc.oneof(
    fc.constantFrom(
      'FROM',
      'RUN',
      'COPY',
      'ADD',
      'ARG',
      'ENV',
      'USER',
      'CMD',
      'ENTRYPOINT',
      'ONBUILD',
      'SHELL',
      'LABEL',
    ),
    fc.constantFrom(
      '--from=0',
      '--mount=type=cache',
      'AS',
      '<<EOF',
      'EOF',
      '\\',
      '`',
      '$',
      '${',
      '${A:-',
      '"',
      "'",
      '[',
      '["a"]',
    ),
    fc.constantFrom(
      '&&',
      ';',
      '|',
      '#',
      '# escape=`',
      'sudo',
      'apk',
      'npm',
      'ci',
      '.',
      '\u0000',
      '\u202e',
      '\ufeff',
      '\r',
    ),
    fc.string({ unit: 'binary', maxLength: 8 }),
  );
  const line = fc.array(word, { maxLength: 8 }).map((words) => words.join(' '));

  test('never makes lint throw, and each of it is judged or told', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 12 }), async (lines) => {
        const linted = await lintTexts({ Dockerfile: lines.join('\n') });

        expect(linted.findings.length > 0 || gapReasons(linted).length > 0).toBe(true);
        expect(linted.findings.filter(({ reason }) => reason.startsWith('internal error'))).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  test('of any kind does not either, after a stage that is fine', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 200 }), line, async (text, more) => {
        const linted = await lintTexts({ Dockerfile: `FROM a:1.2\n${more}\n${text}` });

        expect(linted.findings.filter(({ reason }) => reason.startsWith('internal error'))).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  test.for([
    ['instructions', 'RUN a && b\n'.repeat(20_000)],
    ['one command', `RUN ${'a && \\\n'.repeat(60_000)}b`],
    ['quotes', `RUN ${`"'\\\n`.repeat(60_000)}`],
    ['variables', `USER ${'${A:-$B}\\\n'.repeat(40_000)}`],
    ['pairs', `ENV ${'A=b \\\n'.repeat(60_000)} C=d`],
    ['stages, which are refused,', 'FROM 0\nCOPY --from=0 / /\n'.repeat(1000)],
    ['copies of copies', `FROM a:1.2 AS s0\nCOPY . .\n${copies(150)}`],
    ['copies that double a path', `FROM a:1.2 AS s0\nCOPY . .\n${doubled(190)}FROM scratch\n`],
    ['stages upon stages that copy', `FROM a:1.2 AS s0\nCOPY . /x\nRUN npm i\n${chained(190)}`],
    ['values that double', `ENV A0=x\n${numbered(5_000, (at) => `ENV A${at + 1}=\${A${at}}\${A${at}}`)}\nUSER $A9`],
    ['values of values', numbered(5_000, (at) => `ENV A${at + 1}=\${A${at}}x`)],
    ['long words', `ENV A=${'x'.repeat(4096)}\n${`COPY ${'$A '.repeat(20_000)}/\n`.repeat(4)}`],
    ['copies and deletions', 'COPY . .\nRUN rm -rf .git\n'.repeat(5_000)],
    ['installations', `FROM scratch\nRUN npm i\n${'RUN npm i\n'.repeat(8_000)}`],
    ['installations by one command', `RUN ${'npm i && npm prune --omit=dev && \\\n'.repeat(6_000)}true`],
    ['exports', `RUN ${'export NODE_ENV=a && npm i && \\\n'.repeat(6_000)}true`],
    ['options', `RUN apk ${'-apk \\\n'.repeat(60_000)}`],
    ['asterisks and slashes', `COPY ${'*'.repeat(30_000)}a ${'/'.repeat(30_000)}a b /\n`.repeat(4)],
    ['folders', 'WORKDIR a\n'.repeat(10_000)],
  ] as const)('takes seconds at most for half a megabyte of %s', { timeout: 30_000 }, async ([, text]) => {
    const start = Date.now();

    await lintTexts({ Dockerfile: `FROM a:1.2\n${text}` });

    expect(Date.now() - start).toBeLessThan(15_000);
  });
});

/** Stages of which each copies from all before it. */
function copies(count: number): string {
  const stages = Array.from({ length: count }, (_, index) => {
    const from = Array.from({ length: Math.min(index + 1, 10) }, (__, back) => `COPY --from=s${index - back} / /\n`);
    return `FROM a:1.2 AS s${index + 1}\n${from.join('')}`;
  });
  return `${stages.join('')}FROM scratch\n`;
}

/** Stages of which each takes everything from the one before, twice. */
function doubled(count: number): string {
  return numbered(count, (at) => `FROM a:1.2 AS s${at + 1}\nCOPY --from=s${at} / /a\nCOPY --from=s${at} / /b`);
}

/** Stages of which each is built upon the one before and copies from it. */
function chained(count: number): string {
  return numbered(count, (at) => {
    const from = Array.from({ length: 10 }, (_, copy) => `COPY --from=${at} /x /x${copy}\n`);
    return `FROM s${at} AS s${at + 1}\n${from.join('')}RUN npm i\nCOPY . /y`;
  });
}

function numbered(count: number, line: (at: number) => string): string {
  return `${Array.from({ length: count }, (_, at) => line(at)).join('\n')}\n`;
}
