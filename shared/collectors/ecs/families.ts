import { pMapIterable } from 'p-map';
import { known, mapObserved, type Observed, undecidable } from '../../domain/observed.ts';
import type { CollectorContext } from '../../domain/ports.ts';
import { type DefinitionReader, type DescribedRevision, uidOf } from './definition-readers.ts';
import type { Listing } from './listing.ts';
import type { EcsRevisionInUse, EcsRevisionUse, EcsTaskDefinitionFamily, EcsTaskDefinitionRevision } from './model.ts';
import { present } from './present.ts';
import { inOrder, type UseBook } from './uses.ts';

/** Families under way at once: what bounds the memory; the rate is the limiter's concern. */
const FAMILIES_AT_ONCE = 8;

export interface FamilySource {
  readonly reader: DefinitionReader;
  /** Families with an ACTIVE revision. */
  readonly active: Listing<string>;
  readonly uses: UseBook;
  readonly usesListed: Observed<true>;
  readonly servicesListed: Observed<true>;
}

/** A family, and its revisions for the services that run them. */
export interface ReadFamily {
  readonly name: string;
  /** Null for a family that is gone since it was listed. */
  readonly resource: EcsTaskDefinitionFamily | null;
  /** Null for a revision that ECS does not show any more. */
  readonly revisions: ReadonlyMap<number, Observed<EcsTaskDefinitionRevision | null>>;
}

/**
 * Reads the families one after the other, so that never more than a few are held: the active ones, and those that have
 * only INACTIVE revisions left but are still in use (T09). For each the latest ACTIVE revision is described, and then
 * the revisions in use that are others; no revision is described twice.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deregister-task-definition-v2.html
 */
export function readFamilies(context: CollectorContext, source: FamilySource): AsyncIterable<ReadFamily> {
  const names = [...new Set([...source.active.items, ...source.uses.familiesInUse(source.reader.kind)])].sort();
  const isActive = new Set(source.active.items);
  return pMapIterable(
    names,
    // A family that is not in a complete listing has no ACTIVE revision to ask for.
    (name) => readFamily(context, source, name, isActive.has(name) || !source.active.complete.known),
    { concurrency: FAMILIES_AT_ONCE },
  );
}

async function readFamily(
  context: CollectorContext,
  source: FamilySource,
  name: string,
  mayBeActive: boolean,
): Promise<ReadFamily> {
  const { reader, uses } = source;
  const { byRevision, ofLatest } = uses.usesOf(reader.kind, name);
  const latest = mayBeActive ? await reader.describe(name) : known(null);
  const latestNumber = latest.known ? latest.value?.definition.revision : undefined;

  const described = new Map<number, Observed<DescribedRevision | null>>();
  if (latestNumber !== undefined) described.set(latestNumber, latest);
  for (const revision of byRevision.keys()) {
    if (!described.has(revision)) described.set(revision, await reader.describe(`${name}:${revision}`));
  }
  const inUse: EcsRevisionInUse[] = [];
  for (const [revision, answer] of [...described].sort(([left], [right]) => left - right)) {
    const users = inOrder([...(byRevision.get(revision) ?? []), ...(revision === latestNumber ? ofLatest : [])]);
    const entry = entryFor(uidOf(context, reader.kind, `${name}:${revision}`), users, answer);
    if (entry !== undefined) inUse.push(entry);
  }
  if (!latest.known && ofLatest.length > 0) {
    // Which revision is the latest is not known, only that it runs.
    inUse.push({ arn: uidOf(context, reader.kind, name), uses: ofLatest, definition: latest });
  }
  const isGone = latest.known && latest.value === null && inUse.length === 0;
  return {
    name,
    resource: isGone ? null : familyFrom(context, source, { name, latest, inUse, described }),
    revisions: new Map([...described].map(([revision, answer]) => [revision, definitionOf(answer)])),
  };
}

/**
 * ECS shows an INACTIVE revision as long as a service or task uses it, and starts no task of one for a rule or
 * schedule: what cannot be shown and is only named by those does not run.
 */
function entryFor(
  arn: string,
  uses: readonly EcsRevisionUse[],
  answer: Observed<DescribedRevision | null>,
): EcsRevisionInUse | undefined {
  if (uses.length === 0) return undefined;
  if (!answer.known) return { arn, uses, definition: answer };
  if (answer.value !== null)
    return { arn: answer.value.definition.arn, uses, definition: known(answer.value.definition) };
  const running = uses.filter(({ kind }) => kind !== 'event-rule' && kind !== 'schedule');
  if (running.length === 0) return undefined;
  return { arn, uses: running, definition: undecidable('ECS does not show a revision that is in use any more.') };
}

function familyFrom(
  context: CollectorContext,
  { reader, usesListed, servicesListed }: FamilySource,
  {
    name,
    latest,
    inUse,
    described,
  }: {
    readonly name: string;
    readonly latest: Observed<DescribedRevision | null>;
    readonly inUse: readonly EcsRevisionInUse[];
    readonly described: ReadonlyMap<number, Observed<DescribedRevision | null>>;
  },
): EcsTaskDefinitionFamily {
  const users = [...new Set(inUse.flatMap(({ uses }) => uses.map(({ by }) => by)))].sort();
  const newest = (latest.known ? latest.value : undefined) ?? newestOf(described);
  return {
    type: 'AwsEcsTaskDefinition',
    uid: uidOf(context, reader.kind, name),
    name,
    ...present('arn', newest?.definition.arn),
    accountId: context.accountId,
    region: context.region,
    partition: context.partition,
    ...present('tags', newest?.tags && known(newest.tags)),
    inUse: users.length > 0 ? 'yes' : usesListed.known ? 'no' : 'unknown',
    usedBy: users.slice(0, 10),
    usedByCount: users.length,
    family: name,
    revisionsInUse: inUse,
    latestActive: definitionOf(latest),
    usesListed,
    servicesListed,
    managedDaemon: reader.kind === 'daemon-task-definition',
  };
}

function definitionOf(answer: Observed<DescribedRevision | null>): Observed<EcsTaskDefinitionRevision | null> {
  return mapObserved(answer, (described) => described?.definition ?? null);
}

function newestOf(described: ReadonlyMap<number, Observed<DescribedRevision | null>>): DescribedRevision | undefined {
  const numbers = [...described.keys()].sort((left, right) => right - left);
  for (const number of numbers) {
    const answer = described.get(number);
    if (answer?.known && answer.value !== null) return answer.value;
  }
  return undefined;
}
