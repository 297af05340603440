import type { ClientClass } from '../../domain/ports.ts';

/** Where a permission is tried: one account, one region. */
export interface ProbePlace {
  readonly partition: string;
  readonly accountId: string;
  readonly region: string;
  /** A client of the account, for this region unless another is named. */
  clientFor<C>(clientClass: ClientClass<C>, region?: string): C;
}

/**
 * How a permission is tried without an effect: a call that reads next to nothing, or one about something that cannot
 * exist. AWS decides whether somebody may before it looks at what for, so "there is no such cluster" means "you may".
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export interface PermissionProbe<P extends ProbePlace = ProbePlace> {
  readonly call: (place: P) => Promise<unknown>;
  /** The errors of a caller who may: what AWS says of something that does not exist. */
  readonly refusals?: readonly string[];
}

/** A name that nothing has. */
export const NOTHING = 'hullcheck-doctor-asks-for-nothing';
/** An id of the usual form that nothing has. */
export const NO_UUID = '00000000-0000-4000-8000-000000000000';

export function arnOf({ partition, region, accountId }: ProbePlace, service: string, resource: string): string {
  return `arn:${partition}:${service}:${region}:${accountId}:${resource}`;
}
