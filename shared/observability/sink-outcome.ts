import type { SinkReport } from '../domain/ports.ts';
import { count, logger } from './telemetry.ts';

/** Writes down what destinations did with what they got: what was refused is named, with its code (SH-4). */
export function reportOutcome(reports: readonly SinkReport[]): void {
  for (const { sink, published, rejected, notPublished } of reports) {
    count('FindingsPublished', published);
    count('FindingsRejected', rejected.length + notPublished.reduce((sum, one) => sum + one.count, 0));
    for (const { findingId, code, message } of rejected) {
      logger.error(`${sink} refused a finding.`, { findingId, code, reason: message });
    }
    for (const { accountId, region, reason, count: findings } of notPublished) {
      logger.error(`${sink} could not be reached.`, { accountId, region, reason, findings });
    }
  }
}
