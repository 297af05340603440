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

/**
 * The name of the first route that takes a finding, or the default one. Tags that could not be read match nothing: the
 * finding goes on to whoever takes it without them.
 */
export function routeOf(routes: readonly Route[], finding: Finding): string {
  return routes.find(({ match }) => takes(match, finding))?.name ?? DEFAULT_ROUTE;
}

/** Whether findings of a place may be a route's: what could not be read there may hide some of them. */
export function mayTakeFrom(
  { accounts, regions }: RouteMatch,
  place: { readonly accountId: string; readonly region: string },
): boolean {
  return matchesAny(accounts, place.accountId) && matchesAny(regions, place.region);
}

/** The keys of the tags that routes ask for: findings carry these and no others. */
export function routingTagKeys(routes: readonly Route[]): readonly string[] {
  return [...new Set(routes.flatMap(({ match }) => Object.keys(match.tags ?? {})))].sort();
}

function takes(match: RouteMatch, { checkId, severity, resource, tags }: Finding): boolean {
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
    (minimumSeverity === undefined || isAtLeast(severity, minimumSeverity)) &&
    scopeCovers(scope, resource, () => (tags === undefined ? undefined : known(tags)))
  );
}
