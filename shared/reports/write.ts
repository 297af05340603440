import { controlsCsv, findingsCsv } from './csv.ts';
import { htmlReport } from './html/page.ts';
import { jsonReport } from './json.ts';
import { Digest, MANIFEST, type Manifest, type ManifestFile, manifestText, type ReportFile } from './manifest.ts';
import type { Report } from './model.ts';
import { oscalReport } from './oscal.ts';

/** Where a report goes. Gets each file piece by piece, one file after the other. */
export type ReportTarget = (name: string, chunks: AsyncIterable<string>) => Promise<void>;

/** The files of a report, by name. */
const RENDERERS: Readonly<Record<ReportFile, (report: Report) => AsyncIterable<string>>> = {
  'report.html': htmlReport,
  'report.json': jsonReport,
  'findings.csv': findingsCsv,
  'findings-controls.csv': controlsCsv,
  'oscal.json': oscalReport,
};

/** Small pieces are joined up to about this many UTF-16 units. */
const CHUNK = 64 * 1024;

/**
 * Writes a report in every format, and last the manifest that names the files with their hashes.
 *
 * @param previous the report before, which the manifest is chained to
 * @throws what the target throws; a report without a manifest is not whole
 */
export async function writeReport(
  report: Report,
  target: ReportTarget,
  previous?: Manifest['previous'],
): Promise<Manifest> {
  const { head } = report;
  const files: ManifestFile[] = [];
  for (const [name, render] of Object.entries(RENDERERS)) {
    const digest = new Digest();
    await target(name, digested(render(report), digest));
    files.push(digest.of(name));
  }
  const manifest: Manifest = {
    schemaVersion: '1.0',
    reportId: head.id,
    runId: head.runId,
    createdAt: head.createdAt,
    complete: head.complete,
    findings: head.findings,
    tool: head.tool,
    files: files.map((file) => (hasEveryFinding(file.name) ? { ...file, findings: head.findings } : file)),
    ...(previous === undefined ? {} : { previous }),
  };
  await target(MANIFEST, only(manifestText(manifest)));
  return manifest;
}

/** Files that hold one entry for each finding. */
function hasEveryFinding(name: string): boolean {
  return name === 'report.json' || name === 'findings.csv' || name === 'oscal.json';
}

async function* digested(chunks: AsyncIterable<string>, digest: Digest): AsyncGenerator<string> {
  let joined = '';
  for await (const chunk of chunks) {
    joined += chunk;
    if (joined.length < CHUNK) continue;
    digest.add(joined);
    yield joined;
    joined = '';
  }
  digest.add(joined);
  if (joined !== '') yield joined;
}

async function* only(text: string): AsyncGenerator<string> {
  yield text;
}
