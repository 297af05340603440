import { isAlias, isMap, isScalar, isSeq, type Pair, Scalar, type YAMLMap, type YAMLSeq } from 'yaml';
import type { LineTree } from './line-tree.ts';
import { type ScalarValue, scalarValue } from './yaml-scalar.ts';

/** Something about a document that its author has to mend. Never quotes the document, which may hold secrets. */
export interface DocumentProblem {
  /** From 1. */
  readonly line: number;
  readonly message: string;
}

/** A document that cannot be read to its end. */
export class DocumentError extends Error {
  override readonly name = 'DocumentError';
  readonly line: number;

  constructor(line: number, message: string) {
    super(message);
    this.line = line;
  }
}

export interface ReadDocument {
  readonly value: unknown;
  readonly lines: LineTree;
  readonly problems: readonly DocumentProblem[];
}

/** A value with its lines, and how many values it would be with all aliases written out. */
interface ReadValue {
  readonly value: unknown;
  readonly lines: LineTree;
  readonly size: number;
}

/** More values than any manifest has; a few aliases of aliases reach it, and nobody could walk through them all. */
const MAX_VALUES = 5_000_000;
/** The API server takes less. */
export const MAX_DEPTH = 200;

export const REPEATED_KEY = 'repeats a key of the same mapping: kubectl takes the last one, others refuse it';

/**
 * The value of a YAML node as kubectl has it after turning it into JSON: keys are texts, the last of two equal keys wins
 * (and is reported), `<<` merges.
 *
 * @param lineAt the line of an offset
 * @throws DocumentError for what kubectl refuses, or what stands for more than can be walked through
 * @see https://github.com/kubernetes-sigs/yaml/blob/master/yaml.go
 */
export function readNode(node: unknown, lineAt: (offset: number) => number): ReadDocument {
  const reader = new NodeReader(lineAt);
  const { value, lines } = reader.read(node, 1, 0);
  return { value, lines, problems: reader.problems };
}

class NodeReader {
  readonly problems: DocumentProblem[] = [];
  readonly #lineAt: (offset: number) => number;
  /** `null` while the anchored value itself is being read. */
  readonly #anchors = new Map<string, ReadValue | null>();

  constructor(lineAt: (offset: number) => number) {
    this.#lineAt = lineAt;
  }

  /** @param line where a node without a place of its own stands */
  read(node: unknown, line: number, depth: number): ReadValue {
    const at = this.#lineOf(node, line);
    if (depth > MAX_DEPTH) throw new DocumentError(at, 'is nested too deeply to be read');
    if (isAlias(node)) return this.#resolve(node.source, at);
    const anchor = (node as { anchor?: string } | null)?.anchor;
    if (anchor !== undefined) this.#anchors.set(anchor, null);
    const read = this.#readContent(node, at, depth);
    if (read.size > MAX_VALUES)
      throw new DocumentError(at, 'stands, with its aliases, for more values than can be read');
    if (anchor !== undefined) this.#anchors.set(anchor, read);
    return read;
  }

  #readContent(node: unknown, line: number, depth: number): ReadValue {
    if (isMap(node)) return this.#readMap(node, line, depth);
    if (isSeq(node)) return this.#readSeq(node, line, depth);
    if (isScalar(node)) return { value: scalarOf(node), lines: { line }, size: 1 };
    return { value: null, lines: { line }, size: 1 };
  }

  #readSeq(node: YAMLSeq, line: number, depth: number): ReadValue {
    const values: unknown[] = [];
    const children = new Map<string, LineTree>();
    let size = 1;
    for (const [index, item] of node.items.entries()) {
      const read = this.read(item, line, depth + 1);
      values.push(read.value);
      size += read.size;
      children.set(`[${index}]`, read.lines);
      const name = nameIn(read.value);
      if (name !== undefined && !children.has(`[${name}]`)) children.set(`[${name}]`, read.lines);
    }
    return { value: values, lines: { line, children }, size };
  }

  #readMap(node: YAMLMap, line: number, depth: number): ReadValue {
    const values = new Map<string, unknown>();
    const children = new Map<string, LineTree>();
    const merges: ReadValue[] = [];
    let size = 1;
    for (const pair of node.items) {
      const at = this.#lineOf(pair.key, line);
      const read = this.read(pair.value, at, depth + 1);
      size += read.size;
      if (isMergeKey(pair)) {
        merges.push(...this.#mergeable(read, at));
        continue;
      }
      const key = this.#keyOf(pair.key, at, depth);
      if (values.has(key)) {
        this.problems.push({ line: at, message: REPEATED_KEY });
      }
      values.set(key, read.value);
      children.set(key, { ...read.lines, line: at });
    }
    for (const { value, lines } of merges) {
      for (const [key, merged] of Object.entries(value as object)) {
        if (values.has(key)) continue;
        values.set(key, merged);
        const child = lines.children?.get(key);
        if (child !== undefined) children.set(key, child);
      }
    }
    // Built at the end, because a key like __proto__ would otherwise not become a field.
    return { value: Object.fromEntries(values), lines: { line, children }, size };
  }

  /** What `<<` has: one mapping, or a list of them, of which the first that has a key wins. */
  #mergeable(read: ReadValue, line: number): readonly ReadValue[] {
    const sources = Array.isArray(read.value)
      ? read.value.map((value, index) => ({
          value,
          lines: read.lines.children?.get(`[${index}]`) ?? read.lines,
          size: 0,
        }))
      : [read];
    for (const { value } of sources) {
      if (value === null || typeof value !== 'object' || Array.isArray(value)) {
        throw new DocumentError(line, 'merges something that is no mapping');
      }
    }
    return sources;
  }

  #keyOf(node: unknown, line: number, depth: number): string {
    const { value } = this.read(node, line, depth + 1);
    if (value === null || typeof value === 'object') {
      throw new DocumentError(line, 'has a key that is no text, number or boolean');
    }
    return String(value);
  }

  #resolve(anchor: string, line: number): ReadValue {
    const read = this.#anchors.get(anchor);
    if (read === undefined) throw new DocumentError(line, 'has an alias of an anchor that is not above it');
    if (read === null) throw new DocumentError(line, 'has an alias inside the very thing it stands for');
    return read;
  }

  #lineOf(node: unknown, otherwise: number): number {
    const offset = (node as { range?: readonly number[] | null } | null)?.range?.[0];
    return offset === undefined ? otherwise : this.#lineAt(offset);
  }
}

function scalarOf({ value, type, tag }: Scalar): ScalarValue {
  return scalarValue(String(value ?? ''), type === undefined || type === Scalar.PLAIN, tag);
}

function isMergeKey({ key }: Pair): boolean {
  return isScalar(key) && key.value === '<<' && (key.type === undefined || key.type === Scalar.PLAIN);
}

/** What names an item of a list: its name, or the id of a statement. */
export function nameIn(value: unknown): string | undefined {
  if (value === null || typeof value !== 'object') return undefined;
  const { name, Sid } = value as { name?: unknown; Sid?: unknown };
  return [name, Sid].find((text) => typeof text === 'string');
}
