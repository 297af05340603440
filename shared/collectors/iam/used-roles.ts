import { allKnown, known, type Observed, unknown } from '../../domain/observed.ts';
import type { CollectorContext } from '../../domain/ports.ts';
import type { RoleUse, RoleUseFact } from './model.ts';

/** Who uses which role, or instance profile, of the account. */
export interface UsedRoles {
  readonly byKey: ReadonlyMap<string, readonly RoleUse[]>;
  /** Known when everybody who may use a role has said so. */
  readonly complete: Observed<true>;
}

/** The roles of the account that facts name, whichever account and region they come from. */
export function usedRoles(context: CollectorContext): UsedRoles {
  const { facts, complete, whyIncomplete } = context.facts.about('role-use');
  const byKey = new Map<string, RoleUse[]>();
  for (const fact of facts) {
    if (accountIn(fact.key) !== context.accountId) continue;
    const uses = byKey.get(fact.key) ?? [];
    byKey.set(fact.key, uses);
    uses.push(useOf(fact));
  }
  return {
    byKey,
    complete: complete || whyIncomplete === undefined ? known(true) : unknown(whyIncomplete),
  };
}

/** The uses of a role by its own ARN and by those of its instance profiles, sorted, each once. */
export function mergedUses(lists: readonly (readonly RoleUse[])[]): readonly RoleUse[] {
  const byText = new Map(lists.flat().map((use) => [JSON.stringify(use), use]));
  return [...byText].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, use]) => use);
}

/** Uses that are known prove who uses a role; that nobody else does is known only where all have been asked. */
export function observedUses(uses: readonly RoleUse[], complete: Observed<true>): Observed<readonly RoleUse[]> {
  if (uses.length > 0) return known(uses);
  const all = allKnown([complete]);
  return all.known ? known(uses) : all;
}

function useOf({ kind: _, key: __, accountId: ___, region: ____, observedAt: _____, ...use }: RoleUseFact): RoleUse {
  return use;
}

function accountIn(arn: string): string | undefined {
  return arn.split(':')[4];
}
