import { isIncomplete } from '../domain/coverage.ts';
import type { Finding } from '../domain/finding.ts';
import type { Sink, SinkReport, Transition } from '../domain/ports.ts';
import type { ResultHeader } from '../domain/result.ts';
import { DEFAULT_ROUTE } from '../domain/route.ts';
import type { Severity } from '../domain/severity.ts';
import type { DigestFacts } from '../sinks/sns/digest.ts';

/** A sink that also tells about a run as a whole, each of its routes of what is theirs. */
export interface DigestingSink extends Sink {
  /** The default route is one of them. */
  readonly routes: readonly string[];
  /** Whether the default route wants to hear of a run that found nothing new as well. */
  readonly tellsEveryRun: boolean;
  routeOf(finding: Finding): string;
  /** Whether findings of a place may be the route's. */
  mayTakeFrom(route: string, place: { readonly accountId: string; readonly region: string }): boolean;
  publishDigest(
    facts: DigestFacts,
    transitions: AsyncIterable<Transition> | Iterable<Transition>,
    route: string,
  ): Promise<SinkReport>;
}

export function isDigesting(sink: Sink): sink is DigestingSink {
  return 'publishDigest' in sink;
}

/**
 * What a run has to say to one route: an incident of its own, with what is open there and what could not be read where
 * its findings may be. Waivers that end are reminded of on the default route, because they may cover several.
 */
export function factsOfRoute(
  facts: DigestFacts,
  openBySeverity: Readonly<Record<Severity, number>>,
  route: string,
  sink: DigestingSink,
): DigestFacts {
  if (route === DEFAULT_ROUTE) return { ...facts, openBySeverity };
  const problems = facts.problems.filter((problem) => sink.mayTakeFrom(route, problem));
  return {
    ...facts,
    group: `${facts.group}/${route}`,
    openBySeverity,
    problems,
    complete: facts.complete || (facts.problems.length > 0 && problems.length === 0),
    waiversExpiring: [],
  };
}

/** Open failures of each severity; nothing is open yet. */
export function noneOpen(): Record<Severity, number> {
  return { CRITICAL: 0, HIGH: 0, MEDIUM: 0, LOW: 0, INFORMATIONAL: 0 };
}

/** What a digest says about a run as a whole; by itself, without a ledger to compare it with. */
export function digestFacts({
  startedAt,
  finishedAt,
  complete,
  summary,
  coverage,
  waivers,
}: ResultHeader): DigestFacts {
  return {
    group: 'hullcheck-scan',
    runId: startedAt,
    kind: 'digest',
    startedAt,
    finishedAt,
    complete,
    openBySeverity: summary.failedBySeverity,
    unknown: summary.byStatus.UNKNOWN,
    scopesScanned: coverage.filter((entry) => entry.status === 'scanned').length,
    problems: coverage
      .filter(isIncomplete)
      .flatMap(({ accountId, region, service, gaps, reason }) =>
        gaps.length === 0
          ? [{ accountId, region, service, reason: reason ?? 'it could not be read' }]
          : gaps.map((gap) => ({ accountId, region, service, reason: gap.reason })),
      ),
    waiversExpiring: (waivers ?? []).flatMap(({ id, state, owner, expiresAt }) =>
      state === 'expiring' && owner !== undefined && expiresAt !== undefined ? [{ id, owner, expiresAt }] : [],
    ),
  };
}
