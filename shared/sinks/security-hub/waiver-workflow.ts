import type { AwsSecurityFinding } from '@aws-sdk/client-securityhub';
import type { WaiverReference } from '../../domain/finding.ts';
import { cutEnd, plainLine } from '../plain-text.ts';

const MAX_NOTE = 512;
/** Every note of the tool begins with it: only what the tool suppressed does the tool ever set back. */
export const WAIVER_NOTE_PREFIX = 'hullcheck waiver ';
export const NOTE_AUTHOR = 'hullcheck';

/** The note that says which waiver hides a finding, until when and why. */
export function waiverNote(waiver: WaiverReference): string {
  const until = waiver.expiresAt.slice(0, 10);
  return cutEnd(
    plainLine(
      `${WAIVER_NOTE_PREFIX}${waiver.id} until ${until}, approved by ${waiver.approvedBy}, owner ${waiver.owner}: ${waiver.reason}`,
    ),
    MAX_NOTE,
  );
}

/**
 * The two fields by which the very first import of a waived finding is born suppressed, so that it is never active
 * and new (SH-11). On a finding that exists already Security Hub ignores both.
 *
 * @param at ISO 8601, UTC
 * @see https://docs.aws.amazon.com/securityhub/latest/userguide/finding-update-batchimportfindings.html
 */
export function suppressedByWaiver(waiver: WaiverReference, at: string): Pick<AwsSecurityFinding, 'Workflow' | 'Note'> {
  return {
    Workflow: { Status: 'SUPPRESSED' },
    Note: { Text: waiverNote(waiver), UpdatedBy: NOTE_AUTHOR, UpdatedAt: at },
  };
}
