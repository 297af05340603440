import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import axe from 'axe-core';
import { afterAll, describe, expect, test } from 'vitest';
import { readPrevious } from '#shared/reports/previous.ts';
import { finding, waiver } from '#test/factories/finding.ts';
import { everythingRead, filesOf, manyFindings, reportOf } from '#test/support/report.ts';

const run = promisify(execFile);
const directory = mkdtempSync(join(tmpdir(), 'hullcheck-axe-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** The browser of the machine; CI must have one. */
async function findChromium(): Promise<string | undefined> {
  for (const name of ['chromium', 'chromium-browser', 'google-chrome']) {
    try {
      await run(name, ['--version']);
      return name;
    } catch (error) {
      if ((error as { code?: string }).code !== 'ENOENT') throw error;
    }
  }
  return undefined;
}

const chromium = await findChromium();
const isRequired = process.env.CI === 'true' && process.env.HULLCHECK_REQUIRE_CHROMIUM === 'true';

describe('the page in a browser', () => {
  test.runIf(isRequired)('is looked at: CI has a Chromium', () => {
    expect(chromium, 'install the package chromium').toBeDefined();
  });

  test.skipIf(chromium === undefined).for([
    ['light, on a desk', '1280,900', []],
    ['dark, on a telephone', '500,900', ['--blink-settings=preferredColorScheme=0']],
  ] as const)(
    `axe finds no violation${chromium === undefined ? ' (skipped: there is no chromium on this machine)' : ''}: %s`,
    async ([, size, flags]) => {
      const page = await examplePage();
      const probe = `axe.run(document).then(function(r){document.title='AXE'+btoa(unescape(encodeURIComponent(JSON.stringify(
        r.violations.map(function(v){return v.id+': '+v.nodes.length+' '+v.nodes[0].html.slice(0,160)+' '+v.nodes[0].failureSummary})))))})`;
      const file = join(directory, 'page.html');
      // The page's own policy would refuse the checker.
      const bare = page.replace(/<meta http-equiv="Content-Security-Policy"[^>]*>/, '');
      writeFileSync(
        file,
        bare.replace('</body>', () => `<script>${axe.source}</script><script>${probe}</script></body>`),
      );
      const { stdout } = await run(
        chromium ?? '',
        [
          '--headless',
          '--no-sandbox',
          '--disable-gpu',
          `--window-size=${size}`,
          ...flags,
          '--virtual-time-budget=60000',
          '--dump-dom',
          `file://${file}`,
        ],
        { maxBuffer: 64 * 1024 * 1024 },
      );
      const [, encoded = ''] = /<title>AXE([A-Za-z0-9+/=]+)<\/title>/.exec(stdout) ?? [];

      expect(encoded, 'the checker has come to its end').not.toBe('');
      expect(JSON.parse(Buffer.from(encoded, 'base64').toString('utf8'))).toEqual([]);
    },
  );
});

/** A page with every section filled: unread scopes, a waiver, a trend. */
async function examplePage(): Promise<string> {
  const first = await filesOf(await reportOf(manyFindings(100), { startedAt: '2026-11-22T12:00:00.000Z' }));
  async function* lines(): AsyncGenerator<string> {
    yield* (first.get('report.json') ?? '').split('\n');
  }
  const unread = {
    accountId: '222222222222',
    region: 'us-east-1',
    service: 'ecs',
    status: 'failed',
    reason: 'The role is missing.',
    gaps: [],
  } as const;
  const report = await reportOf([...manyFindings(200), finding({ waiver: waiver() })], {
    coverage: [...everythingRead(), unread],
    previous: await readPrevious(lines(), 'the first'),
    waiversOf: () => [{ id: 'legacy', state: 'expired', hidden: 0, owner: 'team', expiresAt: '2026-01-01T00:00:00Z' }],
  });
  return (await filesOf(report)).get('report.html') ?? '';
}
