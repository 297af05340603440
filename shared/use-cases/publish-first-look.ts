import type { Finding } from '../domain/finding.ts';
import type { Sink, SinkReport, Transition } from '../domain/ports.ts';
import type { ResultHeader } from '../domain/result.ts';
import { digestFacts, isDigesting } from './digest-facts.ts';
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
    if (isDigesting(sink)) reports.push(await sink.publishDigest(digestFacts(header), transitions()));
  }
  return mergeReports(reports);
}

function* opened(findings: Iterable<Finding>, { startedAt }: ResultHeader): Generator<Transition> {
  for (const finding of findings) {
    if (finding.status === 'FAILED' && finding.waiver === undefined) {
      yield { kind: 'opened', finding, firstSeenAt: startedAt, observedAt: startedAt };
    }
  }
}
