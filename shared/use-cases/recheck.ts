import { itemsWithoutSecretTags } from '../collectors/secrets/tag-values.ts';
import { findingId } from '../domain/finding.ts';
import type { RowKey } from '../domain/ledger.ts';
import type { Collector, RecheckedItem, SinkReport } from '../domain/ports.ts';
import type { MessageQueue } from '../domain/queue.ts';
import type { Resource, ResourceType } from '../domain/resource.ts';
import { type ChangeEvent, isKnownEvent, type Touched, touchedBy } from '../domain/trigger.ts';
import { applyAbsence } from '../engine/transitions.ts';
import { changeRow } from './change-row.ts';
import { isDigesting } from './digest-facts.ts';
import { isDecision, keepDecisions } from './keep-decision.ts';
import { contextFor, factStore, factsNow, judgeLook, type LookDependencies } from './look.ts';
import { publishRows } from './publish-rows.ts';
import { recordLooks } from './record-looks.ts';
import type { UnitMessage } from './run-messages.ts';
import { changedFacts, type StoredFacts, storeCorrection } from './stored-facts.ts';

export interface RecheckDependencies extends LookDependencies {
  readonly unitQueue: MessageQueue;
}

export interface Rechecked {
  /** Resources that were read again, named for the log. */
  readonly rechecked: readonly string[];
  /** Services that a scan was asked for. */
  readonly scans: readonly string[];
  readonly decisions: number;
  /** Events that no trigger knows, or of an account or region that is not in scope. */
  readonly dropped: readonly ChangeEvent[];
  /** Events whose change could not be looked at; they have to come again. */
  readonly failed: ReadonlyMap<ChangeEvent, unknown>;
  readonly reports: readonly SinkReport[];
}

/** One thing to look at, and all the events that say so. */
interface Cause {
  readonly touched: Touched;
  readonly events: ChangeEvent[];
}

/**
 * Looks again at exactly what events touched, once however many say so, and tells what changed. What an event says is
 * never believed: it only says where to look, so that late, doubled and reordered events end in the same state.
 */
export async function recheck(events: readonly ChangeEvent[], dependencies: RecheckDependencies): Promise<Rechecked> {
  const failed = new Map<ChangeEvent, unknown>();
  const decisions = await keepDecisions(events.filter(isDecision), dependencies);
  const changes = events.filter((event) => !isDecision(event));
  if (changes.length === 0) return { rechecked: [], scans: [], decisions, dropped: [], failed, reports: [] };
  let facts = await factsNow(dependencies);
  const { causes, dropped } = causesOf(changes, facts, dependencies);
  const keys: RowKey[] = [];
  const rechecked = new Set<string>();
  const waiting = inOrder(causes, dependencies);
  // It grows while it is walked: what somebody runs is looked at again when he runs something else.
  for (const { touched, events: told } of waiting) {
    // Whoever runs it was looked at already, and it with them.
    if (rechecked.has(label(touched))) continue;
    try {
      const look = await recheckOne(touched as Required<Touched>, facts, dependencies);
      waiting.push(...touchedByFacts(facts, look.facts, told, dependencies));
      facts = look.facts;
      keys.push(...look.keys);
      for (const name of [label(touched), ...look.alsoSeen]) rechecked.add(name);
    } catch (error) {
      // The others in the batch are not to blame; the events of this one come again.
      for (const event of told) failed.set(event, error);
    }
  }
  const scans = await askForScans(causes, dependencies);
  const reports = await publish(keys, dependencies);
  return { rechecked: [...rechecked], scans, decisions, dropped, failed, reports };
}

function causesOf(
  events: readonly ChangeEvent[],
  stored: StoredFacts,
  dependencies: RecheckDependencies,
): { readonly causes: readonly Cause[]; readonly dropped: readonly ChangeEvent[] } {
  const { collectors, targets } = dependencies;
  const triggers = collectors.flatMap((collector) => collector.triggers ?? []);
  const facts = factStore(stored, dependencies);
  const inScope = new Set(targets.map(({ accountId, region }) => `${accountId} ${region}`));
  const causes = new Map<string, Cause>();
  const dropped: ChangeEvent[] = [];
  for (const event of events) {
    if (!isKnownEvent(triggers, event)) dropped.push(event);
    for (const touched of touchedBy(triggers, event, facts)) {
      const { accountId, region } = touched;
      if (!inScope.has(`${accountId} ${region}`)) {
        dropped.push(event);
        continue;
      }
      const cause = causes.get(label(touched)) ?? { touched, events: [] };
      causes.set(label(touched), cause);
      cause.events.push(event);
    }
  }
  return { causes: [...causes.values()], dropped };
}

interface LookAtOne {
  /** Where the rows are of everything that was judged again. */
  readonly keys: readonly RowKey[];
  /** What was read with it because it depends on it. */
  readonly alsoSeen: readonly string[];
  /** The facts as the look has left them. */
  readonly facts: StoredFacts;
}

async function recheckOne(
  touched: Required<Touched>,
  stored: StoredFacts,
  dependencies: RecheckDependencies,
): Promise<LookAtOne> {
  const { ledger, now, serviceOf } = dependencies;
  const { accountId, region, service } = touched;
  const collector = collectorOf(touched, dependencies);
  const target = dependencies.targets.find((one) => one.accountId === accountId && one.region === region);
  if (collector?.collectOne === undefined || target === undefined) return { keys: [], alsoSeen: [], facts: stored };
  const startedAt = now();
  const observedAt = startedAt.toISOString();
  const context = contextFor(target, collector, { startedAt, facts: factStore(stored, dependencies) }, dependencies);
  const resources: Resource[] = [];
  const gone: Extract<RecheckedItem, { gone: unknown }>['gone'][] = [];
  let corrected = false;
  for await (const item of itemsWithoutSecretTags(collector.collectOne(context, touched), context.classify)) {
    if ('resource' in item) resources.push(item.resource);
    else if ('gone' in item) gone.push(item.gone);
    else {
      await storeCorrection(ledger, touched, item.corrected, observedAt);
      corrected = true;
    }
  }
  const facts = corrected ? await factsNow(dependencies) : stored;
  const result = judgeLook({ startedAt: observedAt, resources, coverage: [] }, facts, dependencies);
  const scope = { accountId, region, service };
  const keys: RowKey[] = [...result.findings()].map(({ id }) => ({ ...scope, findingId: id }));
  const looks = [...result.findings()].map((finding) => ({ scope, finding, observedAt }));
  // What has to be told is found by the keys, together with what an earlier attempt left untold.
  await drained(recordLooks(ledger, looks, new Set(), dependencies));
  for (const { type, uid } of gone) {
    // What is gone for one collector is gone for those that look into it: each check's rows are its own service's.
    const goneKeys = dependencies.registry.checks.flatMap(({ resourceType, id }): RowKey[] => {
      const ofCheck = resourceType === type ? serviceOf(id) : undefined;
      return ofCheck === undefined
        ? []
        : [{ accountId, region, service: ofCheck, findingId: findingId(id, { ...target, uid }) }];
    });
    const rows = await ledger.readRows(goneKeys);
    for (const key of goneKeys.filter(({ findingId: id }) => rows.has(id))) {
      await changeRow(ledger, key, (row) => (row === undefined ? undefined : applyAbsence(row, observedAt)), {
        row: rows.get(key.findingId),
      });
      keys.push(key);
    }
  }
  const alsoSeen = resources.map(({ type, name, cluster }) =>
    label({ ...touched, resource: { type, name, ...(cluster === undefined ? {} : { cluster }) } }),
  );
  return { keys, alsoSeen, facts };
}

/** First those that others depend on, in the order of their collector. */
function inOrder(causes: readonly Cause[], dependencies: RecheckDependencies): Cause[] {
  const rank = ({ touched }: Cause) =>
    collectorOf(touched, dependencies)?.recheckableTypes?.indexOf(touched.resource?.type as ResourceType) ?? 0;
  return causes
    .filter(({ touched }) => isRecheckable(touched, dependencies))
    .sort((left, right) => rank(left) - rank(right));
}

/** What is touched by the facts that a look has changed, and not by an event. */
function touchedByFacts(
  before: StoredFacts,
  after: StoredFacts,
  events: ChangeEvent[],
  dependencies: RecheckDependencies,
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

function isInScope({ accountId, region }: Touched, { targets }: RecheckDependencies): boolean {
  return targets.some((target) => target.accountId === accountId && target.region === region);
}

/** What touches more than single resources is left to a scan of the service, one for each account and region. */
async function askForScans(causes: readonly Cause[], dependencies: RecheckDependencies): Promise<readonly string[]> {
  const wide = causes.filter(({ touched }) => !isRecheckable(touched, dependencies));
  const messages = new Map<string, UnitMessage>();
  for (const { touched, events } of wide) {
    const { accountId, region, service } = touched;
    const target = dependencies.targets.find((one) => one.accountId === accountId && one.region === region);
    if (target === undefined) continue;
    const key = `${accountId} ${region}`;
    const earlier = messages.get(key);
    const services = [...new Set([...(earlier?.services ?? []), service])].sort();
    const runId = earlier?.runId ?? `recheck-${events[0]?.id}`;
    messages.set(key, {
      version: 1,
      runId,
      startedAt: dependencies.now().toISOString(),
      ...target,
      phase: 0,
      services,
    });
  }
  await dependencies.unitQueue.send([...messages.values()].map((body) => ({ body })));
  return [...new Set(wide.map(({ touched }) => label(touched)))];
}

async function publish(
  keys: readonly RowKey[],
  { ledger, sinks, now }: RecheckDependencies,
): Promise<readonly SinkReport[]> {
  const rows = await ledger.readRows([...new Map(keys.map((key) => [key.findingId, key])).values()]);
  const untold = [...rows.values()].filter((row) => row.publish.state === 'pending');
  return publishRows(each(untold), {
    ledger,
    sinks,
    now,
    keepNews: sinks.some(isDigesting) ? 'not alerted' : 'nothing',
  });
}

async function* each<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}

async function drained(rows: AsyncIterator<unknown>): Promise<void> {
  while ((await rows.next()).done !== true);
}

function isRecheckable(touched: Touched, dependencies: RecheckDependencies): boolean {
  const types = collectorOf(touched, dependencies)?.recheckableTypes ?? [];
  return touched.resource !== undefined && types.includes(touched.resource.type);
}

function collectorOf({ service }: Touched, { collectors }: RecheckDependencies): Collector | undefined {
  return collectors.find((collector) => collector.service === service);
}

/** Says what is looked at, the same for the same thing. */
function label({ service, accountId, region, resource }: Touched): string {
  const place = `${service} ${accountId}/${region}`;
  return resource === undefined ? place : [place, resource.type, resource.cluster ?? '', resource.name].join(' ');
}
