import type { CoverageEntry } from '../domain/coverage.ts';
import { isIncomplete } from '../domain/coverage.ts';
import type { Finding } from '../domain/finding.ts';
import type { Resource, ResourceBase, ResourceReference } from '../domain/resource.ts';
import type { WaiverUse } from '../domain/result.ts';
import {
  isExpired,
  isExpiring,
  isGlob,
  matchesAny,
  scopeCovers,
  type TagLookup,
  type Waiver,
  type WaiverSet,
  type WaiverState,
  waiverReference,
} from '../domain/waiver.ts';

/** So many ids of hidden findings are kept for each waiver; the count is always whole. */
const KEPT_IDS = 10;

/** The waivers of one check: those that name resources exactly are found without trying all. */
interface CheckWaivers {
  readonly byResource: ReadonlyMap<string, readonly number[]>;
  readonly others: readonly number[];
}

/** Finds the waivers in force that cover a finding. A baseline has thousands, so that trying each would not do. */
export class WaiverIndex {
  readonly waivers: readonly Waiver[];
  readonly #tagsOf: TagLookup;
  readonly #byCheck: ReadonlyMap<string, CheckWaivers>;

  /**
   * @param waivers in the order of the file; expired ones are left out
   * @param now the time of the scan
   */
  constructor(waivers: readonly Waiver[], now: Date, tagsOf: TagLookup) {
    this.waivers = waivers.filter((waiver) => !isExpired(waiver, now));
    this.#tagsOf = tagsOf;
    const byCheck = new Map<string, { byResource: Map<string, number[]>; others: number[] }>();
    for (const [position, { checks, scope }] of this.waivers.entries()) {
      for (const check of checks) {
        const ofCheck = byCheck.get(check) ?? { byResource: new Map<string, number[]>(), others: [] };
        byCheck.set(check, ofCheck);
        if (scope.resource === undefined || scope.resource.some(isGlob)) ofCheck.others.push(position);
        else for (const uid of scope.resource) pushTo(ofCheck.byResource, uid, position);
      }
    }
    this.#byCheck = byCheck;
  }

  /** The waivers that cover a finding, in the order of the file. */
  covering({ checkId, resource }: Pick<Finding, 'checkId' | 'resource'>): readonly Waiver[] {
    const ofCheck = this.#byCheck.get(checkId);
    if (ofCheck === undefined) return [];
    const { byResource, others } = ofCheck;
    const positions = new Set([
      ...(byResource.get(resource.uid) ?? []),
      ...(resource.arn === undefined ? [] : (byResource.get(resource.arn) ?? [])),
      ...others,
    ]);
    return [...positions]
      .sort((left, right) => left - right)
      .flatMap((position) => this.waivers[position] ?? [])
      .filter(({ scope }) => scopeCovers(scope, resource, this.#tagsOf));
  }
}

function pushTo(lists: Map<string, number[]>, key: string, position: number): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [position]);
  else list.push(position);
}

/** What each waiver covered, counted in passing. */
export class WaiverTally {
  readonly #byId = new Map<string, { hidden: number; unknown: number; findingIds: string[] }>();

  add(finding: Finding, covering: readonly Waiver[]): void {
    for (const { id } of covering) {
      const counts = this.#byId.get(id) ?? { hidden: 0, unknown: 0, findingIds: [] };
      this.#byId.set(id, counts);
      if (finding.status !== 'FAILED') {
        counts.unknown += 1;
        continue;
      }
      counts.hidden += 1;
      if (counts.findingIds.length < KEPT_IDS) counts.findingIds.push(finding.id);
    }
  }

  of(id: string): { readonly hidden: number; readonly unknown: number; readonly findingIds: readonly string[] } {
    return this.#byId.get(id) ?? { hidden: 0, unknown: 0, findingIds: [] };
  }
}

/**
 * Puts waivers on the failures they cover, one finding at a time and in the order they come. Of several waivers the
 * first of the file stands on the finding; each of them counts it as hidden.
 *
 * @param tally counts in this pass, if given
 */
export function* applyWaivers(
  findings: Iterable<Finding>,
  index: WaiverIndex,
  tally?: WaiverTally,
): Generator<Finding> {
  for (const finding of findings) {
    if (finding.status !== 'FAILED' && finding.status !== 'UNKNOWN') {
      yield finding;
      continue;
    }
    const covering = index.covering(finding);
    tally?.add(finding, covering);
    const [waiver] = covering;
    yield finding.status === 'FAILED' && waiver !== undefined
      ? { ...finding, waiver: waiverReference(waiver) }
      : finding;
  }
}

/** What a run looked at: without it "nothing matched" would prove nothing. */
export interface LookedAt {
  /** The service by check id, for the checks that were evaluated on something that was read. */
  readonly serviceOfCheck: ReadonlyMap<string, string>;
  readonly coverage: readonly CoverageEntry[];
}

/** Each waiver of a set with its state and what it hid; those that are ignored come last. */
export function waiverUses(
  { waivers, ignored }: WaiverSet,
  tally: WaiverTally,
  lookedAt: LookedAt,
  now: Date,
): readonly WaiverUse[] {
  return [
    ...waivers.map((waiver) => {
      const { hidden, findingIds } = tally.of(waiver.id);
      const { id, expiresAt, owner } = waiver;
      return { id, state: stateOf(waiver, tally, lookedAt, now), hidden, expiresAt, owner, findingIds };
    }),
    ...ignored.map(({ id, problems }) => ({ id, state: 'malformed' as const, hidden: 0, problems })),
  ];
}

function stateOf(waiver: Waiver, tally: WaiverTally, lookedAt: LookedAt, now: Date): WaiverState {
  if (isExpired(waiver, now)) return 'expired';
  const { hidden, unknown } = tally.of(waiver.id);
  if (hidden + unknown === 0 && wasLookedFor(waiver, lookedAt)) return 'unmatched';
  return isExpiring(waiver, now) ? 'expiring' : 'active';
}

/**
 * Whether the run evaluated all checks of a waiver and read completely whatever of its scope it was asked to read.
 * Only then does "covers nothing that fails" speak against the waiver.
 */
function wasLookedFor({ checks, scope }: Waiver, { serviceOfCheck, coverage }: LookedAt): boolean {
  const services = new Set(checks.map((check) => serviceOfCheck.get(check)));
  const places = (scope.resource ?? []).flatMap((pattern) => placeOfArn(pattern) ?? []);
  const inScope = coverage.filter(
    ({ accountId, region, service, status }) =>
      status !== 'excluded' &&
      services.has(service) &&
      matchesAny(scope.accounts, accountId) &&
      matchesAny(scope.regions, region) &&
      (places.length === 0 || places.some((place) => place.accountId === accountId && place.region === region)),
  );
  const all = (exact: readonly string[] | undefined, seen: (entry: CoverageEntry) => string) =>
    (exact ?? []).every((text) => isGlob(text) || inScope.some((entry) => seen(entry) === text));
  return (
    inScope.length > 0 &&
    checks.every((check) => serviceOfCheck.has(check)) &&
    !inScope.some(isIncomplete) &&
    all(scope.accounts, ({ accountId }) => accountId) &&
    all(scope.regions, ({ region }) => region)
  );
}

/** Account and region of an exact ARN that has both. */
function placeOfArn(pattern: string): { accountId: string; region: string } | undefined {
  const [arn, , , region, accountId] = pattern.split(':');
  if (arn !== 'arn' || isGlob(pattern) || !region || !accountId) return undefined;
  return { accountId, region };
}

/**
 * Looks tags up among resources; holds nothing of its own unless a waiver asks for tags.
 *
 * @param routingTags keys of the tags that something else asks for
 */
export function tagLookup(
  resources: readonly Resource[],
  waivers: readonly Waiver[],
  routingTags: readonly string[] = [],
): TagLookup {
  if (routingTags.length === 0 && waivers.every(({ scope }) => scope.tags === undefined)) return () => undefined;
  const byResource = new Map(
    (resources as readonly ResourceBase<string>[]).map((resource) => [keyOf(resource), resource.tags]),
  );
  return (resource) => byResource.get(keyOf(resource));
}

function keyOf({ type, accountId, region, uid }: ResourceReference | ResourceBase<string>): string {
  return [type, accountId, region, uid].join('\n');
}
