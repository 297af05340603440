import type { Fact, FactAnswer, FactByKind, FactKind, FactLookup } from '../domain/fact.ts';
import type { FactCompletion, ScanTarget } from '../domain/inventory.ts';

/** Who can state a kind of fact: the services whose collectors produce it. */
export type FactProducers = ReadonlyMap<FactKind, readonly string[]>;

/**
 * The facts of one scan. It knows which units should have stated a kind, so that "no such fact" is an answer only
 * where all of them have.
 */
export class FactStore implements FactLookup {
  readonly #targets: readonly ScanTarget[];
  readonly #producers: FactProducers;
  readonly #byKind = new Map<FactKind, Map<string, Fact[]>>();
  readonly #completions = new Set<string>();

  /**
   * @param targets the accounts and regions of the scan
   * @param producers the services that can state each kind; a kind nobody produces in this scan is never complete
   */
  constructor(targets: readonly ScanTarget[], producers: FactProducers) {
    this.#targets = targets;
    this.#producers = producers;
  }

  add(fact: Fact): void {
    const { kind, key } = fact as { kind: FactKind; key: string };
    const byKey = this.#byKind.get(kind) ?? new Map<string, Fact[]>();
    this.#byKind.set(kind, byKey);
    const facts = byKey.get(key) ?? [];
    byKey.set(key, facts);
    facts.push(fact);
  }

  markComplete(completion: FactCompletion): void {
    this.#completions.add(completionKey(completion));
  }

  about<K extends FactKind>(
    kind: K,
    key?: string,
    within?: { readonly accountId: string; readonly region?: string },
  ): FactAnswer<K> {
    const byKey = this.#byKind.get(kind);
    const all = (key === undefined ? [...(byKey?.values() ?? [])].flat() : (byKey?.get(key) ?? [])) as FactByKind[K][];
    const facts = within === undefined ? all : all.filter((fact) => isWithin(fact, within));
    const missing = this.#missing(kind, within);
    return { facts, complete: missing.length === 0, missing };
  }

  #missing(kind: FactKind, within?: { readonly accountId: string; readonly region?: string }): string[] {
    const producers = this.#producers.get(kind) ?? [];
    const targets = within === undefined ? this.#targets : this.#targets.filter((target) => isWithin(target, within));
    if (producers.length === 0) return [`${kind}: no service that states it was read`];
    if (targets.length === 0)
      return [`${kind}: ${within?.accountId}/${within?.region ?? '*'} is not part of this scan`];
    const missing: string[] = [];
    for (const service of producers) {
      for (const { accountId, region } of targets) {
        if (!this.#completions.has(completionKey({ kind, accountId, region, service }))) {
          missing.push(`${service} in ${accountId}/${region}`);
        }
      }
    }
    return missing;
  }
}

function isWithin(
  target: { readonly accountId: string; readonly region: string },
  within: { readonly accountId: string; readonly region?: string },
): boolean {
  return target.accountId === within.accountId && (within.region === undefined || target.region === within.region);
}

function completionKey({ kind, accountId, region, service }: FactCompletion): string {
  return [kind, accountId, region, service].join(' ');
}
