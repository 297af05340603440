import { expect, test } from 'vitest';
import { dockerfilePackagesUpgraded as check } from '#shared/checks/dockerfile/dockerfile-packages-upgraded.ts';
import { changed, judgeText } from '#test/support/judge-dockerfile.ts';

const withRun = (run: string) => changed('RUN apk upgrade --no-cache', run);

test.for([
  'RUN apk -U --no-cache upgrade',
  'RUN apk update && apk upgrade',
  'RUN apt-get update && apt-get -y -o Dpkg::Options::=--force-confold upgrade >/dev/null 2>&1',
  'RUN set -eux; apt-get update; DEBIAN_FRONTEND=noninteractive apt-get dist-upgrade -qy; rm -rf /var/lib/apt/lists/*',
  'RUN dnf -y update --security && dnf clean all',
  'RUN microdnf upgrade -y',
  'RUN zypper --non-interactive patch',
  'RUN <<EOF\nset -e\napk update\napk upgrade\nEOF',
  'RUN ["apk", "upgrade"]',
  'RUN bash -euc "apt-get update && apt-get upgrade -y"',
  'run if [ -x /sbin/apk ]; then sudo apk upgrade; fi',
])('PASSED for %j', async (run) => {
  expect((await judgeText(check, withRun(run))).status).toBe('PASSED');
});

test.for([
  ['nothing', ''],
  ['an index alone', 'RUN apt-get update'],
  ['one package', 'RUN apk upgrade openssl'],
  ['a comment', 'RUN true # apk upgrade'],
  ['a text', 'RUN echo "apk upgrade"'],
  ['images built upon this one', 'ONBUILD RUN apk upgrade'],
  ['a script that another program reads', 'RUN cat <<EOF > /a\napk upgrade\nEOF'],
] as const)('FAILED where %s is upgraded', async ([, run]) => {
  expect(await judgeText(check, withRun(run))).toMatchObject({
    status: 'FAILED',
    severity: 'LOW',
    reason: 'the packages of the base image are not upgraded',
    evidence: [{ path: 'FROM[1]' }],
  });
});

test('an upgrade of another stage counts only where the image is built upon it', async () => {
  const text = (base: string) => `FROM alpine:3.19 AS base\nRUN apk upgrade\nFROM ${base}\nCOPY a /a\n`;

  expect((await judgeText(check, text('base'))).status).toBe('PASSED');
  expect((await judgeText(check, text('alpine:3.19'))).status).toBe('FAILED');
});

test.for([
  ['from scratch', 'FROM scratch'],
  ['distroless', 'FROM gcr.io/distroless/nodejs20-debian12:nonroot'],
  ['on Windows', 'FROM mcr.microsoft.com/windows/nanoserver:ltsc2022'],
] as const)('NOT_APPLICABLE %s', async ([, text]) => {
  expect((await judgeText(check, text)).status).toBe('NOT_APPLICABLE');
});

test('UNKNOWN where it is not known what is below, unless it is upgraded', async () => {
  expect((await judgeText(check, 'ARG BASE\nFROM $BASE')).status).toBe('UNKNOWN');
  expect((await judgeText(check, 'ARG BASE\nFROM $BASE\nRUN apk upgrade')).status).toBe('PASSED');
});
