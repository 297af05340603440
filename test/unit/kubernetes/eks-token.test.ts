import { STSClient } from '@aws-sdk/client-sts';
import { describe, expect, test } from 'vitest';
import { callerOfToken } from '#demo/kubernetes/token.ts';
import { Sessions, secretOf } from '#demo/sessions.ts';
import { eksTokens } from '#shared/kubernetes/eks-token.ts';

const SIGNED_AT = new Date('2026-11-23T10:00:00Z');
const caller = { accountId: '111122223333', arn: 'arn:aws:iam::111122223333:user/reader', userId: 'AIDA' };
const accessKeyId = 'AKIAIOSFODNN7EXAMPLE';

function client(region: string, sessionToken?: string) {
  const secretAccessKey = secretOf(accessKeyId);
  return new STSClient({
    region,
    credentials: { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) },
  });
}

function decoded(token: string): URL {
  return new URL(Buffer.from(token.replace('k8s-aws-v1.', ''), 'base64url').toString());
}

async function tokenFor(cluster: string, region = 'eu-west-1', now = SIGNED_AT, sessionToken?: string) {
  return eksTokens(client(region, sessionToken), cluster, region, () => now)();
}

function isAccepted(token: string, cluster: string, now = SIGNED_AT) {
  const sessions = new Sessions();
  sessions.addAccessKey(accessKeyId, caller);
  return callerOfToken(token, cluster, sessions, now) !== undefined;
}

describe('PE-9: the bearer token of a cluster', () => {
  test('is the same for the same credentials, cluster, region and second', async () => {
    expect(await tokenFor('harbour')).toBe(VECTOR);
  });

  test('holds what the verifier allows and nothing else', async () => {
    const { searchParams, pathname } = decoded(await tokenFor('harbour', 'eu-west-1', SIGNED_AT, 'a/b+c=='));

    expect(pathname).toBe('/');
    expect([...searchParams.keys()].sort()).toEqual([
      'Action',
      'Version',
      'X-Amz-Algorithm',
      'X-Amz-Credential',
      'X-Amz-Date',
      'X-Amz-Expires',
      'X-Amz-Security-Token',
      'X-Amz-Signature',
      'X-Amz-SignedHeaders',
    ]);
    expect(searchParams.get('X-Amz-SignedHeaders')).toBe('host;x-k8s-aws-id');
    expect(searchParams.get('X-Amz-Expires')).toBe('60');
    expect(searchParams.get('X-Amz-Security-Token')).toBe('a/b+c==');
  });

  test('has no padding, which the verifier refuses', async () => {
    expect(await tokenFor('harbour')).toMatch(/^k8s-aws-v1\.[\w-]+$/);
  });

  test.for([
    ['eu-west-1', 'sts.eu-west-1.amazonaws.com'],
    ['us-east-1', 'sts.us-east-1.amazonaws.com'],
    ['cn-north-1', 'sts.cn-north-1.amazonaws.com.cn'],
    ['us-gov-west-1', 'sts.us-gov-west-1.amazonaws.com'],
  ] as const)('asks STS in %s, at %s', async ([region, host]) => {
    const { hostname, searchParams } = decoded(await tokenFor('harbour', region));

    expect(hostname).toBe(host);
    expect(searchParams.get('X-Amz-Credential')).toContain(`/${region}/sts/`);
  });

  test('is accepted by the cluster it is for, and by no other', async () => {
    const token = await tokenFor('harbour');

    expect(isAccepted(token, 'harbour')).toBe(true);
    expect(isAccepted(token, 'lighthouse')).toBe(false);
  });

  test('ends after 15 minutes', async () => {
    const token = await tokenFor('harbour');
    const later = (minutes: number) => new Date(SIGNED_AT.getTime() + minutes * 60_000);

    expect(isAccepted(token, 'harbour', later(14))).toBe(true);
    expect(isAccepted(token, 'harbour', later(15))).toBe(false);
  });

  test('is made anew before 14 minutes have passed, and not before it has to', async () => {
    let now = SIGNED_AT;
    const token = eksTokens(client('eu-west-1'), 'harbour', 'eu-west-1', () => now);
    const first = await token();
    now = new Date('2026-11-23T10:12:59Z');

    expect(await token()).toBe(first);
    now = new Date('2026-11-23T10:13:30Z');
    const second = await token();
    expect(second).not.toBe(first);
    expect(decoded(second).searchParams.get('X-Amz-Date')).toBe('20261123T101330Z');
  });

  test('that could not be made is tried again', async () => {
    let hasCredentials = false;
    const sts = new STSClient({
      region: 'eu-west-1',
      credentials: async () => {
        if (!hasCredentials) throw new Error('none yet');
        return { accessKeyId, secretAccessKey: secretOf(accessKeyId) };
      },
    });
    const token = eksTokens(sts, 'harbour', 'eu-west-1', () => SIGNED_AT);

    await expect(token()).rejects.toThrow('none yet');
    hasCredentials = true;
    expect(await token()).toBe(VECTOR);
  });
});

const VECTOR =
  'k8s-aws-v1.aHR0cHM6Ly9zdHMuZXUtd2VzdC0xLmFtYXpvbmF3cy5jb20vP0FjdGlvbj1HZXRDYWxsZXJJZGVudGl0eSZWZXJzaW9uPTIwMTEtMDYtMTUmWC1BbXotQWxnb3JpdGhtPUFXUzQtSE1BQy1TSEEyNTYmWC1BbXotQ3JlZGVudGlhbD1BS0lBSU9TRk9ETk43RVhBTVBMRSUyRjIwMjYxMTIzJTJGZXUtd2VzdC0xJTJGc3RzJTJGYXdzNF9yZXF1ZXN0JlgtQW16LURhdGU9MjAyNjExMjNUMTAwMDAwWiZYLUFtei1FeHBpcmVzPTYwJlgtQW16LVNpZ25lZEhlYWRlcnM9aG9zdCUzQngtazhzLWF3cy1pZCZYLUFtei1TaWduYXR1cmU9ZDhiYjdiOWJjMGJmY2Q4MTExZDYxNWI2N2I0NzRhOTQ3MTE4Mjc0YzZiYmQ4MmQ3MDdlYzNhYWJiZDY1M2MwMg';
