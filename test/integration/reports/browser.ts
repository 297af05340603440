import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The browser of the machine; CI must have one where HULLCHECK_REQUIRE_CHROMIUM says so. */
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

export const chromium = await findChromium();
export const isChromiumRequired = process.env.CI === 'true' && process.env.HULLCHECK_REQUIRE_CHROMIUM === 'true';
/** Stands in the name of a test that is skipped. */
export const SKIPPED = chromium === undefined ? ' (skipped: there is no chromium on this machine)' : '';

export interface Screen {
  readonly width: number;
  readonly flags?: readonly string[];
}

/**
 * Opens a page in the browser and runs a script in it.
 *
 * @param probe sources of scripts; the last one is an expression, whose value (or what it promises) comes back as JSON
 */
export async function inBrowser(
  page: string,
  { width, flags = [] }: Screen,
  probe: readonly string[],
): Promise<unknown> {
  const directory = mkdtempSync(join(tmpdir(), 'hullcheck-page-'));
  try {
    const file = join(directory, 'page.html');
    // The page's own policy would refuse the probe, and must not be what keeps a planted script from running.
    const bare = page.replace(/<meta http-equiv="Content-Security-Policy"[^>]*>/, '');
    const sources = [
      ...probe.slice(0, -1),
      `Promise.resolve(${probe.at(-1)}).then(function(r){parent.document.title='PROBE'+btoa(unescape(encodeURIComponent(JSON.stringify(r))))})`,
    ];
    const scripts = sources.map((source) => `<script data-probe>${source}</script>`).join('');
    const probed = bare.replace('</body>', () => `${scripts}</body>`);
    // A window is never narrower than 500 pixels; a frame in it is.
    const frame = probed.replaceAll('&', '&amp;').replaceAll('"', '&quot;');
    writeFileSync(
      file,
      `<!doctype html><meta charset="utf-8"><title>waiting</title><iframe style="border:0;width:${width}px;height:900px" srcdoc="${frame}"></iframe>`,
    );
    const { stdout } = await run(
      chromium ?? '',
      [
        '--headless=new',
        '--no-sandbox',
        '--disable-gpu',
        '--window-size=1400,1000',
        ...flags,
        '--virtual-time-budget=60000',
        '--dump-dom',
        `file://${file}`,
      ],
      { maxBuffer: 64 * 1024 * 1024 },
    );
    const [, encoded] = /<title>PROBE([A-Za-z0-9+/=]+)<\/title>/.exec(stdout) ?? [];
    if (encoded === undefined) throw new Error('The probe has not come to its end.');
    return JSON.parse(Buffer.from(encoded, 'base64').toString('utf8'));
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
