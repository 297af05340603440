import type { Finding } from '../domain/finding.ts';
import type { Transition } from '../domain/ports.ts';

/**
 * The transitions of a scan that has no memory: every failure is opened, nothing is ever closed, because only a ledger
 * knows what was said before. Waived failures are not told.
 *
 * @param observedAt when the inventory was read; ISO 8601, UTC
 */
export function* firstLook(findings: Iterable<Finding>, observedAt: string): Generator<Transition> {
  for (const finding of findings) {
    if (finding.status === 'FAILED' && finding.waiver === undefined) {
      yield { kind: 'opened', finding, firstSeenAt: observedAt, observedAt };
    }
  }
}
