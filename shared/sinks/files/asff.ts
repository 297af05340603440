import type { Finding } from '../../domain/finding.ts';
import type { ResultHeader } from '../../domain/result.ts';
import { type AsffOptions, toAsff } from '../security-hub/asff.ts';
import { suppressedByWaiver } from '../security-hub/waiver-workflow.ts';

/**
 * Findings as a JSON array in the AWS Security Finding Format, ready for `aws securityhub batch-import-findings`.
 * FAILED is active, PASSED and NOT_APPLICABLE are archived, so that an import opens and closes; UNKNOWN is left out,
 * because importing it would reset what is known and what analysts did.
 *
 * @see https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-findings-format.html
 */
export function* asffResult(
  header: ResultHeader,
  findings: Iterable<Finding>,
  options: AsffOptions,
): Generator<string> {
  let separator = '\n';
  yield '[';
  for (const finding of findings) {
    if (finding.status === 'UNKNOWN') continue;
    const kind = finding.status === 'FAILED' ? 'opened' : 'fixed';
    const asff = toAsff({ kind, finding, firstSeenAt: header.startedAt, observedAt: header.finishedAt }, options);
    const whole =
      kind === 'fixed' || finding.waiver === undefined
        ? asff
        : { ...asff, ...suppressedByWaiver(finding.waiver, header.finishedAt) };
    yield separator + JSON.stringify(whole);
    separator = ',\n';
  }
  yield '\n]\n';
}
