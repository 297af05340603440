import { itemsWithoutSecretTags } from '../collectors/secrets/tag-values.ts';
import { findingId } from '../domain/finding.ts';
import type { RowKey } from '../domain/ledger.ts';
import type { UnreadableCause } from '../domain/observed.ts';
import type { FactCorrection, RecheckedItem, SinkReport } from '../domain/ports.ts';
import type { MessageQueue } from '../domain/queue.ts';
import type { Resource } from '../domain/resource.ts';
import type { ChangeEvent, Touched } from '../domain/trigger.ts';
import { applyAbsence } from '../engine/transitions.ts';
import { changeRow } from './change-row.ts';
import { isDigesting } from './digest-facts.ts';
import { isDecision, keepDecisions } from './keep-decision.ts';
import { contextFor, factStore, factsNow, judgeLook } from './look.ts';
import { publishRows } from './publish-rows.ts';
import {
  type Cause,
  causesOf,
  collectorOf,
  isRecheckable,
  label,
  letSettle,
  ranking,
  type SettleDependencies,
  takeFirst,
  touchedByFacts,
} from './recheck-causes.ts';
import { recordLooks } from './record-looks.ts';
import type { UnitMessage } from './run-messages.ts';
import { type StoredFacts, storeCorrection, withCorrection } from './stored-facts.ts';

export interface RecheckDependencies extends SettleDependencies {
  readonly unitQueue: MessageQueue;
}

export interface Rechecked {
  /** Resources that were read again, named for the log. */
  readonly rechecked: readonly string[];
  /** Services that a scan was asked for. */
  readonly scans: readonly string[];
  readonly decisions: number;
  /** Resources that are looked at when their swarms of events have settled. */
  readonly settling: readonly string[];
  /** Events that no trigger knows, or of an account or region that is not in scope. */
  readonly dropped: readonly ChangeEvent[];
  /** Events whose change could not be looked at; they have to come again. */
  readonly failed: ReadonlyMap<ChangeEvent, unknown>;
  readonly reports: readonly SinkReport[];
}

/**
 * Looks again at exactly what events touched, once however many say so, and tells what changed. What an event says is
 * never believed: it only says where to look, so that late, doubled and reordered events end in the same state.
 */
export async function recheck(events: readonly ChangeEvent[], dependencies: RecheckDependencies): Promise<Rechecked> {
  const failed = new Map<ChangeEvent, unknown>();
  const decisions = await keepDecisions(events.filter(isDecision), dependencies);
  const changes = events.filter((event) => !isDecision(event));
  if (changes.length === 0) {
    return { rechecked: [], scans: [], decisions, settling: [], dropped: [], failed, reports: [] };
  }
  let facts = await factsNow(dependencies);
  const { causes, swarms, dropped } = causesOf(changes, facts, dependencies);
  const settling = await letSettle(swarms, failed, dependencies);
  const keys: RowKey[] = [];
  const corrections: Correction[] = [];
  const rechecked = new Set<string>();
  const rank = ranking(dependencies);
  const waiting = causes.filter(({ touched }) => isRecheckable(touched, dependencies));
  // It grows while it shrinks: what somebody runs is looked at again when he runs something else.
  for (let cause = takeFirst(waiting, rank); cause !== undefined; cause = takeFirst(waiting, rank)) {
    const { touched, events: told } = cause;
    // Whoever runs it was looked at already, and it with them.
    if (rechecked.has(label(touched))) continue;
    try {
      const look = await recheckOne(touched as Required<Touched>, facts, dependencies);
      waiting.push(...touchedByFacts(facts, look.facts, told, dependencies));
      facts = look.facts;
      keys.push(...look.keys);
      corrections.push(...look.corrections.map((one) => ({ ...one, events: told })));
      for (const name of [label(touched), ...look.alsoSeen]) rechecked.add(name);
      if (look.notYet !== undefined) throw new NotYetReadableError(look.notYet);
    } catch (error) {
      // The others in the batch are not to blame; the events of this one come again.
      for (const event of told) failed.set(event, error);
    }
  }
  const scans = await askForScans(causes, dependencies);
  const reports = await publish(keys, dependencies);
  // Last, and not where something has to be repeated: what follows from a fact is looked at because it changes.
  for (const { events: told, place, correction, observedAt } of corrections) {
    if (told.some((event) => failed.has(event))) continue;
    await storeCorrection(dependencies.ledger, place, correction, observedAt);
  }
  return { rechecked: [...rechecked], scans, decisions, settling, dropped, failed, reports };
}

/** Raised where a moment later the same call may well be answered: nobody would look again before the next scan. */
class NotYetReadableError extends Error {
  override readonly name = 'NotYetReadableError';
}

const PASSES: ReadonlySet<UnreadableCause> = new Set(['throttled', 'unreachable']);

/** A fact that was found to be different, and the events to which that is owed. */
interface Correction {
  readonly place: Pick<Touched, 'accountId' | 'region'>;
  readonly correction: FactCorrection;
  readonly observedAt: string;
  readonly events: readonly ChangeEvent[];
}

interface LookAtOne {
  /** Where the rows are of everything that was judged again. */
  readonly keys: readonly RowKey[];
  /** What was read with it because it depends on it. */
  readonly alsoSeen: readonly string[];
  /** The facts as the look has left them. */
  readonly facts: StoredFacts;
  readonly corrections: readonly Omit<Correction, 'events'>[];
  /** Why something could not be read just now. */
  readonly notYet?: string;
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
  if (collector?.collectOne === undefined || target === undefined) {
    return { keys: [], alsoSeen: [], facts: stored, corrections: [] };
  }
  const startedAt = now();
  const observedAt = startedAt.toISOString();
  const context = contextFor(target, collector, { startedAt, facts: factStore(stored, dependencies) }, dependencies);
  const resources: Resource[] = [];
  const gone: Extract<RecheckedItem, { gone: unknown }>['gone'][] = [];
  const corrections: Omit<Correction, 'events'>[] = [];
  let facts = stored;
  for await (const item of itemsWithoutSecretTags(collector.collectOne(context, touched), context.classify)) {
    if ('resource' in item) resources.push(item.resource);
    else if ('gone' in item) gone.push(item.gone);
    else {
      const corrected = withCorrection(facts, touched, item.corrected);
      if (corrected === facts) continue;
      corrections.push({ place: { accountId, region }, correction: item.corrected, observedAt });
      facts = corrected;
    }
  }
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
  const notYet = context.gaps.list().find(({ cause }) => PASSES.has(cause))?.reason;
  return { keys, alsoSeen, facts, corrections, ...(notYet === undefined ? {} : { notYet }) };
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
