import type { JsonValue } from './json.ts';
import type { ResourceReference } from './resource.ts';
import type { Evidence, VerdictStatus } from './verdict.ts';

/**
 * `fixed` changed, and the check passes · `planned` shown only, because nobody asked to apply it · `no-change` it does not
 * fail any more · `refused` not done, with the reason · `still-failing` AWS refused the change, or the check fails after it ·
 * `could-not-look` whether it fails is not known · `applying` about to be changed: an end follows.
 */
export const RESPONSE_OUTCOMES = [
  'fixed',
  'planned',
  'no-change',
  'refused',
  'still-failing',
  'could-not-look',
  'applying',
] as const;
export type ResponseOutcome = (typeof RESPONSE_OUTCOMES)[number];

/** A verdict as it stands in the evidence of a fix. */
export interface SeenVerdict {
  readonly status: VerdictStatus;
  readonly reason: string;
  readonly evidence: readonly Evidence[];
}

/** What was asked for, what was seen, and what was done: the evidence of a fix, for people and auditors. */
export interface ResponseRecord {
  readonly version: 1;
  readonly findingId: string;
  /** When it was asked for; ISO 8601, UTC. */
  readonly at: string;
  /** Who asked: `hullcheck fix`, or the custom action and its event. */
  readonly requestedBy: string;
  /** True where nothing was to be changed. */
  readonly dryRun: boolean;
  readonly outcome: ResponseOutcome;
  /** One sentence for people. */
  readonly says: string;
  /** The fix; missing where there is none. */
  readonly fix?: string;
  readonly resource?: ResourceReference;
  readonly verdictBefore?: SeenVerdict;
  /** The settings as they were read, as they should be, and as they were read back. */
  readonly before?: JsonValue;
  readonly wanted?: JsonValue;
  readonly after?: JsonValue;
  readonly verdictAfter?: SeenVerdict;
}
