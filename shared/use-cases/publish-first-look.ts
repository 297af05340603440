import type { Finding } from '../domain/finding.ts';
import type { Sink, SinkReport, Transition } from '../domain/ports.ts';
import type { ResultHeader } from '../domain/result.ts';
import { DEFAULT_ROUTE } from '../domain/route.ts';
import { type DigestingSink, digestFacts, factsOfRoute, isDigesting, noneOpen } from './digest-facts.ts';
import type { ScanResult } from './evaluate-inventory.ts';
import { mergeReports } from './publish-rows.ts';

/**
 * Tells sinks about a scan that has no memory: every failure is opened, nothing is ever closed, because only a ledger
 * knows what was said before. Sinks are independent: what one cannot deliver stands in its report.
 */
export async function publishFirstLook(result: ScanResult, sinks: readonly Sink[]): Promise<readonly SinkReport[]> {
  const { header } = result;
  const transitions = () => opened(result.findings(), header);
  const reports: SinkReport[] = [];
  for (const sink of sinks) {
    reports.push(await sink.publish(transitions()));
    if (isDigesting(sink)) reports.push(...(await publishDigests(sink, header, transitions)));
  }
  return mergeReports(reports);
}

/** Each route hears of its own failures, if it has some; the default route hears in any case. */
async function publishDigests(
  sink: DigestingSink,
  header: ResultHeader,
  transitions: () => Iterable<Transition>,
): Promise<readonly SinkReport[]> {
  const facts = digestFacts(header);
  if (sink.routes.length === 1) return [await sink.publishDigest(facts, transitions(), DEFAULT_ROUTE)];
  const reports: SinkReport[] = [];
  for (const route of sink.routes) {
    const open = noneOpen();
    for (const { finding } of ofRoute(transitions(), sink, route)) open[finding.severity] += 1;
    if (route !== DEFAULT_ROUTE && Object.values(open).every((count) => count === 0)) continue;
    const own = ofRoute(transitions(), sink, route);
    reports.push(await sink.publishDigest(factsOfRoute(facts, open, route, sink), own, route));
  }
  return reports;
}

function* ofRoute(transitions: Iterable<Transition>, sink: DigestingSink, route: string): Generator<Transition> {
  for (const transition of transitions) if (sink.routeOf(transition.finding) === route) yield transition;
}

function* opened(findings: Iterable<Finding>, { startedAt }: ResultHeader): Generator<Transition> {
  for (const finding of findings) {
    if (finding.status === 'FAILED' && finding.waiver === undefined) {
      yield { kind: 'opened', finding, firstSeenAt: startedAt, observedAt: startedAt };
    }
  }
}
