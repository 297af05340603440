import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { finding } from '#test/factories/finding.ts';
import { runCliHere } from '#test/support/cli-in-process.ts';
import { filesOf, reportOf } from '#test/support/report.ts';

const directory = mkdtempSync(join(tmpdir(), 'hullcheck-verify-'));
let files: ReadonlyMap<string, string>;
beforeAll(async () => {
  files = await filesOf(await reportOf([finding()]));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** A report in a directory of its own, of which one file is put there otherwise. */
function written(name: string, put: (path: string) => void = () => undefined): string {
  const own = mkdtempSync(join(directory, 'report-'));
  for (const [file, text] of files) if (file !== name) writeFileSync(join(own, file), text);
  put(join(own, name));
  return own;
}
const verify = (report: string) => runCliHere(['report', 'verify', report]);

test('a report that is as it was written verifies', async () => {
  const { exitCode, stdout } = await verify(written(''));

  expect(exitCode).toBe(0);
  expect(stdout).toContain('The 5 files are what was written: 1 findings.');
});

test.each<[string, (path: string) => void]>([
  ['directory', (path) => mkdirSync(path)],
  ['pipe', (path) => execFileSync('sh', ['-c', 'mkfifo "$1"', 'sh', path])],
  [
    'link to a file elsewhere that has the same bytes',
    (path) => {
      const elsewhere = join(directory, 'elsewhere.html');
      writeFileSync(elsewhere, files.get('report.html') ?? '');
      symlinkSync(elsewhere, path);
    },
  ],
])('a %s in place of a file of a report is named, and nothing waits for it', async (_, put) => {
  expect(await verify(written('report.html', put))).toMatchObject({
    exitCode: 1,
    stdout: 'report.html is no regular file.\n',
  });
});

test('a link to an endless file in place of the manifest is refused', async () => {
  expect(await verify(written('manifest.json', (path) => symlinkSync('/dev/zero', path)))).toMatchObject({
    exitCode: 2,
    stderr: 'hullcheck: manifest.json is no regular file.\n',
  });
});
