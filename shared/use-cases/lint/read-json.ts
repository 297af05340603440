import { parse, type ValueNode } from '@humanwhocodes/momoa';
import type { LineTree } from './line-tree.ts';
import {
  DocumentError,
  type DocumentProblem,
  MAX_DEPTH,
  nameIn,
  REPEATED_KEY,
  type ReadDocument,
} from './yaml-node.ts';

/**
 * Reads a document that is JSON. JSON is YAML, but what tools write is large, may be indented by tabs, and is read in a
 * tenth of the time and memory when it is known to be no more than JSON.
 *
 * @param before the lines of the file before the document
 * @returns undefined where the text is not JSON, which may still be YAML
 * @throws DocumentError where it is nested too deeply
 */
export function readJson(text: string, before: number): ReadDocument | undefined {
  if (!/^\s*[{[]/.test(text)) return undefined;
  const body = parseStrictly(text, before);
  if (body === undefined) return undefined;
  const problems: DocumentProblem[] = [];
  return { ...readValue(body, before, 0, problems), problems };
}

function parseStrictly(text: string, before: number): ValueNode | undefined {
  try {
    return parse(text, { mode: 'json' }).body;
  } catch (error) {
    if (error instanceof RangeError) throw new DocumentError(before + 1, 'is nested too deeply to be read');
    // What is neither JSON nor YAML is told by what is wrong with it as YAML, whose sentences quote nothing.
    return undefined;
  }
}

function readValue(
  node: ValueNode,
  before: number,
  depth: number,
  problems: DocumentProblem[],
): { value: unknown; lines: LineTree } {
  const line = before + node.loc.start.line;
  if (depth > MAX_DEPTH) throw new DocumentError(line, 'is nested too deeply to be read');
  const children = new Map<string, LineTree>();
  if (node.type === 'Array') {
    const values = node.elements.map(({ value: element }, index) => {
      const { value, lines } = readValue(element, before, depth + 1, problems);
      children.set(`[${index}]`, lines);
      const name = nameIn(value);
      if (name !== undefined && !children.has(`[${name}]`)) children.set(`[${name}]`, lines);
      return value;
    });
    return { value: values, lines: { line, children } };
  }
  if (node.type === 'Object') {
    const values = new Map<string, unknown>();
    for (const member of node.members) {
      const key = member.name.type === 'String' ? member.name.value : member.name.name;
      const at = before + member.loc.start.line;
      const { value, lines } = readValue(member.value, before, depth + 1, problems);
      if (values.has(key)) problems.push({ line: at, message: REPEATED_KEY });
      values.set(key, value);
      children.set(key, { ...lines, line: at });
    }
    return { value: Object.fromEntries(values), lines: { line, children } };
  }
  return { value: 'value' in node ? node.value : null, lines: { line } };
}
