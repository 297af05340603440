import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, test } from 'vitest';
import { parseEnvironment } from '#shared/config/lambda-environment.ts';
import { createRegistry } from '#shared/engine/registry.ts';
import { BucketSettings } from '#shared/lambda/settings.ts';
import { accessDenied, awsError, rejectUnstubbed } from '#test/support/collect.ts';

const s3 = rejectUnstubbed(mockClient(S3Client));
const environment = parseEnvironment({
  HULLCHECK_TABLE: 'ledger',
  HULLCHECK_CONFIG_BUCKET: 'bucket',
  HULLCHECK_CONFIG_KEY: 'prod/hullcheck.yaml',
});
const settings = () => new BucketSettings(createRegistry([]), environment, new S3Client({ region: 'us-east-1' }));
const start = new Date('2026-11-23T12:00:00Z');
const minutes = (count: number) => new Date(start.getTime() + count * 60_000);
const text = (content: string) => ({ Body: { transformToString: async () => content } as never, ETag: '"1"' });

beforeEach(() => {
  rejectUnstubbed(s3.reset());
});

describe('the configuration of a deployment', () => {
  test('is read once for five minutes, and then only if it has changed', async () => {
    s3.on(GetObjectCommand)
      .resolvesOnce(text('version: 1\nfailOn: LOW'))
      .rejects(Object.assign(new Error('not modified'), { $metadata: { httpStatusCode: 304 } }));
    const source = settings();

    for (const now of [minutes(0), minutes(4), minutes(6)]) {
      expect((await source.read(now)).config.failOn).toBe('LOW');
    }
    const calls = s3.commandCalls(GetObjectCommand).map(({ args }) => args[0].input.IfNoneMatch);
    expect(calls).toEqual([undefined, '"1"']);
  });

  test('where there is none the defaults hold', async () => {
    s3.on(GetObjectCommand).rejects(awsError('NoSuchKey'));

    expect((await settings().read(start)).config.failOn).toBe('HIGH');
  });

  test('one that cannot be read is an error, not the defaults; the next event tries again', async () => {
    s3.on(GetObjectCommand).rejectsOnce(accessDenied('s3:GetObject')).resolves(text('version: 1'));
    const source = settings();

    await expect(source.read(start)).rejects.toThrow('not authorized');
    await expect(source.read(start)).resolves.toMatchObject({ config: { version: 1 } });
  });

  test('AU-9: a waivers file that is named and not there is an error of the run, not an empty list', async () => {
    s3.on(GetObjectCommand, { Key: 'prod/hullcheck.yaml' }).resolves(text('version: 1\nwaivers: waivers.yaml'));
    s3.on(GetObjectCommand, { Key: 'prod/waivers.yaml' }).rejects(awsError('NoSuchKey'));

    await expect(settings().read(start)).rejects.toThrow(
      's3://bucket/prod/hullcheck.yaml names the waivers file s3://bucket/prod/waivers.yaml, which does not exist.',
    );
  });

  test('an environment that lacks something is refused with all problems, one sentence each', () => {
    expect(() => parseEnvironment({ HULLCHECK_UNIT_QUEUE_URL: 'no url' })).toThrow(
      /HULLCHECK_TABLE: .*\n.*HULLCHECK_UNIT_QUEUE_URL: /,
    );
  });
});
