import { type Classify, WrongTypeError } from '../../collectors/kubernetes/raw-fields.ts';
import type { CoverageEntry, CoverageGap } from '../../domain/coverage.ts';
import { compareCodeUnits } from '../../domain/order.ts';
import { type Detected, detect } from './detect.ts';
import { dockerIgnoreFrom } from './dockerfile/docker-ignore.ts';
import { dockerfileResource, isDockerfileName, looksLikeDockerfile } from './dockerfile-document.ts';
import type { DocumentSource, LintedResource } from './document-source.ts';
import { kubernetesResources } from './kubernetes-resources.ts';
import { lineOf } from './line-tree.ts';
import { ReadObjects } from './read-objects.ts';
import { readYaml, type YamlDocument } from './read-yaml.ts';
import { taskDefinitionResource } from './task-definition-document.ts';
import { trustPolicyResource } from './trust-policy-document.ts';

/** A file to lint; `-` is standard input. */
export interface LintFile {
  readonly file: string;
  readonly content: Uint8Array;
  /** Of a Dockerfile: the `.dockerignore` of its build; null where there is none, absent where nobody looked. */
  readonly dockerIgnore?: Uint8Array | null;
}

export interface ReadOptions {
  readonly classify: Classify;
  /** The version of Kubernetes the manifests are for, `1.34`. */
  readonly kubernetesVersion: string;
  /** The namespace of manifests that name none. */
  readonly namespace?: string;
}

export interface ReadDocuments {
  readonly resources: readonly LintedResource[];
  readonly coverage: readonly CoverageEntry[];
}

/**
 * The resources of all files together: a network policy of one and a deployment of another are about each other. What
 * cannot be read is a gap in the coverage and hides nothing else.
 *
 * @throws only what `classify` throws
 */
export async function readDocuments(
  files: AsyncIterable<LintFile> | Iterable<LintFile>,
  { classify, kubernetesVersion, namespace }: ReadOptions,
): Promise<ReadDocuments> {
  const reading = new Reading(classify, namespace);
  for await (const file of files) await reading.addFile(file);
  const resources = [...reading.resources, ...kubernetesResources(reading.objects, kubernetesVersion)];
  return { resources, coverage: coverageOf(reading, resources.length) };
}

/** So many wrong types of one document are told; whoever mends these sees the rest. */
const MAX_PROBLEMS = 20;

class Reading {
  readonly objects: ReadObjects;
  readonly resources: LintedResource[] = [];
  readonly gaps: CoverageGap[] = [];
  readonly notJudged = new Map<string, number>();
  readonly #classify: Classify;

  constructor(classify: Classify, namespace: string | undefined) {
    this.#classify = classify;
    this.objects = new ReadObjects(classify, namespace);
  }

  async addFile({ file, content, dockerIgnore }: LintFile): Promise<void> {
    const text = decode(content);
    if (text === undefined) {
      this.#addGap(file, 0, 1, 'is no text in UTF-8');
      return;
    }
    if (isDockerfileName(file) || looksLikeDockerfile(text)) {
      await this.#addDockerfile(file, text, dockerIgnore);
      return;
    }
    for (const document of readYaml(text)) await this.#addDocument(file, document);
  }

  async #addDockerfile(file: string, text: string, content: Uint8Array | null | undefined): Promise<void> {
    const read = await dockerfileResource(file, text, dockerIgnoreFrom(content), this.#classify);
    if ('linted' in read) this.resources.push(read.linted);
    else for (const { line, message } of read.problems.slice(0, MAX_PROBLEMS)) this.#addGap(file, 0, line, message);
  }

  async #addDocument(file: string, { index, value, lines, problems }: YamlDocument): Promise<void> {
    for (const { line, message } of problems.slice(0, MAX_PROBLEMS)) this.#addGap(file, index, line, message);
    for (const detected of detect(value, { file, document: index, lines })) await this.#addDetected(detected);
  }

  async #addDetected(detected: Detected): Promise<void> {
    switch (detected.is) {
      case 'kubernetes': {
        const { object } = detected;
        const judged = await this.#unlessWrong(object.source, object.kind, () => this.objects.add(object));
        if (judged === false) this.#count(object.kind);
        return;
      }
      case 'task-definition': {
        const { raw, source } = detected;
        const linted = await this.#unlessWrong(source, 'task definition', () =>
          taskDefinitionResource(raw, source, this.#classify),
        );
        if (linted !== undefined) this.resources.push(linted);
        return;
      }
      case 'trust-policy':
        this.resources.push(trustPolicyResource(detected.raw, detected.source));
        return;
      case 'not-judged':
        this.#count(detected.kind);
    }
  }

  /** @returns undefined where a field has a type that nobody would take; that is a gap */
  async #unlessWrong<T>(source: DocumentSource, what: string, read: () => Promise<T>): Promise<T | undefined> {
    try {
      return await read();
    } catch (error) {
      if (!(error instanceof WrongTypeError)) throw error;
      for (const { path, message } of error.problems.slice(0, MAX_PROBLEMS)) {
        const line = lineOf(source.lines, path);
        this.#addGap(source.file, source.document, line, `has a ${what} that would be refused: ${path} ${message}`);
      }
      return undefined;
    }
  }

  #count(kind: string): void {
    this.notJudged.set(kind, (this.notJudged.get(kind) ?? 0) + 1);
  }

  #addGap(file: string, document: number, line: number, message: string): void {
    this.gaps.push({
      accountId: '',
      region: '',
      service: 'lint',
      operation: 'lint:ReadDocument',
      cause: 'invalid-answer',
      reason: `${file === '-' ? 'standard input' : file}:${line}: document ${document + 1} ${message}.`,
      resource: `${file}#${document}`,
      count: 1,
    });
  }
}

function decode(content: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(content);
  } catch {
    // The decoder has nothing to say but that it is not UTF-8, and so does the caller.
    return undefined;
  }
}

/** Kinds that are not judged are named, and are no fault of the documents. */
function coverageOf({ gaps, notJudged }: Reading, resources: number): readonly CoverageEntry[] {
  const scope = { accountId: '', region: '', service: 'lint' } as const;
  const status = gaps.length === 0 ? 'scanned' : resources > 0 ? 'partial' : 'failed';
  const kinds = [...notJudged].sort(([left], [right]) => compareCodeUnits(left, right));
  if (kinds.length === 0) return [{ ...scope, status, gaps }];
  const listed = kinds.map(([kind, count]) => (count === 1 ? kind : `${kind} (${count})`)).join(', ');
  return [
    { ...scope, status, gaps },
    { ...scope, status: 'excluded', reason: `no check is for these: ${listed}`, gaps: [] },
  ];
}
