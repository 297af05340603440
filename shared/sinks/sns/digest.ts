import { TRANSITION_KINDS, type Transition } from '../../domain/ports.ts';
import type { Severity } from '../../domain/severity.ts';
import { type CheckLookup, titleOf } from '../check-lookup.ts';
import { WorstFirst } from '../worst-first.ts';
import { requireKey } from './alert.ts';

export interface DigestProblem {
  readonly accountId: string;
  readonly region: string;
  readonly service: string;
  readonly reason: string;
}

/** What a run has to say about itself; the transitions come separately, as a stream. */
export interface DigestFacts {
  /** What the digest covers (a route, the whole deployment); part of the key that incidents are grouped by. */
  readonly group: string;
  readonly runId: string;
  /** `baseline` is the first run: it counts, and nothing in it is news (OC-3). */
  readonly kind: 'digest' | 'baseline';
  readonly startedAt: string;
  readonly finishedAt: string;
  /** When the run this one is compared with finished (OC-9). */
  readonly comparedWith?: string;
  /** False where that run covered other accounts, regions or clusters. */
  readonly coverageEqual?: boolean;
  readonly complete: boolean;
  /** Accounts of a digest whose first run it was: what fails there is counted as open, and none of it is news (OC-3). */
  readonly newAccounts?: readonly string[];
  /** All open failures, waived ones excluded. */
  readonly openBySeverity: Readonly<Record<Severity, number>>;
  readonly unknown: number;
  readonly scopesScanned: number;
  readonly problems: readonly DigestProblem[];
  readonly waiversExpiring: readonly { readonly id: string; readonly owner: string; readonly expiresAt: string }[];
  readonly reportUrl?: string;
}

export interface DigestItem {
  readonly transition: Transition;
  readonly title: string;
  readonly accountName: string | undefined;
}

/** One message about a run: the model of all three forms. */
export interface Digest extends DigestFacts {
  readonly dedupKey: string;
  readonly eventAction: 'trigger' | 'resolve';
  readonly counts: Readonly<Record<Transition['kind'], number>>;
  /** The most urgent of what became worse. */
  readonly top: readonly DigestItem[];
  /** How many more became worse. */
  readonly more: number;
}

const WORSE: ReadonlySet<Transition['kind']> = new Set(['opened', 'reopened', 'worsened', 'waiver-expired']);
export const DIGEST_TOP = 10;

/**
 * Counts a run's transitions and keeps the most urgent, in one pass.
 *
 * @throws Error when the group is empty
 */
export async function createDigest(
  facts: DigestFacts,
  transitions: AsyncIterable<Transition> | Iterable<Transition>,
  lookups: { readonly checkOf: CheckLookup; readonly accountNameOf: (accountId: string) => string | undefined },
): Promise<Digest> {
  const counts = Object.fromEntries(TRANSITION_KINDS.map((kind) => [kind, 0])) as Record<Transition['kind'], number>;
  const top = new WorstFirst<Transition>(DIGEST_TOP, ({ finding }) => finding);
  for await (const transition of transitions) {
    counts[transition.kind] += 1;
    if (WORSE.has(transition.kind) && transition.finding.waiver === undefined) top.add(transition);
  }
  const open = Object.values(facts.openBySeverity).reduce((sum, count) => sum + count, 0);
  return {
    ...facts,
    // The same key in every run: what one run's digest opened, the digest of a clean run closes.
    dedupKey: requireKey('hullcheck', 'digest', facts.group),
    eventAction: open === 0 && facts.complete ? 'resolve' : 'trigger',
    counts,
    top: top.items.map((transition) => ({
      transition,
      title: titleOf(transition.finding, lookups.checkOf),
      accountName: lookups.accountNameOf(transition.finding.resource.accountId),
    })),
    more: top.more,
  };
}

/** How many findings became worse. */
export function worseCount(digest: Digest): number {
  return [...WORSE].reduce((sum, kind) => sum + digest.counts[kind], 0);
}

function hasNewAccounts({ newAccounts = [] }: DigestFacts): boolean {
  return newAccounts.length > 0;
}

/** Whether there is anything to tell: an unchanged, complete run without expiring waivers is silence (OC-1). */
export function isWorthTelling(digest: Digest): boolean {
  return (
    digest.kind === 'baseline' ||
    hasNewAccounts(digest) ||
    Object.values(digest.counts).some((count) => count > 0) ||
    digest.problems.length > 0 ||
    digest.waiversExpiring.length > 0
  );
}

/** Whether people are told: not of what was only fixed, accepted or deleted. Incident tools hear of that too. */
export function isForPeople(digest: Digest): boolean {
  return (
    digest.kind === 'baseline' ||
    hasNewAccounts(digest) ||
    worseCount(digest) > 0 ||
    digest.problems.length > 0 ||
    digest.waiversExpiring.length > 0
  );
}
