import { expect, test } from 'vitest';
import { dockerfileBasePinned as check } from '#shared/checks/dockerfile/dockerfile-base-pinned.ts';
import { dockerfileUserNonroot } from '#shared/checks/dockerfile/dockerfile-user-nonroot.ts';
import { goodDockerfile } from '#test/factories/dockerfile.ts';
import { judge } from '#test/support/judge.ts';
import { changed, judgeText } from '#test/support/judge-dockerfile.ts';

const DIGEST = `sha256:${'a'.repeat(64)}`;

test.for([
  ['a version', 'FROM node:20.11-alpine3.19'],
  ['a digest', `FROM node@${DIGEST}`],
  ['a digest beside a floating tag', `FROM --platform=$BUILDPLATFORM node:latest@${DIGEST}`],
  ['the defaults of arguments', 'ARG REPO=node\nARG TAG=20.11\nFROM ${REPO}:${TAG}'],
  ['a default inside the reference', 'ARG TAG\nFROM node:${TAG:-20.11}'],
  ['a version, in small letters', 'from node:20.11 as base'],
  ['a stage of the file', 'FROM node:20.11 AS base\nFROM base'],
  ['a copy from a versioned image', 'FROM node:20.11\nCOPY --from=ghcr.io/astral-sh/uv:0.4.1 /uv /bin/'],
] as const)('PASSED for %s', async ([, text]) => {
  expect((await judgeText(check, text)).status).toBe('PASSED');
});

test.for([
  ['latest', 'FROM node:latest', 'the tag is floating', 'FROM[0]', 'node:latest'],
  ['no tag', 'FROM node', 'the image has no tag, which means latest', 'FROM[0]', 'node'],
  ['a bare major version', 'FROM node:20-alpine', 'the tag is floating', 'FROM[0]', 'node:20-alpine'],
  ['a floating default', 'ARG TAG=latest\nFROM node:$TAG', 'the tag is floating', 'FROM[0]', 'node:latest'],
  [
    'the second stage',
    'FROM node:20.11 AS a\nFROM alpine',
    'the image has no tag, which means latest',
    'FROM[1]',
    'alpine',
  ],
  [
    'an image that files are copied from',
    'FROM node:20.11\nCOPY --from=ghcr.io/astral-sh/uv:latest /uv /bin/',
    'the tag is floating',
    'stage final: COPY[0]',
    'ghcr.io/astral-sh/uv:latest',
  ],
  [
    'an image that is mounted',
    'FROM node:20.11\nRUN --mount=type=bind,from=busybox:latest,target=/b true',
    'the tag is floating',
    'stage final: RUN[0]',
    'busybox:latest',
  ],
] as const)('FAILED for %s', async ([, text, reason, path, observed]) => {
  expect(await judgeText(check, text)).toMatchObject({
    status: 'FAILED',
    severity: 'MEDIUM',
    reason,
    evidence: [{ path, observed }],
  });
});

test.for(['COPY --from=busybox /a /b', 'RUN --mount=from=busybox,target=/b true'])(
  'UNKNOWN for %s: an image without a tag, or a context that the command line names',
  async (instruction) => {
    expect((await judgeText(check, `FROM node:20.11\n${instruction}`)).status).toBe('UNKNOWN');
  },
);

test('FAILED for a version where digests are required', () => {
  expect(judge(check, goodDockerfile(), { parameters: { requireDigest: true } })).toMatchObject({
    status: 'FAILED',
    reason: 'the image is not pinned to a digest',
  });
});

test('UNKNOWN where an argument without a default names the image, unless another is floating', async () => {
  expect(await judgeText(check, 'ARG TAG\nFROM node:${TAG}')).toMatchObject({
    status: 'UNKNOWN',
    unknown: { kind: 'undecidable' },
    evidence: [{ path: 'FROM[0]', observed: 'node:${TAG}' }],
  });
  expect((await judgeText(check, changed('AS builder', 'AS builder\nFROM ${X}\nFROM alpine'))).status).toBe('FAILED');
});

test('NOT_APPLICABLE where nothing comes from outside', async () => {
  expect((await judgeText(check, 'FROM scratch\nCOPY a /a')).status).toBe('NOT_APPLICABLE');
});

test.for([
  'FROM https://u:Sup3rS3cret@reg.example.com/x:latest',
  'FROM u:Sup3rS3cret@reg.example.com/x:latest',
  'FROM https://u:Sup3rS3cret@${HOST}/x',
  'FROM u:Sup3rS3cret@$HOST',
  'FROM ${HOST:-https://u:Sup3rS3cret@reg.example.com}/$X',
  'ARG BASE=https://u:Sup3rS3cret@reg.example.com/x\nFROM $BASE',
  'FROM node:20.11\nCOPY --from=https://u:Sup3rS3cret@reg.example.com/x /a /a',
  'FROM https://u:Sup3rS3cret@reg.example.com/nonroot',
])('what is no image name is not told, because it may hold a password: %j', async (text) => {
  for (const each of [check, dockerfileUserNonroot]) {
    expect(JSON.stringify(await judgeText(each, text))).not.toContain('Sup3rS3cret');
  }
  expect(await judgeText(check, text)).toMatchObject({ status: 'UNKNOWN' });
});

test.for(['$REGISTRY/app:$TAG', '${BASE}', 'reg.example.com/${NAME}:1.2.3'])(
  'an image of variables is told as it is written: %s',
  async (image) => {
    expect((await judgeText(check, `FROM ${image}`)).evidence).toMatchObject([{ observed: image }]);
  },
);
