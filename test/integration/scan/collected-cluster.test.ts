import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { homeAccount } from '#demo/seed/tidewater.ts';
import type { DemoAccount } from '#demo/server.ts';
import type { Finding } from '#shared/domain/finding.ts';
import { runCli, SOURCE } from '#test/support/cli.ts';
import { type DemoScan, scanDemo, useDemoAccount } from '#test/support/scan-demo.ts';

const CLUSTER = 'tide-prod';
const ARN = `arn:aws:eks:us-east-1:${homeAccount}:cluster/${CLUSTER}`;
const BUCKET = 'tidewater-insides';
const PLACE = `s3://${BUCKET}/clusters/${CLUSTER}.jsonl`;
const CONFIG = `clusters: {collected: [{cluster: '${ARN}', inventory: '${PLACE}'}]}`;

let demo: DemoAccount;
let s3: S3Client;

beforeAll(async () => {
  demo = await useDemoAccount();
  s3 = new S3Client();
  await s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
});

afterAll(async () => {
  s3?.destroy();
  await demo?.close();
});

const cli = (...args: string[]) => runCli(args, { ...demo.env, AWS_REGION: 'us-east-1' }, { bin: SOURCE });
const collect = (...args: string[]) => cli('collect', '--service', 'kubernetes', '--cluster', CLUSTER, ...args);
const scan = (config = '', now = new Date()) =>
  scanDemo({ regions: ['us-east-1'], services: ['eks', 'kubernetes'], config, now: () => now });

function inside({ findings }: DemoScan): readonly Finding[] {
  return findings.filter(({ resource }) => resource.type.startsWith('Kubernetes') && resource.cluster === CLUSTER);
}

const verdicts = (result: DemoScan) =>
  inside(result).map(({ id, status, severity, reason }) => ({ id, status, severity, reason }));

/** How many clusters were connected to. */
const opened = () => demo.clusters.recorder.count('kubernetes:get /apis');

/** What is judged of things inside; of the cluster itself AWS tells a part. */
const judgedInside = (result: DemoScan) =>
  inside(result).filter(({ status, resource }) => status !== 'UNKNOWN' && resource.uid !== ARN);

describe('a cluster that only its own network reaches', () => {
  test('is judged by what collect left in the bucket as if it had been read, and nothing connects to it', async () => {
    const live = await scan();
    const collected = await collect('--output', PLACE);
    expect(collected).toMatchObject({ exitCode: 0, stderr: expect.stringContaining(`written to ${PLACE}`) });

    demo.clusters.recorder.clear();
    const stored = await scan(CONFIG);

    expect(verdicts(live).length).toBeGreaterThan(100);
    expect(verdicts(stored)).toEqual(verdicts(live));
    expect(stored.header.complete).toBe(true);
    expect(opened(), 'the two others').toBe(2);
  });

  test('is not judged by an inventory that is too old, which is a gap of that cluster alone', async () => {
    const stored = await scan(CONFIG, new Date(Date.now() + 25 * 3_600_000));

    expect(judgedInside(stored)).toEqual([]);
    const gaps = stored.header.coverage.flatMap((entry) => entry.gaps).filter(({ cluster }) => cluster === CLUSTER);
    expect(gaps).toEqual([expect.objectContaining({ reason: expect.stringContaining('collected too long ago') })]);
  });

  test('is not judged by half an inventory', async () => {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: BUCKET, Key: `clusters/${CLUSTER}.jsonl` }));
    const whole = (await Body?.transformToString()) ?? '';
    await s3.send(
      new PutObjectCommand({ Bucket: BUCKET, Key: 'clusters/half.jsonl', Body: whole.slice(0, whole.length / 2) }),
    );

    const stored = await scan(CONFIG.replace(`${CLUSTER}.jsonl`, 'half.jsonl'));

    expect(judgedInside(stored)).toEqual([]);
    expect(JSON.stringify(stored.header.coverage)).toContain('is no whole inventory');
  });

  test('has its inventory judged from the bucket by hand', async () => {
    const run = await cli('scan', '--inventory', PLACE, '--format', 'json', '--fail-on', 'CRITICAL');

    expect(JSON.stringify(JSON.parse(run.stdout))).toContain(`${ARN}/legacy`);
  });

  test('is named where it does not exist', async () => {
    const run = await cli('collect', '--cluster', 'nowhere', '--output', '-', '--region', 'us-east-1');

    expect(run).toMatchObject({ exitCode: 3, stderr: expect.stringContaining('There is no cluster of this name') });
  });
});

describe('a bucket that does not take the inventory', () => {
  test('is told in one sentence', async () => {
    expect(await collect('--output', 's3://nobody-has-this/inside.jsonl')).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('s3://nobody-has-this/inside.jsonl cannot be written: there is no such bucket.'),
    });
  });

  test('is refused before the cluster is read where its name is no name', async () => {
    demo.clusters.recorder.clear();
    expect(await collect('--output', 's3://nothing')).toMatchObject({
      exitCode: 2,
      stderr: 'hullcheck: "s3://nothing" is not of the form s3://BUCKET/KEY.\n',
    });
    expect(demo.clusters.recorder.calls()).toEqual([]);
  });

  test('goes with one cluster of kubernetes alone', async () => {
    const run = await cli('collect', '--cluster', CLUSTER, '--service', 'ecr', '--output', '-');

    expect(run).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('--cluster reads the inside') });
  });
});
