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
  /** The objects that evidence names before a colon or alone, as `Deployment/api`. */
  readonly named?: ReadonlyMap<string, DocumentSource>;
}

/** The place in the documents that a finding's first evidence is about. */
export function sourceOf({ source, named }: LintedResource, path: string | undefined): NonNullable<Finding['source']> {
  const [object = '', field = ''] = path?.split(': ', 2) ?? [];
  const other = named?.get(object);
  if (other !== undefined) return placeOf(other, field);
  return placeOf(source, path ?? '');
}

function placeOf({ file, document, lines }: DocumentSource, path: string): NonNullable<Finding['source']> {
  return { file, document, line: lineOf(lines, path) };
}
