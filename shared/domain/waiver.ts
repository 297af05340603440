import type { WaiverReference } from './finding.ts';
import type { Observed } from './observed.ts';
import type { ResourceReference } from './resource.ts';
import { matchesWildcard } from './wildcard.ts';

/** A waiver may hold for at most so many days, counted in whole days of UTC. */
export const MAX_WAIVER_DAYS = 365;

/** From so many days before its end a waiver is announced as expiring. */
export const EXPIRING_WITHIN_DAYS = 14;

/**
 * Where a waiver holds. All dimensions that are given must match; of the patterns of one dimension one must. A pattern
 * is compared with the whole text and with its case; `*` stands for any number of any characters, `/` and `:`
 * included, and nothing else is special.
 */
export interface WaiverScope {
  readonly accounts?: readonly string[];
  readonly regions?: readonly string[];
  /** Compared with the uid of the resource and with its ARN. */
  readonly resource?: readonly string[];
  readonly cluster?: readonly string[];
  readonly namespace?: readonly string[];
  /** Patterns of values by key; the resource must carry all of these keys. */
  readonly tags?: Readonly<Record<string, string>>;
}

/** An accepted risk: which checks may fail where, who answers for it, and until when. */
export interface Waiver extends WaiverReference {
  /** Ids of checks; globs of the file are resolved when it is read. */
  readonly checks: readonly string[];
  readonly scope: WaiverScope;
  /** ISO 8601. */
  readonly createdAt: string;
  /** Where it stands in the file. */
  readonly line: number;
}

/** A waiver that is written wrongly: it hides nothing, and that is said. */
export interface IgnoredWaiver {
  /** Its id, or its place (`waivers[2]`) where it has none. */
  readonly id: string;
  /** One sentence each, with file and line. */
  readonly problems: readonly string[];
}

/** What a waivers file says. An unreadable file is no set at all, and never an empty one. */
export interface WaiverSet {
  readonly waivers: readonly Waiver[];
  readonly ignored: readonly IgnoredWaiver[];
}

/**
 * `active` in force · `expiring` in force, and ends within 14 days · `expired` hides nothing any more ·
 * `unmatched` in force, but nothing that it covers fails · `malformed` written wrongly, hides nothing.
 */
export const WAIVER_STATES = ['active', 'expiring', 'expired', 'unmatched', 'malformed'] as const;
export type WaiverState = (typeof WAIVER_STATES)[number];

/** The tags of a resource, where it can carry any. */
export type TagLookup = (resource: ResourceReference) => Observed<Readonly<Record<string, string>>> | undefined;

const DAY_MS = 86_400_000;

/** What a finding shows of the waiver that hides it. */
export function waiverReference({ id, reason, owner, approvedBy, expiresAt }: Waiver): WaiverReference {
  return { id, reason, owner, approvedBy, expiresAt };
}

/** Whether a waiver no longer holds. The instant `expiresAt` itself is still covered. */
export function isExpired(waiver: Pick<Waiver, 'expiresAt'>, now: Date): boolean {
  return Date.parse(waiver.expiresAt) < now.getTime();
}

/** Whether a waiver in force ends within {@link EXPIRING_WITHIN_DAYS}. */
export function isExpiring(waiver: Pick<Waiver, 'expiresAt'>, now: Date): boolean {
  return !isExpired(waiver, now) && Date.parse(waiver.expiresAt) - now.getTime() <= EXPIRING_WITHIN_DAYS * DAY_MS;
}

/** Whole days of UTC from one instant to another. */
export function daysBetween(from: string, to: string): number {
  return Math.floor(Date.parse(to) / DAY_MS) - Math.floor(Date.parse(from) / DAY_MS);
}

/** Whether a pattern of a scope is a glob and not the very text. */
export function isGlob(pattern: string): boolean {
  return pattern.includes('*');
}

/** Whether one of the patterns matches; no patterns restrict nothing, and a missing text matches no pattern. */
export function matchesAny(patterns: readonly string[] | undefined, text: string | undefined): boolean {
  if (patterns === undefined) return true;
  return text !== undefined && patterns.some((pattern) => matchesWildcard(pattern, text));
}

/**
 * Whether a resource lies in a scope. Tags that could not be read match nothing, so that the finding shows.
 *
 * @param tagsOf asked only where the scope names tags
 */
export function scopeCovers(scope: WaiverScope, resource: ResourceReference, tagsOf: TagLookup): boolean {
  return (
    matchesAny(scope.accounts, resource.accountId) &&
    matchesAny(scope.regions, resource.region) &&
    (matchesAny(scope.resource, resource.uid) || matchesAny(scope.resource, resource.arn)) &&
    matchesAny(scope.cluster, resource.cluster) &&
    matchesAny(scope.namespace, resource.namespace) &&
    (scope.tags === undefined || carriesTags(scope.tags, tagsOf(resource)))
  );
}

function carriesTags(wanted: Readonly<Record<string, string>>, tags: ReturnType<TagLookup>): boolean {
  if (tags?.known !== true) return false;
  const carried = new Map(Object.entries(tags.value));
  return Object.entries(wanted).every(([key, pattern]) => matchesAny([pattern], carried.get(key)));
}
