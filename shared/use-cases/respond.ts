import pMap from 'p-map';
import type { Check } from '../domain/check.ts';
import { type Finding, findingId, partsOfFindingId } from '../domain/finding.ts';
import { groupBy } from '../domain/group-by.ts';
import type { ScanTarget } from '../domain/inventory.ts';
import { canonicalJson, type JsonValue } from '../domain/json.ts';
import type { ClientClass, Collector } from '../domain/ports.ts';
import type { Resource } from '../domain/resource.ts';
import type { ResponseRecord, SeenVerdict } from '../domain/response.ts';
import type { Touched } from '../domain/trigger.ts';
import { FixCallError } from '../fixes/call-error.ts';
import type { Fix, FixPlace } from '../fixes/fix.ts';
import type { JudgeDependencies } from './look.ts';
import { lookAgain, NO_FACTS, type RecheckingCollector, type SecondLook } from './respond-look.ts';
import type { StoredFacts } from './stored-facts.ts';

export interface RespondDependencies extends JudgeDependencies {
  readonly fixes: readonly Fix[];
  /** What others have stated, for the fixes and checks that need it; asked for only then. */
  readonly facts: () => Promise<StoredFacts>;
  /** A client with the rights of the responding role; {@link JudgeDependencies.clientFor} has those for reading. */
  readonly responderFor: <C>(target: ScanTarget, clientClass: ClientClass<C>) => C;
  readonly pause: (milliseconds: number) => Promise<void>;
  /** Keeps evidence. What cannot be written down is not done: it is called before a change, and again with its end. */
  readonly keep: (record: ResponseRecord) => Promise<void>;
  readonly requestedBy: string;
  /** False: says what would be done, and writes nothing. */
  readonly apply: boolean;
  readonly allowUnknownUse: boolean;
}

/** Accounts and regions worked on at once; within one, settings that several fixes share are changed one after another. */
const PLACES_AT_ONCE = 4;

/**
 * Fixes what findings complain of, each with an outcome of its own, in the order given. What the findings say is not
 * believed: each resource is read again first, so that the same request twice changes nothing the second time.
 *
 * @throws AggregateError of what nobody foresaw, after all others were dealt with
 */
export async function respond(
  findingIds: readonly string[],
  dependencies: RespondDependencies,
): Promise<readonly ResponseRecord[]> {
  const ids = [...new Set(findingIds)];
  const places = groupBy(ids, (id) => id.split('/').slice(0, 4).join('/'));
  const records = new Map<string, ResponseRecord>();
  await pMap(
    places.values(),
    async (idsOfPlace) => {
      for (const id of idsOfPlace) records.set(id, await respondToOne(id, dependencies));
    },
    { concurrency: PLACES_AT_ONCE, stopOnError: false },
  );
  return ids.flatMap((id) => records.get(id) ?? []);
}

/** What a request is about, once it is known that there is a fix for it. */
interface Case {
  readonly id: string;
  readonly check: Check;
  readonly fix: Fix;
  readonly target: ScanTarget;
  readonly collector: RecheckingCollector;
  readonly touched: Required<Touched>;
}

type Ending = Omit<ResponseRecord, 'version' | 'findingId' | 'at' | 'requestedBy' | 'dryRun'>;

async function respondToOne(id: string, dependencies: RespondDependencies): Promise<ResponseRecord> {
  const { now, requestedBy, apply, keep } = dependencies;
  const head = { version: 1, findingId: id, at: now().toISOString(), requestedBy, dryRun: !apply } as const;
  const found = caseOf(id, dependencies);
  const ending =
    'because' in found
      ? ({ outcome: 'refused', says: found.because } as const)
      : await handle(found, dependencies, (intent) => keep({ ...head, ...intent }));
  const record = { ...head, ...ending };
  await keep(record);
  return record;
}

function caseOf(
  id: string,
  { registry, fixes, targets, collectors }: RespondDependencies,
): Case | { readonly because: string } {
  const parts = partsOfFindingId(id);
  if (parts === undefined) return { because: 'This is not the id of a finding of Hullcheck.' };
  const { accountId, region, checkId, uid } = parts;
  const check = registry.find(checkId);
  if (check === undefined) return { because: `This version of Hullcheck has no check ${checkId}.` };
  const fix = fixes.find(({ checks }) => checks.includes(check.id));
  if (fix === undefined) {
    const { text, url } = check.remediation;
    return { because: `Hullcheck has no safe fix for ${check.id}; by hand: ${text} ${url}` };
  }
  const target = targets.find((one) => one.accountId === accountId && one.region === region);
  if (target === undefined) return { because: `The account ${accountId} and region ${region} are not in scope.` };
  const collector = collectors.find(({ resourceTypes }) => resourceTypes.includes(fix.resourceType));
  const name = fix.nameOf(uid);
  if (name === undefined || collector === undefined || !canRecheck(collector)) {
    return { because: `The id does not end with the ARN of what ${check.id} judges.` };
  }
  const resource = { type: fix.resourceType, name };
  return {
    id: findingId(check.id, { ...target, uid }),
    check,
    fix,
    target,
    collector,
    touched: { service: collector.service, accountId, region, resource },
  };
}

function canRecheck(collector: Collector): collector is RecheckingCollector {
  return collector.collectOne !== undefined;
}

async function handle(
  work: Case,
  dependencies: RespondDependencies,
  keepIntent: (intent: Ending) => Promise<void>,
): Promise<Ending> {
  const { fix } = work;
  const { look, facts } = await firstLook(work, dependencies);
  if (look.seen === 'gone') return { outcome: 'refused', fix: fix.id, says: 'The resource does not exist any more.' };
  if (look.seen === 'nothing') return { outcome: 'could-not-look', fix: fix.id, says: look.because };
  const { finding, resource } = look;
  const seen = { fix: fix.id, resource: finding.resource, verdictBefore: verdictOf(finding) };
  const objection = objectionTo(finding, resource, dependencies);
  if (objection !== undefined) return { ...objection, ...seen };

  const place = placeOf(work.target, dependencies);
  const before = await attempt(() => fix.read(place, resource));
  if ('failure' in before) return { outcome: 'could-not-look', says: before.failure.message, ...seen };
  const { allowUnknownUse, parameters, apply } = dependencies;
  const checkId = work.check.id;
  const decision = fix.decide(before.value, { checkId, resource, parameters: parameters[checkId], allowUnknownUse });
  if (decision.kind === 'refused') {
    return { outcome: 'refused', says: decision.because, ...seen, before: before.value };
  }
  const { says, wanted } = decision;
  const plan = { ...seen, before: before.value, wanted };
  if (canonicalJson(wanted) === canonicalJson(before.value)) {
    const unchanged = 'The settings are already what the fix would make them, and the check still fails.';
    return { outcome: 'still-failing', says: unchanged, ...plan };
  }
  if (!apply) return { outcome: 'planned', says, ...plan };

  await keepIntent({ outcome: 'applying', says, ...plan });
  const written = await attempt(() => fix.write(place, { before: before.value, wanted }, resource));
  const after = await attempt(() => fix.read(place, resource));
  const readBack: { after?: JsonValue } = 'failure' in after ? {} : { after: after.value };
  if ('failure' in written) {
    return { outcome: 'still-failing', says: written.failure.message, ...plan, ...readBack };
  }
  const last = await lookAgain(work.id, work, facts, dependencies);
  return { ...endOf(last, says), ...plan, ...readBack };
}

/** Facts are asked for where the fix or the check cannot do without: reading them may take a while. */
async function firstLook(
  work: Case,
  dependencies: RespondDependencies,
): Promise<{ readonly look: SecondLook; readonly facts: StoredFacts }> {
  const without = work.fix.needsFacts ? undefined : await lookAgain(work.id, work, NO_FACTS, dependencies);
  const isDecided = without !== undefined && (without.seen !== 'finding' || without.finding.status !== 'UNKNOWN');
  if (isDecided) return { look: without, facts: NO_FACTS };
  const facts = await dependencies.facts();
  return { look: await lookAgain(work.id, work, facts, dependencies), facts };
}

/** Why nothing may be changed, whatever the fix would say. */
function objectionTo(
  finding: Finding,
  resource: Resource,
  { waivers }: RespondDependencies,
): Pick<Ending, 'outcome' | 'says'> | undefined {
  const { status, reason, waiver } = finding;
  if (status === 'PASSED') return { outcome: 'no-change', says: 'The check passes: there is nothing to fix.' };
  if (status === 'NOT_APPLICABLE') return { outcome: 'no-change', says: `The check does not apply: ${reason}.` };
  if (status === 'UNKNOWN') {
    return { outcome: 'could-not-look', says: finding.unknown?.message ?? 'Whether it fails is not known.' };
  }
  if (waiver !== undefined) {
    return {
      outcome: 'refused',
      says: `The waiver ${waiver.id} of ${waiver.owner} accepts this until ${waiver.expiresAt.slice(0, 10)}: remove it first.`,
    };
  }
  const [ignored] = waivers?.ignored ?? [];
  if (ignored !== undefined) {
    return {
      outcome: 'refused',
      says: `The waiver ${ignored.id} is written wrongly, so whether it protects the resource is not known: mend it first.`,
    };
  }
  const byTags = waivers?.waivers.some(({ checks, scope }) => scope.tags && checks.includes(finding.checkId)) === true;
  if (byTags && resource.tags?.known === false) {
    return {
      outcome: 'could-not-look',
      says: `A waiver of the check asks for tags, and those of the resource are not known: ${resource.tags.reason.message}`,
    };
  }
  return undefined;
}

function endOf(look: SecondLook, did: string): Pick<Ending, 'outcome' | 'says' | 'verdictAfter'> {
  if (look.seen !== 'finding') {
    const why = look.seen === 'gone' ? 'The resource does not exist any more.' : look.because;
    return { outcome: 'still-failing', says: `It was changed, and could not be judged afterwards: ${why}` };
  }
  const verdictAfter = verdictOf(look.finding);
  const { status, reason } = verdictAfter;
  if (status === 'PASSED' || status === 'NOT_APPLICABLE') return { outcome: 'fixed', says: did, verdictAfter };
  return { outcome: 'still-failing', says: `It was changed, and the check says ${status}: ${reason}.`, verdictAfter };
}

function placeOf(target: ScanTarget, { responderFor, pause }: RespondDependencies): FixPlace {
  return {
    ...target,
    clientFor: (clientClass) => responderFor(target, clientClass),
    async call(operation, send) {
      try {
        return await send();
      } catch (error) {
        throw new FixCallError(operation, error);
      }
    },
    pause,
  };
}

/** An answer that AWS did not give is a value here; everything else is a defect and goes on as an error. */
async function attempt<T>(work: () => Promise<T>): Promise<{ readonly value: T } | { readonly failure: FixCallError }> {
  try {
    return { value: await work() };
  } catch (error) {
    if (error instanceof FixCallError) return { failure: error };
    throw error;
  }
}

function verdictOf({ status, reason, unknown, evidence }: Finding): SeenVerdict {
  return { status, reason: reason || (unknown?.message ?? ''), evidence };
}
