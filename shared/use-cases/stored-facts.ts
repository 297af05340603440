import type { Fact, FactKind } from '../domain/fact.ts';
import type { FactCompletion } from '../domain/inventory.ts';
import { canonicalJson } from '../domain/json.ts';
import type { Ledger, UnitFacts } from '../domain/ledger.ts';
import type { FactCorrection } from '../domain/ports.ts';

/** What the units of the last scans, and the rechecks since, have stated. */
export interface StoredFacts {
  readonly facts: readonly Fact[];
  readonly completions: readonly FactCompletion[];
}

/** Under this name the ledger keeps what rechecks have found out since a unit looked. */
const RECHECK = 'recheck';

export interface FactOptions {
  readonly now: Date;
  readonly maxAgeSeconds: number;
  /** The unit that is about to state its facts anew, and the kinds it states. */
  readonly without?: Pick<UnitFacts, 'accountId' | 'region' | 'service'> & { readonly kinds: readonly FactKind[] };
}

/**
 * The facts of accounts. What is older than allowed is left out, and then counts as not stated: a check that needs it
 * says UNKNOWN instead of judging by an old world.
 */
export async function loadFacts(
  ledger: Ledger,
  accountIds: Iterable<string>,
  { now, maxAgeSeconds, without }: FactOptions,
): Promise<StoredFacts> {
  const oldest = new Date(now.getTime() - maxAgeSeconds * 1000).toISOString();
  const stated: UnitFacts[] = [];
  const corrections: UnitFacts[] = [];
  for (const accountId of accountIds) {
    for await (const unit of ledger.factsOf(accountId)) {
      if (unit.observedAt < oldest || isOwn(unit, without)) continue;
      (unit.service === RECHECK ? corrections : stated).push(unit);
    }
  }
  return {
    facts: [...stated.flatMap((unit) => stillTrue(unit, corrections)), ...newer(corrections, stated)],
    completions: stated.flatMap(({ accountId, region, service, completeKinds }) =>
      completeKinds.map((kind) => ({ kind, accountId, region, service })),
    ),
  };
}

/** Keeps what a recheck has found out until the next scan of the unit states it itself. */
export async function storeCorrection(
  ledger: Ledger,
  place: { readonly accountId: string; readonly region: string },
  { subject, kinds, facts }: FactCorrection,
  observedAt: string,
): Promise<void> {
  const { accountId, region } = place;
  await ledger.replaceFacts({
    accountId,
    region,
    service: RECHECK,
    cluster: subject,
    observedAt,
    completeKinds: kinds,
    facts,
  });
}

/**
 * The facts with a correction in place, as if they were loaded again.
 *
 * @returns the same as before where it says nothing else
 */
export function withCorrection(
  stored: StoredFacts,
  { accountId, region }: { readonly accountId: string; readonly region: string },
  { subject, kinds, facts: corrected }: FactCorrection,
): StoredFacts {
  const isReplaced = (fact: Fact) =>
    fact.accountId === accountId &&
    fact.region === region &&
    kinds.includes(kindOf(fact)) &&
    subjectOf(fact) === subject;
  const { facts, completions } = stored;
  if (changedFacts(facts.filter(isReplaced), corrected).length === 0) return stored;
  return { facts: [...facts.filter((fact) => !isReplaced(fact)), ...corrected], completions };
}

/** The facts that are stated on one side only; when they were stated does not count. */
export function changedFacts(before: readonly Fact[], after: readonly Fact[]): readonly Fact[] {
  // As whom an image is started is stated by whole scans alone: that a single look leaves it out changes nothing.
  const signature = ({ observedAt: _, ...said }: Fact) => canonicalJson({ ...said, startsAs: null });
  const [old, young] = [new Set(before), new Set(after)];
  // What was not touched is the same object on both sides: there may be tens of thousands.
  const [were, are] = [before.filter((fact) => !young.has(fact)), after.filter((fact) => !old.has(fact))].map(
    (facts) => new Map(facts.map((fact) => [signature(fact), fact])),
  );
  const only = (these = new Map<string, Fact>(), those = new Map<string, Fact>()) =>
    [...these].flatMap(([key, fact]) => (those.has(key) ? [] : [fact]));
  return [...only(were, are), ...only(are, were)];
}

function stillTrue(unit: UnitFacts, corrections: readonly UnitFacts[]): readonly Fact[] {
  const later = corrections.filter(
    (correction) => isAbout(correction, unit) && correction.observedAt > unit.observedAt,
  );
  return unit.facts.filter(
    (fact) =>
      !later.some(({ cluster, completeKinds }) => completeKinds.includes(kindOf(fact)) && cluster === subjectOf(fact)),
  );
}

/** Corrections that are newer than what every unit of their place has stated of the kind. */
function newer(corrections: readonly UnitFacts[], stated: readonly UnitFacts[]): readonly Fact[] {
  return corrections.flatMap((correction) =>
    correction.facts.filter((fact) => {
      const unit = stated.find((one) => isAbout(correction, one) && one.completeKinds.includes(kindOf(fact)));
      return unit === undefined || correction.observedAt > unit.observedAt;
    }),
  );
}

/** What the unit stated before, and what was corrected in it since. */
function isOwn(unit: UnitFacts, without: FactOptions['without']): boolean {
  if (without === undefined || !isAbout(unit, without)) return false;
  if (unit.service !== RECHECK) return unit.service === without.service;
  return unit.completeKinds.every((kind) => without.kinds.includes(kind));
}

function isAbout(correction: UnitFacts, { accountId, region }: Pick<UnitFacts, 'accountId' | 'region'>): boolean {
  return correction.accountId === accountId && correction.region === region;
}

/** What a fact is about: who runs an image or a task definition, else the thing itself. */
function subjectOf(fact: Fact): string {
  if ('usedBy' in fact) return fact.usedBy;
  if (fact.kind === 'task-definition-use') return fact.use.by;
  if (fact.kind === 'role-use') return fact.user;
  return fact.key;
}

function kindOf(fact: Fact): FactKind {
  return fact.kind;
}
