import { createHash } from 'node:crypto';
import { z } from 'zod';
import { plainLine } from '../sinks/plain-text.ts';
import type { ReportHead } from './model.ts';

/** The file that names the others with their hashes. */
export const MANIFEST = 'manifest.json';

/** The files of a report beside its manifest: a report has all of them. */
export const REPORT_FILES = [
  'report.html',
  'report.json',
  'findings.csv',
  'findings-controls.csv',
  'oscal.json',
] as const;
export type ReportFile = (typeof REPORT_FILES)[number];

/** The one file of a snapshot: the run on the first line, then one row of the ledger on each. */
export const SNAPSHOT_FILE = 'ledger.jsonl.gz';

/** A manifest has about 2,000 bytes: whatever is longer than this is none. */
const MAX_MANIFEST_BYTES = 1_000_000;

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
  override readonly name: string = 'ManifestError';
}

/** Raised where a link, a directory, a pipe or a device has the name of a file: reading it may never end, or lead away. */
export class NoFileError extends ManifestError {
  override readonly name = 'NoFileError';
}

/** What is printed of it; an escape sequence or a second line is nothing that Hullcheck writes. */
const plain = z
  .string()
  .min(1)
  .max(500)
  .refine((text) => plainLine(text) === text);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const count = z.int().nonnegative();
const manifestSchema = z
  .strictObject({
    schemaVersion: z.literal('1.0'),
    reportId: z.uuid(),
    runId: plain,
    createdAt: plain,
    complete: z.boolean(),
    findings: count,
    tool: z.strictObject({ name: z.literal('hullcheck'), version: plain, ruleSetHash: plain }),
    files: z.array(z.strictObject({ name: z.string(), bytes: count, sha256, findings: count.optional() })).max(10),
    previous: z.strictObject({ runId: plain, manifestSha256: sha256 }).optional(),
    seal: sha256.optional(),
  })
  .refine(({ files }) => [REPORT_FILES, [SNAPSHOT_FILE]].some((names) => isSame(names, files)))
  .refine(({ files, findings }) => files.every((file) => file.findings === undefined || file.findings === findings));

/** Whether the files are these, each once. */
function isSame(names: readonly string[], files: readonly { readonly name: string }[]): boolean {
  return files.length === names.length && names.every((name) => files.some((file) => file.name === name));
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
function parseManifest(text: string): Manifest {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // A changed byte may leave anything: the sentence says all there is to say.
    throw new ManifestError(`${MANIFEST} is damaged: it is no JSON.`);
  }
  if (!manifestSchema.safeParse(value).success)
    throw new ManifestError(`${MANIFEST} is damaged, or none of Hullcheck.`);
  return value as Manifest;
}

/**
 * Reads a manifest with the hash of its bytes.
 *
 * @throws ManifestError if it is none
 */
export async function readManifestBytes(
  bytes: AsyncIterable<Uint8Array>,
): Promise<{ readonly manifest: Manifest; readonly sha256: string; readonly isSealed: boolean }> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of bytes) {
    chunks.push(chunk);
    length += chunk.byteLength;
    if (length > MAX_MANIFEST_BYTES) throw new ManifestError(`${MANIFEST} is none of Hullcheck: it is too long.`);
  }
  const whole = Buffer.concat(chunks);
  const text = whole.toString('utf8');
  const manifest = parseManifest(text);
  const digest = createHash('sha256').update(whole).digest('hex');
  return { manifest, sha256: digest, isSealed: text === manifestText(manifest) };
}

/** Counts and hashes what passes. */
export class Digest {
  readonly #hash = createHash('sha256');
  #bytes = 0;

  add(chunk: string | Uint8Array): void {
    this.#bytes += typeof chunk === 'string' ? Buffer.byteLength(chunk, 'utf8') : chunk.byteLength;
    this.#hash.update(chunk);
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Ends the count. */
  of(name: string): ManifestFile {
    return { name, bytes: this.#bytes, sha256: this.#hash.digest('hex') };
  }
}

/** Counts the findings of a `report.json` that passes: no other line begins as theirs do. */
class FindingCount {
  findings = 0;
  /** The last bytes of what has passed. */
  #tail = Buffer.from('\n');

  add(chunk: Uint8Array): void {
    const bytes = Buffer.concat([this.#tail, chunk]);
    for (let at = bytes.indexOf(FINDING); at !== -1; at = bytes.indexOf(FINDING, at + 1)) this.findings += 1;
    this.#tail = bytes.subarray(-(FINDING.length - 1));
  }
}

const FINDING = Buffer.from('\n{"');

/** What verifying needs of the place where a report lies. */
export interface ReportPlace {
  /** The names of everything in it. */
  list(): Promise<readonly string[]>;
  /**
   * @returns undefined where there is no such file
   * @throws NoFileError where something else has its name
   */
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
  const { manifest, sha256: manifestSha256, isSealed } = await readManifestBytes(own);
  const problems: string[] = [];
  if (expected !== undefined && expected !== manifestSha256)
    problems.push(`${MANIFEST} has another hash than expected.`);
  if (!isSealed) problems.push(`${MANIFEST} was changed.`);
  for (const file of manifest.files) {
    const problem = await problemOf(file, place, manifest);
    if (problem !== undefined) problems.push(problem);
  }
  const known = new Set([MANIFEST, ...manifest.files.map(({ name }) => name)]);
  for (const name of await place.list()) {
    if (!known.has(name)) problems.push(`${plainLine(name)} does not belong to the report.`);
  }
  return { manifest, manifestSha256, problems };
}

/** What is wrong with a file; reads no more of it than there should be. */
async function problemOf(
  { name, bytes, sha256: expected }: ManifestFile,
  place: ReportPlace,
  { findings }: Manifest,
): Promise<string | undefined> {
  let content: AsyncIterable<Uint8Array> | undefined;
  try {
    content = await place.read(name);
  } catch (error) {
    if (error instanceof NoFileError) return error.message;
    throw error;
  }
  if (content === undefined) return `${name} is missing.`;
  const [digest, counted] = [new Digest(), new FindingCount()];
  for await (const chunk of content) {
    digest.add(chunk);
    if (name === 'report.json') counted.add(chunk);
    if (digest.bytes > bytes) break;
  }
  const found = digest.of(name);
  if (found.sha256 !== expected || found.bytes !== bytes) return `${name} was changed.`;
  return name === 'report.json' && counted.findings !== findings
    ? `${name} has ${counted.findings} findings, and ${MANIFEST} says ${findings}.`
    : undefined;
}
