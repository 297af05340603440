import type { Transition } from '../../domain/ports.ts';
import type { CheckMetadata } from '../check-lookup.ts';
import type { ControlLookup } from './control-status.ts';
import { importRegion } from './import-scope.ts';

/** What to do where Security Hub's own control judges the same thing (SH-14). */
export interface OverlapPolicy {
  readonly onOverlap: 'publish' | 'skipIfControlEnabled' | 'informational';
  readonly isControlEnabled: ControlLookup;
}

export type OverlapDecision =
  | { readonly action: 'publish' }
  /** `control` is the one of AWS's controls that reports the same. */
  | { readonly action: 'informational' | 'skip'; readonly control: string };

const PUBLISH: OverlapDecision = { action: 'publish' };

/**
 * Decides for one finding. It is lowered or skipped only where AWS's control is known to be on: on a guess a failure
 * would be hidden. Closing is never skipped: what was published before must be closed.
 */
export async function overlapDecision(
  { kind, finding }: Transition,
  check: CheckMetadata | undefined,
  policy: OverlapPolicy | undefined,
): Promise<OverlapDecision> {
  if (policy === undefined || policy.onOverlap === 'publish') return PUBLISH;
  if (kind === 'fixed' || kind === 'gone') return PUBLISH;
  const { accountId } = finding.resource;
  const region = importRegion(finding.resource);
  for (const control of check?.overlapsWith ?? []) {
    if ((await policy.isControlEnabled(control, accountId, region)) !== true) continue;
    return { action: policy.onOverlap === 'informational' ? 'informational' : 'skip', control };
  }
  return PUBLISH;
}
