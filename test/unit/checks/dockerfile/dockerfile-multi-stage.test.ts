import { expect, test } from 'vitest';
import { dockerfileMultiStage as check } from '#shared/checks/dockerfile/dockerfile-multi-stage.ts';
import { judgeText } from '#test/support/judge-dockerfile.ts';

test.for([
  ['dependencies installed in another stage', 'FROM node:20.11 AS b\nRUN npm ci\nFROM node:20.11\nCOPY --from=b /a /a'],
  [
    'a program compiled in another stage',
    'FROM golang:1.23 AS b\nRUN go build -o /a\nFROM scratch\nCOPY --from=b /a /a',
  ],
  [
    'dependencies installed beside what is taken over',
    'FROM node:20.11 AS b\nRUN npm run build\nFROM node:20.11\nRUN npm ci --omit=dev\nCOPY --from=b /a /a',
  ],
  [
    'build tools that the same layer takes away',
    'FROM a:1.2 AS b\nFROM python:3.12\nRUN apk add --no-cache --virtual .build gcc musl-dev && pip install x && apk del .build\nCOPY --from=b /a /a',
  ],
] as const)('PASSED for %s', async ([, text]) => {
  expect((await judgeText(check, text)).status).toBe('PASSED');
});

test.for([
  [
    'dependencies',
    'FROM node:20.11\nRUN npm ci --omit=dev',
    'the image is built in the stage it runs from',
    'stage final: RUN[0]',
  ],
  [
    'a bundle',
    'FROM node:20.11\nRUN npm run build',
    'the image is built in the stage it runs from',
    'stage final: RUN[0]',
  ],
  [
    'a program in a stage that the last is built upon',
    'FROM alpine:3.19 AS b\nRUN make install\nFROM b',
    'the image is built in the stage it runs from',
    'stage b: RUN[0]',
  ],
  ['with a toolchain below it', 'FROM golang:1.23\nCOPY a /a', 'the image is built upon a toolchain', 'FROM[0]'],
  [
    'with the SDK below it',
    'FROM mcr.microsoft.com/dotnet/sdk:8.0.1\nCOPY a /a',
    'the image is built upon a toolchain',
    'FROM[0]',
  ],
  [
    'with a compiler in it',
    'FROM debian:12.5 AS b\nFROM debian:12.5\nRUN apt-get install -y gcc libc6-dev\nCOPY --from=b /a /a',
    'the image keeps build tools',
    'stage final: RUN[0]',
  ],
] as const)('FAILED for %s', async ([, text, reason, path]) => {
  expect(await judgeText(check, text)).toMatchObject({
    status: 'FAILED',
    severity: 'LOW',
    reason,
    evidence: [{ path }],
  });
});

test('NOT_APPLICABLE where nothing is built', async () => {
  expect((await judgeText(check, 'FROM nginx:1.27.3\nCOPY site/ /usr/share/nginx/html/')).status).toBe(
    'NOT_APPLICABLE',
  );
});
