/**
 * `npm run bench`: measures a scan of generated demo accounts against what is possible. Prints tables and asserts
 * nothing: times depend on the machine, so they are given as ratios. Serving and scanning are processes of their own.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { bucketOf } from '#shared/aws/rate-limits.ts';
import { measureBundle } from './bundle.ts';
import { measureFinish } from './finish.ts';
import { type BenchSize, leastCalls, ONCE } from './least-calls.ts';
import { measureLedger } from './ledger.ts';
import { measureReports } from './report.ts';

interface Measures {
  readonly calls: Readonly<Record<string, number>>;
  readonly wallMs: number;
  readonly evaluateMs: number;
  readonly evaluations: number;
  readonly resources: number;
  readonly complete: boolean;
  readonly gaps: readonly string[];
  readonly baselineMb: number;
  readonly peakMb: number;
}

/** Published rates and ours are raised by this factor, so that minutes of waiting are not minutes of the bench. */
const SPEED = 5;

/** What looks into single images. */
const IMAGE_CALLS = [
  'ecr:BatchGetImage',
  'ecr:DescribeImageScanFindings',
  'ecr:DescribeImageSigningStatus',
  'ecr:GetDownloadUrlForLayer',
  'ecr:ListImageReferrers',
];

const SIZES: Readonly<Record<string, BenchSize>> = {
  '100': { repositories: 40, imagesPerRepository: 50, taskDefinitionFamilies: 38, eksClusters: 1 },
  '1,000': { repositories: 400, imagesPerRepository: 50, taskDefinitionFamilies: 390, eksClusters: 4 },
  '10,000': { repositories: 4000, imagesPerRepository: 50, taskDefinitionFamilies: 3950, eksClusters: 20 },
};

async function measure(size: BenchSize, speed: number): Promise<Measures> {
  const server = spawn(process.execPath, ['bench/serve.ts', JSON.stringify(size), String(speed)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const [line] = (await once(createInterface(server.stdout), 'line')) as [string];
  const scan = spawn(process.execPath, ['bench/scan.ts', String(speed)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...(JSON.parse(line) as Record<string, string>) },
  });
  let text = '';
  scan.stdout.setEncoding('utf8').on('data', (chunk) => {
    text += chunk;
  });
  await once(scan, 'close');
  server.stdin.end();
  await once(server, 'close');
  return JSON.parse(text) as Measures;
}

/** The calls that cannot be avoided; where the number depends on what a cluster holds, what was called counts. */
function leastOf(size: BenchSize, calls: Measures['calls']): Map<string, { least: number; because: string }> {
  const rules = leastCalls(size);
  return new Map(
    Object.entries(calls).map(([operation, called]) => {
      const { least, because } = rules.get(operation) ?? ONCE;
      return [operation, { least: Number.isNaN(least) ? called : least, because }];
    }),
  );
}

/** Milliseconds that the published rates demand for the least possible calls, all buckets in parallel. */
function rateLimitMs(least: ReadonlyMap<string, { least: number }>): number {
  const byBucket = new Map<string, { calls: number; burst: number; perSecond: number }>();
  for (const [operation, { least: calls }] of least) {
    const { name, burst, perSecond, published } = bucketOf(operation);
    if (!published) continue;
    const bucket = byBucket.get(name) ?? { calls: 0, burst, perSecond };
    byBucket.set(name, { ...bucket, calls: bucket.calls + calls });
  }
  const waits = [...byBucket.values()].map(({ calls, burst, perSecond }) => Math.max(0, calls - burst) / perSecond);
  return Math.max(0, ...waits) * 1000;
}

function row(...cells: readonly (string | number)[]): string {
  return `| ${cells.join(' | ')} |\n`;
}

const out = (text: string) => process.stdout.write(text);
const only = process.argv[2];

out('## Scans of generated accounts\n\n');
out(
  row(
    'resources',
    'API calls',
    'least possible',
    'ratio',
    'wall ÷ published rates',
    'peak memory MB',
    'over idle MB',
    'evaluations/s',
  ),
);
out(row('--:', '--:', '--:', '--:', '--:', '--:', '--:', '--:'));
let derivation: { name: string; calls: Measures['calls']; least: ReturnType<typeof leastOf> } | undefined;
for (const [name, size] of Object.entries(SIZES)) {
  if (only !== undefined && only !== name) continue;
  const measures = await measure(size, SPEED);
  const least = leastOf(size, measures.calls);
  const called = Object.values(measures.calls).reduce((sum, count) => sum + count, 0);
  const possible = [...least.values()].reduce((sum, { least: count }) => sum + count, 0);
  const limit = rateLimitMs(least);
  const ratio = limit === 0 ? 'no wait needed' : ((measures.wallMs * SPEED) / limit).toFixed(2);
  out(
    row(
      measures.resources,
      called,
      possible,
      (called / possible).toFixed(3),
      ratio,
      measures.peakMb.toFixed(0),
      (measures.peakMb - measures.baselineMb).toFixed(0),
      Math.round(measures.evaluations / (measures.evaluateMs / 1000)),
    ),
  );
  for (const gap of measures.gaps) out(`gap: ${gap}\n`);
  if (derivation === undefined || name === '1,000') derivation = { name, calls: measures.calls, least };
}

out('\n## Calls for images, of 200 repositories with 300 images in use\n\n');
out(row('images', 'ecr:DescribeImages', 'calls for single images'));
out(row('--:', '--:', '--:'));
for (const imagesPerRepository of [10, 100, 1000]) {
  const { calls } = await measure(
    { repositories: 200, imagesPerRepository, taskDefinitionFamilies: 600, eksClusters: 0 },
    0,
  );
  const single = IMAGE_CALLS.reduce((sum, operation) => sum + (calls[operation] ?? 0), 0);
  out(row(imagesPerRepository * 200, calls['ecr:DescribeImages'] ?? 0, single));
}

out('\n## Memory as images grow tenfold (400 repositories)\n\n');
out(row('images', 'API calls', 'peak memory MB', 'ratio to the first'));
out(row('--:', '--:', '--:', '--:'));
let first: number | undefined;
for (const imagesPerRepository of [10, 100, 1000]) {
  const size = { repositories: 400, imagesPerRepository, taskDefinitionFamilies: 10, eksClusters: 0 };
  const { calls, peakMb } = await measure(size, 0);
  first ??= peakMb;
  const called = Object.values(calls).reduce((sum, count) => sum + count, 0);
  out(row(imagesPerRepository * 400, called, peakMb.toFixed(0), (peakMb / first).toFixed(2)));
}

if (derivation !== undefined) {
  out(`\n## How the least possible number follows (${derivation.name} resources)\n\n`);
  out(row('operation', 'called', 'least', 'because'));
  out(row(':--', '--:', '--:', ':--'));
  for (const [operation, { least, because }] of derivation.least) {
    out(row(operation, derivation.calls[operation] ?? 0, least, because));
  }
}

const [ofFirst, unchanged] = await measureLedger();
out('\n## Capacity units of the ledger, for each verdict of a scan\n\n');
out(row('scan', 'verdicts', 'reads', 'writes'));
out(row(':--', '--:', '--:', '--:'));
for (const [name, { findings, reads, writes }] of Object.entries({ first: ofFirst, unchanged })) {
  out(row(name, findings, (reads / findings).toFixed(2), (writes / findings).toFixed(2)));
}

out('\n## The end of a run, in 17 regions with 8 services; a call to DynamoDB takes 5 ms\n\n');
out(row('accounts', 'scopes', 'calls', 'seconds', 'of them busy'));
out(row('--:', '--:', '--:', '--:', '--:'));
for (const size of [10, 100]) {
  const { accounts, scopes, calls, wallSeconds, busySeconds } = await measureFinish(size);
  out(row(accounts, scopes, calls, wallSeconds.toFixed(1), busySeconds.toFixed(1)));
}

out('\n## Weekly reports of a ledger, with a heap that fits a function of 1 GB\n\n');
out(
  row(
    'findings',
    'accounts',
    'reports',
    'peak memory MB',
    'ratio to the first',
    'temporary MB',
    'written KB a finding',
  ),
);
out(row('--:', '--:', '--:', '--:', '--:', '--:', '--:'));
let smallest: number | undefined;
for (const [count, accounts] of [
  [20_000, 20],
  [200_000, 100],
] as const) {
  const { reports, peakMb, temporaryMb, writtenMb } = await measureReports(count, accounts);
  smallest ??= peakMb;
  const cells = [(peakMb / smallest).toFixed(2), temporaryMb.toFixed(0), ((writtenMb * 1000) / count).toFixed(1)];
  out(row(count, accounts, reports, peakMb.toFixed(0), ...cells));
}

out('\n## The bundles of the functions\n\n');
out(row('entry', 'MB', 'import ÷ starting Node'));
out(row(':--', '--:', '--:'));
for (const name of ['plan', 'scan', 'recheck', 'finish', 'report', 'watch']) {
  const entry = `functions/${name}/handler.ts`;
  const { megabytes, importRatio } = await measureBundle(entry);
  out(row(entry, megabytes.toFixed(2), importRatio.toFixed(2)));
}
