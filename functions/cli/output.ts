import { join } from 'node:path';
import type { Finding } from '#shared/domain/finding.ts';
import type { VerdictStatus } from '#shared/domain/verdict.ts';
import type { CheckRegistry } from '#shared/engine/registry.ts';
import { asffResult } from '#shared/sinks/files/asff.ts';
import { csvResult } from '#shared/sinks/files/csv.ts';
import { jsonResult } from '#shared/sinks/files/json.ts';
import { sarifResult } from '#shared/sinks/files/sarif.ts';
import { writeChunks } from '#shared/sinks/files/write-chunks.ts';
import type { ScanResult } from '#shared/use-cases/evaluate-inventory.ts';
import { makeDirectory, writeFileStream } from './write-file.ts';

/** The formats that are for machines; `table` is for people. */
export const FILE_FORMATS = ['json', 'csv', 'sarif', 'asff'] as const;
export type FileFormat = (typeof FILE_FORMATS)[number];

const FILE_NAMES: Readonly<Record<FileFormat, string>> = {
  json: 'result.json',
  csv: 'findings.csv',
  sarif: 'findings.sarif',
  asff: 'findings.asff.json',
};

/** A result as text in one of the file formats, piece by piece. */
export function renderResult(format: FileFormat, result: ScanResult, registry: CheckRegistry): Iterable<string> {
  const { header } = result;
  const checkOf = (id: string) => registry.find(id);
  switch (format) {
    case 'json':
      return jsonResult(header, result.findings());
    case 'csv':
      return csvResult(result.findings(), { checkOf });
    case 'sarif':
      return sarifResult(header, result.findings(), registry.checks);
    case 'asff':
      return asffResult(header, result.findings(), { checkOf, toolVersion: header.tool.version });
  }
}

/**
 * Writes the result into a directory, which is made if need be.
 *
 * @param formats every file format by default
 * @returns the paths of the files
 * @throws UsageError if the directory cannot be made or written to
 */
export async function writeAllFormats(
  directory: string,
  result: ScanResult,
  registry: CheckRegistry,
  formats: readonly FileFormat[] = FILE_FORMATS,
): Promise<readonly string[]> {
  await makeDirectory(directory);
  const paths: string[] = [];
  for (const format of formats) {
    const path = join(directory, FILE_NAMES[format]);
    await writeFileStream(path, (stream) => writeChunks(renderResult(format, result, registry), stream, false));
    paths.push(path);
  }
  return paths;
}

/** The result with only the findings of the given statuses; the summary stays that of the whole scan. */
export function onlyStatuses(result: ScanResult, statuses: readonly string[] | undefined): ScanResult {
  if (statuses === undefined) return result;
  const wanted = new Set(statuses as readonly VerdictStatus[]);
  return {
    header: result.header,
    findings: () => filterFindings(result.findings(), wanted),
  };
}

function* filterFindings(findings: Iterable<Finding>, statuses: ReadonlySet<VerdictStatus>): Generator<Finding> {
  for (const finding of findings) if (statuses.has(finding.status)) yield finding;
}
