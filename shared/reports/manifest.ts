import { createHash } from 'node:crypto';
import { plainLine } from '../sinks/plain-text.ts';
import type { ReportHead } from './model.ts';

/** The file that names the others with their hashes. */
export const MANIFEST = 'manifest.json';

/** What a manifest says of a file. */
export interface ManifestFile {
  readonly name: string;
  readonly bytes: number;
  /** In lower-case hexadecimal digits. */
  readonly sha256: string;
  /** How many findings it lists, where it lists them. */
  readonly findings?: number;
}

/** Names every file of a report with its hash, and the report before by the hash of its manifest (AU-11). */
export interface Manifest {
  readonly schemaVersion: '1.0';
  readonly reportId: string;
  readonly runId: string;
  readonly createdAt: string;
  readonly complete: boolean;
  readonly findings: number;
  readonly tool: ReportHead['tool'];
  readonly files: readonly ManifestFile[];
  readonly previous?: { readonly runId: string; readonly manifestSha256: string };
  /** The hash of this very text without this line: a changed byte shows without anything to compare with. */
  readonly seal?: string;
}

/** Raised when a file is no manifest. */
export class ManifestError extends Error {
  override readonly name = 'ManifestError';
}

/** A manifest as a text, sealed: always the same for the same report. */
export function manifestText({ seal: _, ...manifest }: Manifest): string {
  const seal = createHash('sha256').update(JSON.stringify(manifest)).digest('hex');
  return `${JSON.stringify({ ...manifest, seal }, undefined, 2)}\n`;
}

/** By this hash the next report names a manifest, and whoever keeps it elsewhere. */
export function manifestHash(manifest: Manifest): string {
  return createHash('sha256').update(manifestText(manifest)).digest('hex');
}

/** @throws ManifestError if the text is no manifest */
export function parseManifest(text: string): Manifest {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // A changed byte may leave anything: the sentence says all there is to say.
    throw new ManifestError(`${MANIFEST} is damaged: it is no JSON.`);
  }
  const { files, schemaVersion, reportId, previous } = (value ?? {}) as Partial<Manifest>;
  const isFile = ({ name, sha256, bytes }: ManifestFile) =>
    typeof name === 'string' && /^[\w.-]+$/.test(name) && /^[0-9a-f]{64}$/.test(sha256) && Number.isInteger(bytes);
  if (schemaVersion !== '1.0' || typeof reportId !== 'string' || !Array.isArray(files) || !files.every(isFile)) {
    throw new ManifestError(`${MANIFEST} is damaged, or none of Hullcheck.`);
  }
  if (previous !== undefined && !/^[0-9a-f]{64}$/.test(previous.manifestSha256)) {
    throw new ManifestError(`${MANIFEST} is damaged: it names the report before without its hash.`);
  }
  return value as Manifest;
}

/** Counts and hashes what passes. */
export class Digest {
  readonly #hash = createHash('sha256');
  #bytes = 0;

  add(chunk: string | Uint8Array): void {
    this.#bytes += typeof chunk === 'string' ? Buffer.byteLength(chunk, 'utf8') : chunk.byteLength;
    this.#hash.update(chunk);
  }

  /** Ends the count. */
  of(name: string): ManifestFile {
    return { name, bytes: this.#bytes, sha256: this.#hash.digest('hex') };
  }
}

/** What verifying needs of the place where a report lies. */
export interface ReportPlace {
  /** The names of everything in it. */
  list(): Promise<readonly string[]>;
  /** @returns undefined where there is no such file */
  read(name: string): Promise<AsyncIterable<Uint8Array> | undefined>;
}

/** What verifying found. */
export interface Verification {
  readonly manifest: Manifest;
  readonly manifestSha256: string;
  /** One sentence each; none where every file is as it was written. */
  readonly problems: readonly string[];
}

/**
 * Compares every file of a report with its manifest. A manifest that was exchanged as a whole shows only against the
 * next report, which has its hash, or against a hash that was kept elsewhere.
 *
 * @param expected the hash that the manifest must have, where it is known
 * @throws ManifestError if there is no manifest, or none that can be read
 */
export async function verifyReport(place: ReportPlace, expected?: string): Promise<Verification> {
  const own = await place.read(MANIFEST);
  if (own === undefined) throw new ManifestError(`There is no ${MANIFEST}: this is no report, or not a whole one.`);
  const chunks: Uint8Array[] = [];
  for await (const chunk of own) chunks.push(chunk);
  const bytes = Buffer.concat(chunks);
  const manifest = parseManifest(bytes.toString('utf8'));
  const manifestSha256 = createHash('sha256').update(bytes).digest('hex');
  const problems: string[] = [];
  if (expected !== undefined && expected !== manifestSha256)
    problems.push(`${MANIFEST} has another hash than expected.`);
  if (bytes.toString('utf8') !== manifestText(manifest)) problems.push(`${MANIFEST} was changed.`);
  for (const file of manifest.files) {
    const content = await place.read(file.name);
    if (content === undefined) {
      problems.push(`${file.name} is missing.`);
      continue;
    }
    const digest = new Digest();
    for await (const chunk of content) digest.add(chunk);
    const found = digest.of(file.name);
    if (found.sha256 !== file.sha256 || found.bytes !== file.bytes) problems.push(`${file.name} was changed.`);
  }
  const known = new Set([MANIFEST, ...manifest.files.map(({ name }) => name)]);
  for (const name of await place.list()) {
    if (!known.has(name)) problems.push(`${plainLine(name)} does not belong to the report.`);
  }
  return { manifest, manifestSha256, problems };
}
