import type { Shape } from './shape.ts';

/**
 * The path of the first required member that an input lacks, or undefined when it has them all. AWS refuses such a
 * request before it looks at anything else.
 *
 * @param nested whether the structures inside are looked into as well
 */
export function missingMember(shape: Shape, value: unknown, nested: boolean, path = ''): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (shape.kind === 'list') {
    const element = shape.element.shape();
    if (element.kind !== 'structure') return undefined;
    for (const [index, item] of (value as unknown[]).entries()) {
      const missing = missingMember(element, item, nested, `${path}[${index}]`);
      if (missing) return missing;
    }
    return undefined;
  }
  if (shape.kind !== 'structure') return undefined;
  const fields = value as Record<string, unknown>;
  for (const [index, member] of shape.members.entries()) {
    const field = fields[member.name];
    const memberPath = path === '' ? member.name : `${path}.${member.name}`;
    if (index < shape.required && (field === undefined || field === null)) return memberPath;
    const missing = nested ? missingMember(member.shape(), field, nested, memberPath) : undefined;
    if (missing) return missing;
  }
  return undefined;
}
