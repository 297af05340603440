import type { Finding } from '../../domain/finding.ts';
import type { Resource } from '../../domain/resource.ts';
import { type LineTree, lineOf } from './line-tree.ts';

/** Where an object stands among the files. */
export interface DocumentSource {
  readonly file: string;
  /** The document's place in its file, from 0. */
  readonly document: number;
  /** The lines of the object: of the document, or of an item of a list in it. */
  readonly lines: LineTree;
}

/** A resource made of documents. */
export interface LintedResource {
  readonly resource: Resource;
  readonly source: DocumentSource;
  /** The objects that evidence may name, as `Deployment/api`. */
  readonly named?: ReadonlyMap<string, DocumentSource>;
  /** For what no document shows: the one check that it is named for, and what is missing. */
  readonly unseen?: { readonly checkId: string; readonly message: string };
}

/**
 * The place in the documents that a finding's first evidence is about. Evidence about a namespace names objects in it, the
 * innermost last: `Deployment/api: NetworkPolicy/api: spec.egress[1]`.
 */
export function sourceOf({ source, named }: LintedResource, path = ''): NonNullable<Finding['source']> {
  if (named === undefined) return placeOf(source, path);
  const parts = path.split(': ');
  for (let index = parts.length - 1; index >= 0; index--) {
    const object = named.get(parts[index] ?? '');
    if (object !== undefined) return placeOf(object, parts.slice(index + 1).join(': '));
  }
  return placeOf(source, path);
}

function placeOf({ file, document, lines }: DocumentSource, path: string): NonNullable<Finding['source']> {
  return { file, document, line: lineOf(lines, path) };
}
