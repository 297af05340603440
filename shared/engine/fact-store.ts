import type { CoverageGap } from '../domain/coverage.ts';
import type { Fact, FactAnswer, FactByKind, FactKind, FactLookup } from '../domain/fact.ts';
import type { FactCompletion, ScanTarget } from '../domain/inventory.ts';
import type { UnknownReason } from '../domain/observed.ts';

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
  readonly #firstGap = new Map<string, CoverageGap>();

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

  about<K extends FactKind>(kind: K, key?: string, within?: Within): FactAnswer<K> {
    const byKey = this.#byKind.get(kind);
    const all = (key === undefined ? [...(byKey?.values() ?? [])].flat() : (byKey?.get(key) ?? [])) as FactByKind[K][];
    const facts = within === undefined ? all : all.filter((fact) => isWithin(fact, within));
    const missing = this.#missing(kind, within);
    return {
      facts,
      complete: missing.length === 0,
      missing: missing.map(({ label }) => label),
      whyIncomplete: missing[0] && this.#whyIncomplete(kind, missing),
    };
  }

  regionsOf(accountId: string): readonly string[] {
    const own = this.#targets.filter((target) => target.accountId === accountId);
    return [...new Set(own.map(({ region }) => region))].sort();
  }

  /** Notes what a unit could not read, so that a missing fact can say which permission would have shown it. */
  noteGaps(gaps: readonly CoverageGap[]): void {
    for (const gap of gaps) {
      const unit = unitKey(gap);
      if (!this.#firstGap.has(unit)) this.#firstGap.set(unit, gap);
    }
  }

  #whyIncomplete(kind: FactKind, missing: readonly MissingUnit[]): UnknownReason {
    for (const { unit } of missing) {
      const gap = unit === undefined ? undefined : this.#firstGap.get(unit);
      if (gap !== undefined) {
        const { cause, operation, reason, missingPermission } = gap;
        return {
          kind: 'unreadable',
          cause,
          operation,
          message: reason,
          ...(missingPermission === undefined ? {} : { missingPermission }),
        };
      }
    }
    return {
      kind: 'undecidable',
      message: `It is not known which facts of the kind ${kind} there are: ${missing[0]?.label ?? 'nothing'} was not read.`,
    };
  }

  #missing(kind: FactKind, within?: Within): MissingUnit[] {
    const producers = this.#producers.get(kind) ?? [];
    const targets = within === undefined ? this.#targets : this.#targets.filter((target) => isWithin(target, within));
    if (producers.length === 0) return [{ label: `${kind}: no service that states it` }];
    if (targets.length === 0)
      return [{ label: `${within?.accountId}/${within?.region ?? '*'}, which is not part of this scan,` }];
    const missing: MissingUnit[] = [];
    for (const service of producers) {
      for (const { accountId, region } of targets) {
        if (!this.#completions.has(completionKey({ kind, accountId, region, service }))) {
          missing.push({
            label: `${service} in ${accountId}/${region}`,
            unit: unitKey({ service, accountId, region }),
          });
        }
      }
    }
    return missing;
  }
}

interface MissingUnit {
  readonly label: string;
  readonly unit?: string;
}

type Within = { readonly accountId: string; readonly region?: string };

function unitKey({ service, accountId, region }: Pick<CoverageGap, 'service' | 'accountId' | 'region'>): string {
  return [service, accountId, region].join(' ');
}

function isWithin(target: { readonly accountId: string; readonly region: string }, within: Within): boolean {
  return target.accountId === within.accountId && (within.region === undefined || target.region === within.region);
}

function completionKey({ kind, accountId, region, service }: FactCompletion): string {
  return [kind, accountId, region, service].join(' ');
}
