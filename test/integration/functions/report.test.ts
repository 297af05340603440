import {
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { sdkConfig } from '#demo/deployment.ts';
import { DEMO_REGIONS } from '#functions/cli/demo-deployment.ts';
import { type ReportPlace, verifyReport } from '#shared/reports/manifest.ts';
import { type Deployment, deploy } from '#test/support/deployment.ts';

const ACCOUNT = '111122223333';
const WEEK = 7 * 24 * 3600;
const FIRST = 'reports/weekly/2026-11-23/';
const SECOND = 'reports/weekly/2026-11-30/';
const THIRD = 'reports/weekly/2026-12-07/';

let deployment: Deployment;
let s3: S3Client;

beforeAll(async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  const config = { scope: { services: ['ecr', 'guardduty'], regions: DEMO_REGIONS } };
  deployment = await deploy({ setTime: (now) => vi.setSystemTime(now), config });
  s3 = new S3Client({ ...sdkConfig(deployment.demo, 'us-east-1'), forcePathStyle: true });
});

afterAll(async () => {
  s3?.destroy();
  await deployment?.close();
  vi.useRealTimers();
});

async function keys(prefix: string): Promise<readonly string[]> {
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: bucket(), Prefix: prefix }));
  return Contents.map(({ Key = '' }) => Key.slice(prefix.length));
}

async function text(key: string): Promise<string> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket(), Key: key }));
  return (await Body?.transformToString()) ?? '';
}

const json = async (key: string) => JSON.parse(await text(key));
const bucket = () => deployment.deployed.reportBucket;

/** A folder of the bucket as somebody has it who downloaded it. */
function downloaded(folder: string): ReportPlace {
  return {
    list: () => keys(folder),
    async read(name) {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket(), Key: `${folder}${name}` }));
      const body = (await Body?.transformToByteArray()) ?? new Uint8Array();
      return (async function* () {
        yield body;
      })();
    },
  };
}

const messages = () =>
  (deployment.demo.world.accounts[0]?.regions.flatMap(({ topics }) => topics.flatMap((one) => one.messages)) ?? [])
    .map(({ message }) => JSON.parse(message))
    .filter(({ kind }) => kind === 'report');

describe('a deployment writes its reports', () => {
  test('before the first run there is nothing to report, and nobody is told', async () => {
    expect(await deployment.report('weekly')).toMatchObject({ outcome: 'nothing to report', written: 0 });
    expect(await deployment.report('daily')).toMatchObject({ outcome: 'nothing to report', written: 0 });
    expect(await keys('reports/')).toEqual([]);
    expect(messages()).toEqual([]);
  });

  test('the first weekly report lies beside one for each account, with an index', async () => {
    await deployment.run();

    const outcome = await deployment.report('weekly');

    expect(outcome).toMatchObject({ outcome: 'written', folder: FIRST, written: 2, left: [] });
    const files = [
      'findings-controls.csv',
      'findings.csv',
      'manifest.json',
      'oscal.json',
      'report.html',
      'report.json',
    ];
    expect(await keys(FIRST)).toEqual([
      ...files.map((name) => `accounts/${ACCOUNT}/${name}`),
      'index.html',
      'index.json',
      ...files.map((name) => `organization/${name}`),
    ]);
    const head = await s3.send(new HeadObjectCommand({ Bucket: bucket(), Key: `${FIRST}organization/report.html` }));
    expect(head.ContentType).toBe('text/html; charset=utf-8');
    expect((await text(`${FIRST}organization/report.html`)).slice(0, 100)).toContain('<!doctype html>');
    expect(await text(`${FIRST}index.html`)).toContain(`href="accounts/${ACCOUNT}/report.html"`);
  });

  test('what is downloaded is verified, by the hash that the index and the message name', async () => {
    const index = await json(`${FIRST}index.json`);

    for (const { path, manifestSha256 } of index.reports) {
      expect((await verifyReport(downloaded(`${FIRST}${path}`), manifestSha256)).problems).toEqual([]);
    }
    expect(messages()).toMatchObject([
      {
        report: 'weekly',
        complete: true,
        place: `s3://${bucket()}/${FIRST}organization/report.html`,
        manifestSha256: index.reports[0].manifestSha256,
        noTrendBecause: expect.stringContaining('first report of its kind'),
        slices: 1,
      },
    ]);
    expect(messages()[0].links.console).toContain('us-east-1.console.aws.amazon.com/s3/object/');
  });

  test('AU-7: the slices add up to the whole', async () => {
    const whole = await json(`${FIRST}organization/report.json`);
    const slice = await json(`${FIRST}accounts/${ACCOUNT}/report.json`);

    expect(slice.slice).toEqual({ kind: 'account', id: ACCOUNT });
    expect(slice.counts).toEqual(whole.counts);
    expect(slice.findings).toHaveLength(whole.findings.length);
  });

  test('the same call again writes nothing and tells nobody', async () => {
    expect(await deployment.report('weekly')).toMatchObject({ outcome: 'written before', folder: FIRST, written: 0 });
    expect(messages()).toHaveLength(1);
  });

  test('the second week is compared with the first and chained to it, each slice to its own', async () => {
    deployment.change.repositories.delete('tidewater/recipe-importer');
    deployment.advance(WEEK);
    await deployment.run();
    // The run has moved the clock by seconds.
    const outcome = await deployment.report('weekly');

    expect(outcome).toMatchObject({ outcome: 'written', folder: SECOND });
    for (const path of ['organization/', `accounts/${ACCOUNT}/`]) {
      const before = await verifyReport(downloaded(`${FIRST}${path}`));
      const manifest = await json(`${SECOND}${path}manifest.json`);
      const { trend } = await json(`${SECOND}${path}report.json`);
      expect(manifest.previous.manifestSha256, path).toBe(before.manifestSha256);
      expect(trend.points, path).toHaveLength(2);
      expect(trend.byChange.gone, path).toBeGreaterThan(0);
      expect(trend.byChange.new, path).toBe(0);
    }
    expect(messages().at(-1)).toMatchObject({ report: 'weekly', changes: { new: 0, gone: expect.any(Number) } });
  });

  test('a report before that was changed is named, and the next is written all the same', async () => {
    const key = `${SECOND}organization/report.json`;
    const changed = (await text(key)).replace('"FAILED"', '"PASSED"');
    await s3.send(new PutObjectCommand({ Bucket: bucket(), Key: key, Body: changed }));
    deployment.advance(WEEK);

    expect(await deployment.report('weekly')).toMatchObject({ outcome: 'written', folder: THIRD });

    const report = await json(`${THIRD}organization/report.json`);
    expect(report.trend).toBeUndefined();
    expect(report.noTrendBecause).toBe(
      `There is no comparison, because the report of 2026-11-30 cannot be used: ${key} was changed: nothing is compared with it.`,
    );
    expect(await text(`${THIRD}organization/report.html`)).toContain('cannot be used');
    const { previous } = await json(`${THIRD}organization/manifest.json`);
    expect(previous.manifestSha256).toMatch(/^[0-9a-f]{64}$/);
  });

  test('the daily snapshot is verified and chained as well, and tells nobody', async () => {
    const told = messages().length;
    await deployment.report('daily');
    deployment.advance(24 * 3600);

    const { folder } = await deployment.report('daily');

    expect(folder).toBe('reports/daily/2026-12-08/');
    const { manifest, problems } = await verifyReport(downloaded(folder));
    expect(problems).toEqual([]);
    expect(manifest.previous?.manifestSha256).toBe(
      (await verifyReport(downloaded('reports/daily/2026-12-07/'))).manifestSha256,
    );
    expect(messages()).toHaveLength(told);
  });
});
