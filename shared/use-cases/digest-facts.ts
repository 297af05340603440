import { isIncomplete } from '../domain/coverage.ts';
import type { Sink, SinkReport, Transition } from '../domain/ports.ts';
import type { ResultHeader } from '../domain/result.ts';
import type { DigestFacts } from '../sinks/sns/digest.ts';

/** A sink that also tells about a run as a whole. */
export interface DigestingSink extends Sink {
  publishDigest(facts: DigestFacts, transitions: AsyncIterable<Transition> | Iterable<Transition>): Promise<SinkReport>;
}

export function isDigesting(sink: Sink): sink is DigestingSink {
  return 'publishDigest' in sink;
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
