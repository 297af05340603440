/** Systematic variations of a plain JSON value: one thing changed at a time, the original never touched. */
export type Path = readonly (string | number)[];

type Plain = Readonly<Record<string, unknown>>;

function isPlainObject(value: unknown): value is Plain {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Every value inside, with its path, outermost first; the root itself has the empty path. */
export function* walk(value: unknown, path: Path = []): Generator<{ readonly path: Path; readonly value: unknown }> {
  yield { path, value };
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) yield* walk(item, [...path, index]);
  } else if (isPlainObject(value)) {
    for (const [key, item] of Object.entries(value)) yield* walk(item, [...path, key]);
  }
}

/** A copy with another value at the path. */
export function replaceAt<T>(root: T, path: Path, replacement: unknown): T {
  const [head, ...rest] = path;
  if (head === undefined) return replacement as T;
  if (Array.isArray(root)) {
    return root.map((item, index) => (index === head ? replaceAt(item, rest, replacement) : item)) as T;
  }
  return { ...root, [head]: replaceAt((root as Plain)[head], rest, replacement) } as T;
}

/** A copy without the property or the item at the path. */
export function dropAt<T>(root: T, path: Path): T {
  const parentPath = path.slice(0, -1);
  const last = path.at(-1);
  const parent = valueAt(root, parentPath);
  if (Array.isArray(parent)) {
    return replaceAt(
      root,
      parentPath,
      parent.filter((_, index) => index !== last),
    );
  }
  const { [String(last)]: _, ...rest } = parent as Plain;
  return replaceAt(root, parentPath, rest);
}

function valueAt(root: unknown, path: Path): unknown {
  return path.reduce((value, key) => (value as Plain)[key], root);
}

/** Where something was observed: the paths of all `{known: true, value}`, nested ones included. */
export function observedPaths(root: unknown): readonly Path[] {
  return [...walk(root)].filter(({ value }) => isPlainObject(value) && value.known === true).map(({ path }) => path);
}

const OTHER_STRINGS = [
  '',
  'ENABLED',
  'DISABLED',
  'enabled',
  'disabled',
  'host',
  'root',
  '0',
  '0.0.0.0/0',
  '*',
  'ALL',
  'yes',
  'no',
];
const OTHER_NUMBERS = [0, 1, 2, 10_000];

/**
 * The value with one thing changed: null, each list emptied or one item shorter, each flag flipped, each word and
 * number replaced by others, each property in `optional` left out. Not every variation is possible in AWS.
 */
export function* singleChanges(root: unknown, optional: ReadonlySet<string>): Generator<unknown> {
  yield null;
  for (const { path, value } of walk(root)) {
    // The name of the type and the arm of an observed value say what the rest is.
    if (path.at(-1) === 'type' || path.at(-1) === 'known') continue;
    for (const other of othersFor(value)) yield replaceAt(root, path, other);
    if (Array.isArray(value)) {
      for (const index of value.keys()) yield dropAt(root, [...path, index]);
    }
    const key = path.at(-1);
    if (typeof key === 'string' && optional.has(key)) yield dropAt(root, path);
  }
}

function othersFor(value: unknown): readonly unknown[] {
  if (typeof value === 'boolean') return [!value];
  if (typeof value === 'string') return OTHER_STRINGS;
  if (typeof value === 'number') return OTHER_NUMBERS;
  return Array.isArray(value) && value.length > 0 ? [[]] : [];
}

/** Freezes a value and all inside it, so that whoever writes to it throws. */
export function deepFreeze<T>(root: T): T {
  for (const { value } of walk(root)) Object.freeze(value);
  return root;
}
