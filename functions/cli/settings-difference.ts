import { canonicalJson, type JsonValue } from '#shared/domain/json.ts';

/** One place in which settings differ; undefined where the one or the other has nothing there. */
export interface Difference {
  /** Like `registry.rules[1].filters[0]`; empty where the whole differs. */
  readonly path: string;
  readonly before: JsonValue | undefined;
  readonly after: JsonValue | undefined;
}

/** The smallest parts in which two settings differ, in their order: people read what changes, not what stays. */
export function differencesBetween(
  before: JsonValue | undefined,
  after: JsonValue | undefined,
  path = '',
): readonly Difference[] {
  if (canonicalJson(before) === canonicalJson(after)) return [];
  if (Array.isArray(before) && Array.isArray(after)) {
    return range(Math.max(before.length, after.length)).flatMap((index) =>
      differencesBetween(before[index], after[index], `${path}[${index}]`),
    );
  }
  if (isObject(before) && isObject(after)) {
    const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    return names.flatMap((name) =>
      differencesBetween(before[name], after[name], path === '' ? name : `${path}.${name}`),
    );
  }
  return [{ path, before, after }];
}

function isObject(value: JsonValue | undefined): value is { readonly [key: string]: JsonValue | undefined } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function range(length: number): readonly number[] {
  return Array.from({ length }, (_, index) => index);
}
