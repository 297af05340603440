/** An event pattern of EventBridge: the shape of an event, with lists of accepted values at its leaves. */
export interface EventPattern {
  readonly [field: string]: EventPattern | readonly unknown[];
}

/** What an array of a pattern may hold besides plain values. */
type Comparison = Readonly<Record<string, unknown>>;

/**
 * Whether an event matches a pattern, for the comparisons this project's rules may use.
 *
 * @throws Error for a comparison it does not know, so that a rule never fails to match in silence
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
 */
export function matchesPattern(pattern: EventPattern, event: unknown): boolean {
  return Object.entries(pattern).every(([field, expected]) => {
    if (field === '$or') return (expected as readonly EventPattern[]).some((one) => matchesPattern(one, event));
    const found = memberOf(event, field);
    if (isLeaf(expected)) return matchesLeaf(expected, found);
    // A pattern reaches into each object of an array; one that matches as a whole is enough.
    return Array.isArray(found)
      ? found.some((item) => matchesPattern(expected, item))
      : matchesPattern(expected, found ?? {});
  });
}

function isLeaf(expected: EventPattern | readonly unknown[]): expected is readonly unknown[] {
  return Array.isArray(expected);
}

function memberOf(value: unknown, field: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, field)
    ? (value as Record<string, unknown>)[field]
    : undefined;
}

/** A list of accepted values meets a list of values where they have one in common. */
function matchesLeaf(accepted: readonly unknown[], found: unknown): boolean {
  const values = Array.isArray(found) ? found : [found];
  return accepted.some((one) =>
    values.some((value) => (isComparison(one) ? meets(one, value) : value !== undefined && value === one)),
  );
}

function isComparison(value: unknown): value is Comparison {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function meets(comparison: Comparison, value: unknown): boolean {
  return Object.entries(comparison).every(([name, operand]) => {
    switch (name) {
      case 'exists':
        return isPresentLeaf(value) === operand;
      case 'prefix':
        return typeof value === 'string' && value.startsWith(String(operand));
      case 'suffix':
        return typeof value === 'string' && value.endsWith(String(operand));
      case 'equals-ignore-case':
        return typeof value === 'string' && value.toLowerCase() === String(operand).toLowerCase();
      case 'wildcard':
        return typeof value === 'string' && wildcard(String(operand)).test(value);
      case 'numeric':
        return typeof value === 'number' && meetsBounds(operand as readonly (string | number)[], value);
      case 'anything-but':
        return isPresentLeaf(value) && !isExcluded(operand, value);
      default:
        throw new Error(`The demo's EventBridge does not know the comparison ${name}`);
    }
  });
}

/** Only leaves exist for `exists`; an object in their place does not count. */
function isPresentLeaf(value: unknown): boolean {
  return value !== undefined && (typeof value !== 'object' || value === null);
}

function isExcluded(operand: unknown, value: unknown): boolean {
  if (!isComparison(operand)) return [operand].flat().includes(value);
  return Object.entries(operand).some(([name, operands]) =>
    [operands].flat().some((one) => meets({ [name]: one }, value)),
  );
}

function wildcard(text: string): RegExp {
  const parts = text.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 's');
}

function meetsBounds(bounds: readonly (string | number)[], value: number): boolean {
  for (let at = 0; at < bounds.length; at += 2) {
    const limit = Number(bounds[at + 1]);
    const holds = {
      '=': value === limit,
      '<': value < limit,
      '<=': value <= limit,
      '>': value > limit,
      '>=': value >= limit,
    }[String(bounds[at])];
    if (holds === undefined) throw new Error(`The demo's EventBridge does not know the bound ${bounds[at]}`);
    if (!holds) return false;
  }
  return true;
}
