import { isIncomplete } from '../domain/coverage.ts';
import type { Finding } from '../domain/finding.ts';
import type { Sink, SinkReport, Transition } from '../domain/ports.ts';
import type { ResultHeader } from '../domain/result.ts';
import type { DigestFacts } from '../sinks/sns/digest.ts';
import type { ScanResult } from './evaluate-inventory.ts';

/** A sink that also tells about a run as a whole. */
interface DigestingSink extends Sink {
  publishDigest(facts: DigestFacts, transitions: Iterable<Transition>): Promise<SinkReport>;
}

/**
 * Tells sinks about a scan that has no memory: every failure is opened, nothing is ever closed, because only a ledger
 * knows what was said before. Sinks are independent: what one cannot deliver stands in its report.
 */
export async function publishFirstLook(
  result: ScanResult,
  sinks: readonly (Sink | DigestingSink)[],
): Promise<readonly SinkReport[]> {
  const { header } = result;
  const transitions = () => opened(result.findings(), header);
  const reports: SinkReport[] = [];
  for (const sink of sinks) {
    const report = await sink.publish(transitions());
    const digest = 'publishDigest' in sink ? await sink.publishDigest(digestFacts(header), transitions()) : undefined;
    reports.push(digest === undefined ? report : merge(report, digest));
  }
  return reports;
}

function* opened(findings: Iterable<Finding>, { startedAt }: ResultHeader): Generator<Transition> {
  for (const finding of findings) {
    if (finding.status === 'FAILED' && finding.waiver === undefined) {
      yield { kind: 'opened', finding, firstSeenAt: startedAt, observedAt: startedAt };
    }
  }
}

function digestFacts({ startedAt, finishedAt, complete, summary, coverage, waivers }: ResultHeader): DigestFacts {
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

function merge(one: SinkReport, other: SinkReport): SinkReport {
  return {
    sink: one.sink,
    published: one.published + other.published,
    rejected: [...one.rejected, ...other.rejected],
    notPublished: [...one.notPublished, ...other.notPublished],
  };
}
