import pMap from 'p-map';
import { policyResources } from '../../aws/action-resources.ts';
import { type Denial, denialOf, saysDoesNotExist } from '../../aws/denial.ts';
import { classifyError, errorName } from '../../aws/errors.ts';
import type { PermissionProbe, ProbePlace } from '../../aws/probes/probe.ts';
import type { Fix, ProbeResult } from '../../domain/diagnosis.ts';
import type { Unreadable } from '../../domain/observed.ts';
import type { IamAction } from '../../domain/ports.ts';
import { denialPhrase } from './credentials.ts';
import type { Identity } from './identity.ts';

/** What came of trying a permission. */
export type Trial =
  | { readonly outcome: 'allowed' }
  | { readonly outcome: 'denied'; readonly denial: Denial }
  | { readonly outcome: 'unknown'; readonly reason: Unreadable };

/** A permission, and what it is for. */
export interface Needed {
  readonly action: IamAction;
  /** Services or destinations: `ecr, eks`, `Security Hub`. */
  readonly for: string;
  /** Where it lacks, where it does not lack everywhere. */
  readonly only?: string;
}

/** Calls tried at once. */
const AT_ONCE = 8;

/** Tries one permission. Never throws. */
export async function tryPermission<P extends ProbePlace>(
  action: IamAction,
  probe: PermissionProbe<P>,
  place: P,
): Promise<Trial> {
  try {
    await probe.call(place);
    return { outcome: 'allowed' };
  } catch (error) {
    if (probe.refusals?.includes(errorName(error)) === true || saysDoesNotExist(error)) return { outcome: 'allowed' };
    const reason = classifyError(error, action);
    if (reason.cause === 'denied-by-scp') return { outcome: 'denied', denial: 'service-control-policy' };
    if (reason.cause === 'denied') return { outcome: 'denied', denial: denialOf(error) };
    return { outcome: 'unknown', reason };
  }
}

/** Tries permissions, some at once. */
export async function tryAll<P extends ProbePlace>(
  actions: readonly IamAction[],
  probes: Readonly<Record<IamAction, PermissionProbe<P>>>,
  place: P,
): Promise<ReadonlyMap<IamAction, Trial>> {
  const trials = await pMap(
    actions,
    async (action): Promise<[IamAction, Trial]> => {
      const probe = probes[action];
      if (probe !== undefined) return [action, await tryPermission(action, probe, place)];
      const message = `Doctor knows no way to try ${action}.`;
      return [
        action,
        { outcome: 'unknown', reason: { kind: 'unreadable', cause: 'failed', operation: action, message } },
      ];
    },
    { concurrency: AT_ONCE },
  );
  return new Map(trials);
}

/**
 * What a trial means for people.
 *
 * @param resource what to allow the action on, where it is not that of the generated policies
 */
export function permissionResult(
  needed: Needed,
  trial: Trial,
  place: ProbePlace,
  identity: Identity,
  resource?: string,
): ProbeResult {
  const { action, only } = needed;
  const where = only === undefined ? '' : ` in ${only}`;
  const { accountId, region } = place;
  const base = { group: 'permissions', subject: action, accountId, region } as const;
  switch (trial.outcome) {
    case 'allowed':
      return { ...base, status: 'ok', message: `${action} (for ${needed.for}) is allowed${where}.` };
    case 'unknown':
      return {
        ...base,
        status: 'unknown',
        message: `Whether ${action} is allowed${where} is not known: ${trial.reason.message}`,
      };
    case 'denied':
      return {
        ...base,
        status: 'problem',
        message: `${action} (for ${needed.for}) is denied to ${identity.name}${where}: ${denialPhrase(trial.denial)}.`,
        fix: permissionFix(action, trial.denial, identity, resource ?? resourceOf(action, place)),
      };
  }
}

function resourceOf(action: IamAction, place: ProbePlace): string | readonly string[] {
  const [first = '*', ...others] = policyResources(action, place);
  return others.length === 0 ? first : [first, ...others];
}

/** How a denied action becomes an allowed one; it depends on whose policy it is. */
export function permissionFix(
  action: IamAction,
  denial: Denial,
  identity: Identity,
  Resource: string | readonly string[],
): Fix {
  const policy = { Effect: 'Allow', Action: action, Resource } as const;
  switch (denial) {
    case 'not-allowed':
    case 'unsaid':
      return { text: `Allow it in a policy of ${identity.name}.`, policy };
    case 'permissions-boundary':
      return { text: `Allow it in the permissions boundary of ${identity.name}.`, policy };
    case 'session-policy':
      return { text: 'Allow it in the policy with which the session is opened.', policy };
    case 'vpc-endpoint-policy':
      return { text: 'Allow it in the policy of the VPC endpoint.', policy };
    case 'resource-policy':
      return { text: `Let the policy of the resource allow it to ${identity.arn}.`, policy };
    case 'explicit-deny':
      return { text: `Take ${action} out of the statement that denies it in a policy of ${identity.name}.` };
    case 'service-control-policy':
    case 'resource-control-policy':
      return {
        text: `Have ${identity.arn} excepted from the statement that denies ${action}, by a condition ArnNotLike on aws:PrincipalARN.`,
      };
  }
}
