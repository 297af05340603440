import type { Transition } from '../../domain/ports.ts';
import type { CheckMetadata } from '../check-lookup.ts';
import { importRegion } from './import-scope.ts';

/** What to do where Security Hub's own control judges the same thing (SH-14). */
export interface OverlapPolicy {
  readonly onOverlap: 'publish' | 'skipIfControlEnabled' | 'informational';
  /**
   * Whether one of AWS's controls is switched on there; undefined = not known. Left out: `informational` applies to
   * every overlapping check, and nothing is skipped, because skipping on a guess would hide a failure.
   */
  readonly isControlEnabled?: (controlId: string, accountId: string, region: string) => Promise<boolean | undefined>;
}

export type OverlapDecision = 'publish' | 'informational' | 'skip';

/** Decides for one finding. Closing is never skipped: what was published before must be closed. */
export async function overlapDecision(
  { kind, finding }: Transition,
  check: CheckMetadata | undefined,
  policy: OverlapPolicy | undefined,
): Promise<OverlapDecision> {
  const controls = check?.overlapsWith ?? [];
  if (policy === undefined || policy.onOverlap === 'publish' || controls.length === 0) return 'publish';
  if (kind === 'fixed' || kind === 'gone') return 'publish';
  const { accountId } = finding.resource;
  const region = importRegion(finding.resource);
  let enabled: boolean | undefined = policy.isControlEnabled === undefined ? undefined : false;
  for (const control of controls) {
    const answer = await policy.isControlEnabled?.(control, accountId, region);
    if (answer === true) enabled = true;
  }
  if (policy.onOverlap === 'informational') return enabled === false ? 'publish' : 'informational';
  return enabled === true ? 'skip' : 'publish';
}
