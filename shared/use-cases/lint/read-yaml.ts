import { LineCounter, parseAllDocuments, type YAMLParseError } from 'yaml';
import type { LineTree } from './line-tree.ts';
import { readJson } from './read-json.ts';
import { DocumentError, type DocumentProblem, type ReadDocument, readNode } from './yaml-node.ts';

/** One document of a file. */
export interface YamlDocument {
  /** Its place among the documents of the file, from 0. */
  readonly index: number;
  /** The line of its first content, from 1. */
  readonly line: number;
  /** Null for an empty one; undefined where it cannot be read, and then there are problems. */
  readonly value: unknown;
  readonly lines: LineTree;
  readonly problems: readonly DocumentProblem[];
}

/** A part of a file between two separators. */
interface Chunk {
  readonly text: string;
  /** Lines before it. */
  readonly before: number;
}

/**
 * The documents of a YAML or JSON file, read as kubectl reads them. Each is parsed for itself, so that a broken one hides
 * no other.
 */
export function* readYaml(text: string): Generator<YamlDocument> {
  let index = 0;
  for (const chunk of chunksOf(text.replace(/^\ufeff/, ''))) {
    for (const document of readChunk(chunk)) {
      yield { index, ...document };
      index += 1;
    }
  }
}

/** Splits at lines that begin with `---`, which end a document wherever they stand. */
function* chunksOf(text: string): Generator<Chunk> {
  const separator = /^---(?=\s|$)/gm;
  let [start, before, isFirst] = [0, 0, true];
  for (;;) {
    const match = separator.exec(text);
    const chunk = text.slice(start, match?.index ?? text.length);
    // What stands before the first separator is a document only where it has content; directives are none.
    if (!(isFirst && match !== null && /^(?:[^\S\n]*(?:#.*)?(?:\n|$)|%.*(?:\n|$))*$/.test(chunk))) {
      yield { text: chunk, before };
    }
    if (match === null) return;
    isFirst = false;
    before += newlinesIn(chunk);
    start = match.index + '---'.length;
  }
}

function newlinesIn(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}

type Parsed = Omit<YamlDocument, 'index'>;

function readChunk({ text, before }: Chunk): readonly Parsed[] {
  const [json] = reading(() => readJson(text, before) ?? []);
  return json === undefined ? readYamlChunk({ text, before }) : [json];
}

function readYamlChunk({ text, before }: Chunk): readonly Parsed[] {
  const counter = new LineCounter();
  const lineAt = (offset: number) => before + Math.max(1, counter.linePos(Math.min(offset, text.length)).line);
  const documents = parseChunk({ text, before }, counter);
  if (!Array.isArray(documents)) return [documents];
  if (documents.length === 0) return [emptyAt(before + 1)];
  return documents.flatMap((document) => {
    const [firstError] = document.errors;
    if (firstError !== undefined) return unreadable(lineAt(firstError.pos[0]), sentenceOf(firstError));
    return document.contents === null ? emptyAt(before + 1) : reading(() => readNode(document.contents, lineAt));
  });
}

/** Scalars stay as they are written: what they stand for is decided by kubectl's rules. */
function parseChunk({ text, before }: Chunk, lineCounter: LineCounter) {
  try {
    const documents = parseAllDocuments(text, {
      schema: 'failsafe',
      resolveKnownTags: false,
      uniqueKeys: false,
      prettyErrors: false,
      logLevel: 'silent',
      lineCounter,
    });
    return 'empty' in documents ? [] : documents;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return unreadable(before + 1, 'is nested too deeply to be read');
  }
}

/** What cannot be read to its end is a problem of this one document. */
function reading(read: () => ReadDocument | readonly []): readonly Parsed[] {
  try {
    return [read()].flat().map((document) => ({ line: document.lines.line, ...document }));
  } catch (error) {
    if (!(error instanceof DocumentError)) throw error;
    return [unreadable(error.line, error.message)];
  }
}

function emptyAt(line: number): Parsed {
  return { line, value: null, lines: { line }, problems: [] };
}

function unreadable(line: number, message: string): Parsed {
  return { line, value: undefined, lines: { line }, problems: [{ line, message }] };
}

const SENTENCES: Readonly<Record<string, string>> = {
  TAB_AS_INDENT: 'is indented by a tab, which YAML does not take',
  BAD_INDENT: 'is indented in a way that fits nothing above it, where a bracket may not be closed',
  MISSING_CHAR: 'lacks a character: a quote, bracket, comma or colon that was begun or is needed here',
  UNEXPECTED_TOKEN: 'has something where nothing of its kind can stand',
  BLOCK_AS_IMPLICIT_KEY: 'has a mapping where none can stand, as a text with a colon that is not in quotes makes',
  MULTILINE_IMPLICIT_KEY: 'has a key of several lines, as a missing colon makes',
  BAD_SCALAR_START: 'has a text that begins with a character which must be in quotes',
  BAD_DQ_ESCAPE: 'has an unknown escape in a text with double quotes',
  BLOCK_IN_FLOW: 'has a block inside brackets or braces, as one that is not closed makes',
  RESOURCE_EXHAUSTION: 'is nested too deeply to be read',
  BAD_ALIAS: 'has an alias or anchor without a name that can be used',
};

/** The parser's own sentences quote the document. */
function sentenceOf({ code }: YAMLParseError): string {
  return `is not YAML: it ${SENTENCES[code] ?? `breaks the rule ${code.toLowerCase().replaceAll('_', ' ')}`}`;
}
