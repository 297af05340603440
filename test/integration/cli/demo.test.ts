import { mkdtemp, readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runCli, SOURCE } from '#test/support/cli.ts';
import { blocksOf, notPrinted } from '#test/support/printed.ts';

const emptyDirectory = () => mkdtemp(join(tmpdir(), 'hullcheck-demo-'));

test('the published demo scans and publishes, and the files it names are there', async () => {
  const directory = await emptyDirectory();

  const { exitCode, stdout, stderr } = await runCli(['demo'], {}, { cwd: directory });

  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  expect(stdout).toMatch(/Inventory\n(?:\s+\d+ {2}\w+\n)*\s+\d+ {2}AwsEcrRepository/);
  expect(stdout).toMatch(/The scan is complete\./);
  expect(stdout).toMatch(/us-east-1 +\d+ active findings: \d+ CRITICAL/);
  expect(stdout).toMatch(/\| Subject: \[Hullcheck\] CRITICAL/);
  const files = await readdir(join(directory, 'hullcheck-demo'));
  expect(files).toHaveLength(6);
  for (const file of files) expect(stdout).toContain(join('hullcheck-demo', file));
});

describe('`npm start`', async () => {
  const directory = await emptyDirectory();
  const { exitCode, stdout, stderr } = await runCli(['demo', '--quiet'], {}, { cwd: directory, bin: SOURCE });
  const steps = stdout.split(/\n\n(?=\d\. )/).slice(1);
  const step = (number: number) => steps.find((text) => text.startsWith(`${number}. `));

  test('ends well and says nothing but the story', () => {
    expect({ exitCode, stderr, steps: steps.length }).toEqual({ exitCode: 0, stderr: '', steps: 9 });
    expect(stdout).toMatch(/Inventory\n(?:\s+\d+ {2}\w+\n)*\s+\d+ {2}AwsEcrRepository/);
    expect(stdout).not.toContain('tried again');
  });

  test('prints what the README shows', () => {
    const [, shown = ''] = blocksOf('README.md');

    expect(shown).toMatch(/^Inventory/);
    expect(notPrinted(shown, stdout)).toEqual([]);
  });

  test('plans, scans and publishes with the real functions; the first run is one baseline', () => {
    expect(step(1)).toMatch(/1 account, \d+ reading calls; \d+ BatchImportFindings calls with \d{3} findings/);
    expect(step(1)).toMatch(/1 mail, 1 event for the incident tool\n {3}mail: \[Hullcheck\] Baseline:/);
    expect(step(1)).toMatch(/us-east-1 +\d+ active findings: \d+ CRITICAL/);
    expect(step(1)).toMatch(/eu-west-1 +\d+ active findings: \d+ CRITICAL/);
  });

  test('a change is one alert, and the same scan again is silence', () => {
    expect(step(2)).toMatch(/1 BatchImportFindings call with 1 finding, 1 mail, 1 event for the incident tool/);
    expect(step(2)).toMatch(/\| Subject: \[Hullcheck\] CRITICAL new failure: unbounded-worker/);
    expect(step(3)).toContain('0 BatchImportFindings calls, 0 messages');
  });

  test('a fix is one resolve, what is deleted is archived, and a rollout that changes no practice is nothing', () => {
    expect(step(4)).toMatch(
      /1 finding: PASSED and ARCHIVED; 0 mails, 1 event for the incident tool\n.*resolve hullcheck/,
    );
    expect(step(5)).toMatch(/FAILED and ARCHIVED; 0 messages/);
    expect(step(6)).toContain('0 BatchImportFindings calls, 0 messages');
  });

  test('a critical vulnerability with a fix in what runs is the first row, and names the service', () => {
    const [, first] = stdout.split(/^SEVERITY .*\n/m);

    expect(first?.split('\n')[0]).toMatch(
      /^CRITICAL +image-no-critical-vulnerabilities +tidewater\/storefront .* that has a fix \(runs in harbor-fargate\/storefront\)/,
    );
  });

  test('the gate denies its deployment in one sentence, allows a clean one, and says where it could not look', () => {
    const lines = step(7)?.split('\n').slice(1) ?? [];

    expect(lines).toEqual([
      '   storefront: FAILED',
      expect.stringMatching(
        /^ {5}Denied: \S+\/tidewater\/storefront:latest\S* has 2 CRITICAL vulnerabilities with a fix \(CVE-2026-20417, CVE-2026-21001\), and 1 more objection\.$/,
      ),
      '   secure-app: SUCCEEDED',
      expect.stringMatching(/^ {5}Allowed: nothing speaks against secure-app:\d+, \S+\/tidewater\/secure-app:\S+\.$/),
      '   secure-app, where the gate may not call ecr:DescribeImageScanFindings: FAILED',
      expect.stringMatching(
        /^ {5}Denied because the gate could not look and is fail-closed \(gate\.whenNotLooked: deny\): .*DescribeImageScanFindings was denied/,
      ),
      '   2 mails, 2 events for the incident tool about the denials',
    ]);
  });

  test('the watch finds the scanner in order', () => {
    expect(step(8)).toContain('0 problems');
  });

  test('leaves the result and the weekly report of the deployment on disk', async () => {
    const files = await readdir(join(directory, 'hullcheck-demo'));
    for (const file of files) expect(stdout).toContain(join('hullcheck-demo', file));
    expect(files).toHaveLength(7);
    const report = await readFile(join(directory, 'hullcheck-demo/weekly-report.html'), 'utf8');
    expect(report).toContain('<h1>Weekly container security report</h1>');
    expect(step(9)).toMatch(
      /1 mail, 1 event for the incident tool\n +mail: \[Hullcheck\] Weekly report: \d+ failures, \d+ critical/,
    );
  });
});
