import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { type Manifest, manifestText, type ReportPlace, verifyReport } from '#shared/reports/manifest.ts';
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

async function* eachByte(content: Uint8Array): AsyncGenerator<Uint8Array> {
  for (const byte of content) yield Uint8Array.of(byte);
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

/** The report with another manifest that is sealed as Hullcheck seals its own. */
async function resealed(change: (manifest: Manifest) => object): Promise<Map<string, Uint8Array>> {
  const files = await written();
  const manifest = JSON.parse(Buffer.from(files.get('manifest.json') ?? []).toString('utf8')) as Manifest;
  return files.set('manifest.json', Buffer.from(manifestText(change(manifest) as Manifest)));
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

  const NO_MANIFEST = ['manifest.json is damaged, or none of Hullcheck.'];

  test.each<[string, (manifest: Manifest) => object]>([
    ['names no files', (manifest) => ({ ...manifest, files: [] })],
    ['leaves out a file of a report', ({ files, ...rest }) => ({ ...rest, files: files.slice(1) })],
    ['names a file twice', ({ files, ...rest }) => ({ ...rest, files: [...files, files[0]] })],
    [
      'names a file that no report has',
      ({ files: [first, ...others], ...rest }) => {
        return { ...rest, files: [{ ...first, name: '..' }, ...others] };
      },
    ],
    ['has nothing in place of a file', (manifest) => ({ ...manifest, files: [null] })],
    ['has nothing in place of the report before', (manifest) => ({ ...manifest, previous: null })],
    [
      'has a text for the number of findings',
      (manifest) => ({ ...manifest, findings: '\u001b[31mHACK\nAll is well.' }),
    ],
    ['has an escape sequence in the id of the run', (manifest) => ({ ...manifest, runId: '\u001b[2Jrun' })],
    ['has a key that Hullcheck does not write', (manifest) => ({ ...manifest, note: 'fine' })],
    ['counts otherwise for a file than for the whole', (manifest) => ({ ...manifest, findings: 7 })],
  ])('AU-11: refuses a manifest that %s, however it is sealed', async (_, change) => {
    expect(await problemsOf(await resealed(change))).toEqual(NO_MANIFEST);
  });

  test('AU-1: says where the manifest names another number of findings than the report has', async () => {
    const files = await resealed((manifest) => ({
      ...manifest,
      findings: 7,
      files: manifest.files.map((file) => (file.findings === undefined ? file : { ...file, findings: 7 })),
    }));

    expect(await problemsOf(files)).toEqual(['report.json has 1 findings, and manifest.json says 7.']);
  });

  test('AU-1: counts the findings wherever the pieces of the file end', async () => {
    const files = await written();
    const bytewise: ReportPlace = {
      ...placeOf(files),
      read: async (name) => {
        const content = files.get(name);
        return content === undefined ? undefined : eachByte(content);
      },
    };

    expect((await verifyReport(bytewise)).problems).toEqual([]);
  });

  test('reads no more of a file than there should be', async () => {
    const files = await written();
    let pieces = 0;
    async function* endless(): AsyncGenerator<Uint8Array> {
      for (;;) {
        pieces += 1;
        yield Buffer.alloc(100_000);
      }
    }
    const place = placeOf(files);
    const endlessAt = (endlessName: string): ReportPlace => ({
      ...place,
      read: async (name) => (name === endlessName ? endless() : place.read(name)),
    });

    expect((await verifyReport(endlessAt('findings.csv'))).problems).toEqual(['findings.csv was changed.']);
    await expect(verifyReport(endlessAt('manifest.json'))).rejects.toThrow('it is too long');
    expect(pieces).toBeLessThan(20);
  });
});
