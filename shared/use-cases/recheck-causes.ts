import type { Collector } from '../domain/ports.ts';
import type { ResourceType } from '../domain/resource.ts';
import { type ChangeEvent, isKnownEvent, settles, type Touched, touchedBy } from '../domain/trigger.ts';
import { phasesOf } from './collect-inventory.ts';
import { factStore, type LookDependencies } from './look.ts';
import { changedFacts, type StoredFacts } from './stored-facts.ts';

/** So long the events of swarms wait for what they tell of to be readable, and for the rest of their swarm. */
const SETTLING_SECONDS = 120;
/** So long one that waits stands for all others: each of them is over for a while when it is looked at. */
const GATHERING_SECONDS = 90;

export interface SettleDependencies extends LookDependencies {
  /** Lets an event come again, no sooner than so many seconds from now. */
  readonly postpone: (event: ChangeEvent, seconds: number) => Promise<void>;
}

/** One thing to look at, and all the events that say so. */
export interface Cause {
  readonly touched: Touched;
  readonly events: ChangeEvent[];
}

export function causesOf(
  events: readonly ChangeEvent[],
  stored: StoredFacts,
  dependencies: LookDependencies,
): { readonly causes: readonly Cause[]; readonly swarms: readonly Cause[]; readonly dropped: readonly ChangeEvent[] } {
  const { collectors, targets } = dependencies;
  const triggers = collectors.flatMap((collector) => collector.triggers ?? []);
  const facts = factStore(stored, dependencies);
  const inScope = new Set(targets.map(({ accountId, region }) => `${accountId} ${region}`));
  const causes = new Map<string, Cause>();
  const swarms = new Map<string, Cause>();
  const dropped: ChangeEvent[] = [];
  for (const event of events) {
    if (!isKnownEvent(triggers, event)) dropped.push(event);
    const told = event.waited !== true && settles(triggers, event) ? swarms : causes;
    for (const touched of touchedBy(triggers, event, facts)) {
      const { accountId, region } = touched;
      if (!inScope.has(`${accountId} ${region}`)) {
        dropped.push(event);
        continue;
      }
      const cause = told.get(label(touched)) ?? { touched, events: [] };
      told.set(label(touched), cause);
      cause.events.push(event);
    }
  }
  return { causes: [...causes.values()], swarms: [...swarms.values()], dropped };
}

/**
 * Sends one event of each swarm back to wait for all others: those that come until shortly before it returns are told
 * by the same look, however many batches and functions they come in.
 */
export async function letSettle(
  swarms: readonly Cause[],
  failed: Map<ChangeEvent, unknown>,
  { ledger, now, postpone }: SettleDependencies,
): Promise<readonly string[]> {
  const settling: string[] = [];
  for (const { touched, events } of swarms) {
    const [event] = events;
    if (event === undefined) continue;
    try {
      const name = label(touched);
      if (!(await ledger.acquireLease(`settling ${name}`, event.id, now(), GATHERING_SECONDS))) continue;
      await postpone({ ...event, waited: true }, SETTLING_SECONDS);
      settling.push(name);
    } catch (error) {
      for (const one of events) failed.set(one, error);
    }
  }
  return settling;
}

/** What is touched by the facts that a look has changed, and not by an event. */
export function touchedByFacts(
  before: StoredFacts,
  after: StoredFacts,
  events: ChangeEvent[],
  dependencies: LookDependencies,
): readonly Cause[] {
  if (before === after) return [];
  const causes = new Map<string, Cause>();
  for (const { touchedByFact } of dependencies.collectors) {
    if (touchedByFact === undefined) continue;
    const concerned = ({ facts }: StoredFacts) => facts.filter((fact) => touchedByFact(fact) !== undefined);
    for (const fact of changedFacts(concerned(before), concerned(after))) {
      const touched = touchedByFact(fact);
      if (touched !== undefined && isInScope(touched, dependencies)) causes.set(label(touched), { touched, events });
    }
  }
  return [...causes.values()];
}

function isInScope({ accountId, region }: Touched, { targets }: LookDependencies): boolean {
  return targets.some((target) => target.accountId === accountId && target.region === region);
}

type Ranking = (cause: Cause) => number;

/**
 * First what others depend on: collectors that state facts before those that need them, and of one collector the types
 * in its own order. A fact that changes then touches only what comes later.
 */
export function ranking(dependencies: LookDependencies): Ranking {
  const phases = phasesOf(dependencies.collectors).map((phase) => phase.map(({ service }) => service));
  return ({ touched: { service, resource, ...place } }) => {
    const types = collectorOf({ service, ...place }, dependencies)?.recheckableTypes ?? [];
    const phase = phases.findIndex((services) => services.includes(service));
    return phase * 100 + types.indexOf(resource?.type as ResourceType);
  };
}

/** Takes the first in order out of a list; of equals that which was there first. */
export function takeFirst(waiting: Cause[], rank: Ranking): Cause | undefined {
  const [first] = waiting.toSorted((left, right) => rank(left) - rank(right));
  if (first !== undefined) waiting.splice(waiting.indexOf(first), 1);
  return first;
}

export function isRecheckable(touched: Touched, dependencies: LookDependencies): boolean {
  const types = collectorOf(touched, dependencies)?.recheckableTypes ?? [];
  return touched.resource !== undefined && types.includes(touched.resource.type);
}

export function collectorOf({ service }: Touched, { collectors }: LookDependencies): Collector | undefined {
  return collectors.find((collector) => collector.service === service);
}

/** Says what is looked at, the same for the same thing. */
export function label({ service, accountId, region, resource }: Touched): string {
  const place = `${service} ${accountId}/${region}`;
  return resource === undefined ? place : [place, resource.type, resource.cluster ?? '', resource.name].join(' ');
}
