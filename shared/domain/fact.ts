import type { UnknownReason } from './observed.ts';

/**
 * A compact, dated statement that one work unit leaves for others (a running digest, a cluster, a role).
 * Open registry: a collector's `model.ts` merges the kinds it produces into it.
 */
// biome-ignore lint/suspicious/noEmptyInterface: filled by declaration merging in collectors/<service>/model.ts
export interface FactByKind {}

export type FactKind = keyof FactByKind & string;

export interface FactBase<K extends string> {
  readonly kind: K;
  /** What the fact is about, as those who look it up name it (a repository key, a cluster ARN). */
  readonly key: string;
  /** The account and region of the unit that stated it. */
  readonly accountId: string;
  readonly region: string;
  /** ISO 8601, UTC. */
  readonly observedAt: string;
}

export type Fact = FactByKind[FactKind];

/** How far a fact reaches: what has to be read completely before its absence means anything. */
export type FactScope = 'region' | 'account' | 'scan';

/** The fact a check or a later collector joins, and the scope that must be complete. */
export interface FactNeed {
  readonly kind: FactKind;
  readonly scope: FactScope;
}

export interface FactAnswer<K extends FactKind> {
  readonly facts: readonly FactByKind[K][];
  /** True when every unit in the asked scope that can state this kind has done so completely. */
  readonly complete: boolean;
  /** The units that have not, for example `ecs in 111122223333/eu-west-1`; empty when complete. */
  readonly missing: readonly string[];
  /** Why the first of them has not: what could not be read there. Undefined when complete. */
  readonly whyIncomplete: UnknownReason | undefined;
}

/** Read-only look-ups for checks and for collectors of a later phase. */
export interface FactLookup {
  /**
   * @param kind the kind of fact
   * @param key what it is about; omitted = all facts of the kind in the scope
   * @param within the account and region whose units must be complete; omitted = the whole scan
   */
  about<K extends FactKind>(
    kind: K,
    key?: string,
    within?: { readonly accountId: string; readonly region?: string },
  ): FactAnswer<K>;
  /** The regions of an account that are in the scope, sorted: what is global is read in one of them. */
  regionsOf(accountId: string): readonly string[];
}
