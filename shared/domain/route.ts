import type { Finding } from './finding.ts';
import { known } from './observed.ts';
import { isAtLeast, type Severity } from './severity.ts';
import { matchesAny, scopeCovers } from './waiver.ts';

/** Name of the route that takes whatever no other one does. */
export const DEFAULT_ROUTE = 'default';

/**
 * What a route takes. All dimensions that are given must match; of the patterns of one dimension one must. Patterns are
 * anchored and mean the same as in a waiver's scope.
 */
export interface RouteMatch {
  readonly accounts?: readonly string[];
  readonly regions?: readonly string[];
  readonly clusters?: readonly string[];
  readonly namespaces?: readonly string[];
  /** Compared with the ids of the root and of the organizational units above the account. */
  readonly organizationalUnits?: readonly string[];
  /** Patterns of values by key; the resource must carry all of these keys. */
  readonly tags?: Readonly<Record<string, string>>;
  /** Compared with the id of the check. */
  readonly checks?: readonly string[];
  readonly minimumSeverity?: Severity;
}

/** Whose business a finding is (OC-8). */
export interface Route {
  readonly name: string;
  readonly match: RouteMatch;
}

/** What of a finding decides whose it is. */
type Routed = Pick<Finding, 'checkId' | 'severity' | 'resource' | 'tags'>;

/** The root and the organizational units above an account; undefined where they are not known. */
export type UnitsOfAccount = (accountId: string) => readonly string[] | undefined;

/**
 * The name of the first route that takes a finding, or the default one. Tags that could not be read, and organizational
 * units that are not known, match nothing: the finding goes on to whoever takes it without them.
 */
export function routeOf(routes: readonly Route[], finding: Routed, unitsOf: UnitsOfAccount = unknownUnits): string {
  return routes.find(({ match }) => takes(match, finding, unitsOf))?.name ?? DEFAULT_ROUTE;
}

/** Whether findings of a place may be a route's: what could not be read there may hide some of them. */
export function mayTakeFrom(
  { accounts, regions, organizationalUnits }: RouteMatch,
  place: { readonly accountId: string; readonly region: string },
  unitsOf: UnitsOfAccount = unknownUnits,
): boolean {
  return (
    matchesAny(accounts, place.accountId) &&
    matchesAny(regions, place.region) &&
    isInUnits(organizationalUnits, place.accountId, unitsOf)
  );
}

/** Whether any route asks where in the organization an account is. */
export function asksForUnits(routes: readonly Route[]): boolean {
  return routes.some(({ match }) => match.organizationalUnits !== undefined);
}

/** The keys of the tags that routes ask for: findings carry these and no others. */
export function routingTagKeys(routes: readonly Route[]): readonly string[] {
  return [...new Set(routes.flatMap(({ match }) => Object.keys(match.tags ?? {})))].sort();
}

function unknownUnits(): undefined {
  return undefined;
}

function isInUnits(patterns: readonly string[] | undefined, accountId: string, unitsOf: UnitsOfAccount): boolean {
  if (patterns === undefined) return true;
  return (unitsOf(accountId) ?? []).some((unit) => matchesAny(patterns, unit));
}

function takes(match: RouteMatch, { checkId, severity, resource, tags }: Routed, unitsOf: UnitsOfAccount): boolean {
  const { accounts, regions, clusters, namespaces, minimumSeverity } = match;
  const scope = {
    ...(accounts === undefined ? {} : { accounts }),
    ...(regions === undefined ? {} : { regions }),
    ...(clusters === undefined ? {} : { cluster: clusters }),
    ...(namespaces === undefined ? {} : { namespace: namespaces }),
    ...(match.tags === undefined ? {} : { tags: match.tags }),
  };
  return (
    matchesAny(match.checks, checkId) &&
    isInUnits(match.organizationalUnits, resource.accountId, unitsOf) &&
    (minimumSeverity === undefined || isAtLeast(severity, minimumSeverity)) &&
    scopeCovers(scope, resource, () => (tags === undefined ? undefined : known(tags)))
  );
}
