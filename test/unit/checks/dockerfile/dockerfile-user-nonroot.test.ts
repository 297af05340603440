import { expect, test } from 'vitest';
import { dockerfileUserNonroot as check } from '#shared/checks/dockerfile/dockerfile-user-nonroot.ts';
import { changed, judgeText } from '#test/support/judge-dockerfile.ts';

const withUser = (user: string) => changed('USER 1000:1000', user);

test.for([
  ['a number', 'USER 1000', ''],
  ['a name', 'USER app', 'the user name was not resolved to a number'],
  ['the last of several', 'USER root\nRUN true\nUSER 1000', ''],
  ['the default of an argument', 'ARG UID=1000\nUSER ${UID}:${UID}', ''],
  ['a variable of the environment', 'ENV WHO=app\nUSER $WHO', 'the user name was not resolved to a number'],
  ['root as a group', 'USER 1000:0', "the group is root's"],
] as const)('PASSED for %s', async ([, user, reason]) => {
  expect(await judgeText(check, withUser(user))).toMatchObject({ status: 'PASSED', reason });
});

test.for([
  ['root', 'USER root', 'the user is root'],
  ['zero', 'USER 0:0', 'the user is root'],
  ['a group alone', 'USER :1000', 'the user is root'],
  ['root at last', 'USER app\nUSER root', 'the user is root'],
  ['no user', '', 'no user is set'],
  ['a user for images built upon this one only', 'ONBUILD USER app', 'no user is set'],
] as const)('FAILED for %s', async ([, user, reason]) => {
  const finding = await judgeText(check, withUser(user));

  expect(finding).toMatchObject({ status: 'FAILED', severity: 'HIGH', reason });
  expect(finding.evidence[0]?.path).toMatch(/^stage final: USER/);
});

test('a user of an earlier stage counts where the image is built upon it, and only there', async () => {
  const text = (base: string) => `FROM node:20.11 AS base\nUSER app\nFROM ${base}\nCOPY --from=base /a /a\n`;

  expect((await judgeText(check, text('base'))).status).toBe('PASSED');
  expect((await judgeText(check, text('node:20.11'))).status).toBe('FAILED');
});

test('a base that is named after its user passes; scratch does not', async () => {
  expect(await judgeText(check, 'FROM gcr.io/distroless/static-debian12:nonroot\nCOPY a /a')).toMatchObject({
    status: 'PASSED',
    reason: 'the base image is known to run as another user',
  });
  expect((await judgeText(check, 'FROM scratch\nCOPY a /a')).status).toBe('FAILED');
});

test.for([
  ['a variable without a value names the user', 'FROM node:20.11\nARG WHO\nUSER ${WHO}'],
  ['the base image is not known', 'ARG BASE\nFROM ${BASE}'],
  ['the publisher of the base mostly sets one', 'FROM cgr.dev/chainguard/node:latest'],
] as const)('UNKNOWN where %s', async ([, text]) => {
  expect(await judgeText(check, text)).toMatchObject({ status: 'UNKNOWN', unknown: { kind: 'undecidable' } });
});

test.for([
  ['an administrator', 'servercore:ltsc2022\nUSER ContainerAdministrator', 'FAILED'],
  ['no user on Server Core', 'servercore:ltsc2022', 'FAILED'],
  ['no user on Nano Server, whose own is none', 'nanoserver:ltsc2022', 'PASSED'],
  ['a user', 'servercore:ltsc2022\nUSER ContainerUser', 'PASSED'],
] as const)('on Windows, %s', async ([, rest, status]) => {
  const finding = await judgeText(check, `FROM mcr.microsoft.com/windows/${rest}\n`);

  expect(finding.status).toBe(status);
  if (status === 'FAILED') expect(finding.severity).toBe('LOW');
});
