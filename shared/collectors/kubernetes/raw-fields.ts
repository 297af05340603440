import { z } from 'zod';
import type { ClassifiedText } from '../../domain/secret.ts';

/** Classifies free text that may hold a secret; the text itself goes no further. */
export type Classify = (name: string, text: string) => Promise<ClassifiedText>;

/** A field of an object that the API server would not decode; never quotes what stands there. */
export interface WrongType {
  /** Kubernetes' own field path: `spec.containers[0].securityContext.privileged`. */
  readonly path: string;
  readonly message: string;
}

/** An object that the API server would refuse as a whole, because a field has another type than the API gives it. */
export class WrongTypeError extends Error {
  override readonly name = 'WrongTypeError';
  readonly problems: readonly WrongType[];

  constructor(problems: readonly WrongType[]) {
    super(problems.map(({ path, message }) => `${path}: ${message}`).join('; '));
    this.problems = problems;
  }
}

// The API server decodes `null` as if the field were not there, in structs, lists and maps alike.

export function optional<T extends z.ZodType>(schema: T) {
  return schema.nullish().transform((value) => (value ?? undefined) as z.output<T> | undefined);
}

export const text = optional(z.string());
export const flag = optional(z.boolean());
export const integer = optional(z.int());

/** A list of texts; `null` in it is the empty text. */
export const texts = optional(
  z.array(
    z
      .string()
      .nullable()
      .transform((value) => value ?? ''),
  ),
).transform((value) => value ?? []);

/** Texts by key, as labels are. */
export const textMap = optional(
  z.record(
    z.string(),
    z
      .string()
      .nullable()
      .transform((value) => value ?? ''),
  ),
).transform((value) => value ?? {});

/** A list of objects; `null` in it is an empty object. */
export function listOf<T extends z.ZodType>(schema: T) {
  return optional(z.array(item(schema))).transform((value) => value ?? []);
}

/** A list whose absence means something else than its emptiness. */
export function optionalListOf<T extends z.ZodType>(schema: T) {
  return optional(z.array(item(schema)));
}

function item<T extends z.ZodType>(schema: T) {
  return z.preprocess((value) => value ?? {}, schema);
}

/** A quantity or a port may be written as a number. */
export const intOrText = optional(z.union([z.int(), z.string()]));

/** One quantity, as it was written. */
export const quantityText = optional(z.union([z.number(), z.string()])).transform((value) =>
  value === undefined ? undefined : String(value),
);

/** Quantities by the name of the resource, as they were written. */
export const quantities = optional(
  z.record(
    z.string(),
    z.union([z.number(), z.string(), z.null()]).transform((value) => String(value ?? '')),
  ),
).transform((value) => value ?? {});

/**
 * Reads the fields that a schema names from an object as the API server sends it or a document has it.
 *
 * @param path where the object stands, for the paths of problems; empty for a whole document
 * @throws WrongTypeError naming every field of another type than the API gives it
 */
export function readFields<T extends z.ZodType>(schema: T, raw: unknown, path = ''): z.output<T> {
  const parsed = schema.safeParse(raw ?? {});
  if (parsed.success) return parsed.data;
  throw new WrongTypeError(
    parsed.error.issues.map((issue) => ({ path: joinPath(path, issue.path), message: expectationOf(issue) })),
  );
}

function joinPath(base: string, keys: readonly PropertyKey[]): string {
  let path = base;
  for (const key of keys) {
    if (typeof key === 'number') path += `[${key}]`;
    else path += path === '' ? String(key) : `.${String(key)}`;
  }
  return path === '' ? 'the document' : path;
}

const TYPE_NAMES: Readonly<Record<string, string>> = {
  string: 'a text (put it into quotes)',
  boolean: 'true or false, without quotes',
  int: 'a whole number, without quotes',
  number: 'a number, without quotes',
  array: 'a list',
  object: 'a mapping',
  record: 'a mapping',
};

function expectationOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type') return `must be ${TYPE_NAMES[issue.expected] ?? issue.expected}`;
  if (issue.code === 'invalid_union') return 'must be a text or a number';
  return 'has a value that the API does not take';
}
