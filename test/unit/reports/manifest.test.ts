import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { type Manifest, type ReportPlace, verifyReport } from '#shared/reports/manifest.ts';
import { finding } from '#test/factories/finding.ts';
import { filesOf, reportOf } from '#test/support/report.ts';

function placeOf(files: ReadonlyMap<string, Uint8Array>): ReportPlace {
  return {
    list: async () => [...files.keys()],
    read: async (name) => {
      const content = files.get(name);
      return content === undefined ? undefined : only(content);
    },
  };
}

async function* only(content: Uint8Array): AsyncGenerator<Uint8Array> {
  yield content;
}

async function written(previous?: Manifest['previous']): Promise<Map<string, Uint8Array>> {
  const files = await filesOf(await reportOf([finding()]), previous);
  return new Map([...files].map(([name, text]) => [name, Buffer.from(text, 'utf8')] as const));
}

/** What verifying says: its problems, or why it could not begin. */
async function problemsOf(files: ReadonlyMap<string, Uint8Array>, expected?: string): Promise<readonly string[]> {
  try {
    return (await verifyReport(placeOf(files), expected)).problems;
  } catch (error) {
    return [(error as Error).message];
  }
}

describe('verifying a report', () => {
  test('finds nothing where nothing was changed', async () => {
    expect(await problemsOf(await written())).toEqual([]);
  });

  test('AU-11: names the file of which one byte was changed, whichever it is', async () => {
    const files = await written();
    for (const [name, content] of files) {
      for (const at of [0, Math.floor(content.length / 2), content.length - 2]) {
        const changed = Uint8Array.from(content);
        changed[at] = (changed[at] ?? 0) ^ 1;
        const problems = await problemsOf(new Map(files).set(name, changed));

        expect(problems.join(' '), `${name} at ${at}`).toContain(name);
      }
    }
  });

  test('names a file that is missing, and one that was put there', async () => {
    const files = await written();
    files.delete('findings.csv');
    files.set('notes.txt', Buffer.from('looks fine'));

    expect(await problemsOf(files)).toEqual(['findings.csv is missing.', 'notes.txt does not belong to the report.']);
  });

  test('AU-11: shows an exchanged manifest against the hash that the next report has', async () => {
    const first = await written();
    const hash = createHash('sha256')
      .update(first.get('manifest.json') ?? '')
      .digest('hex');
    const second = await written({ runId: 'first', manifestSha256: hash });
    const { manifest } = await verifyReport(placeOf(second));

    expect(manifest.previous?.manifestSha256).toBe(hash);
    expect(await problemsOf(first, hash)).toEqual([]);
    expect(await problemsOf(second, hash)).toEqual(['manifest.json has another hash than expected.']);
  });
});
