import {
  type CredentialSource,
  homeRegionFor,
  type ReachableAccount,
  reachAccount,
  regionsOf,
} from '../aws/accounts.ts';
import type { ClientFactory } from '../aws/clients.ts';
import type { CoverageGap } from '../domain/coverage.ts';
import type { ScanTarget } from '../domain/inventory.ts';
import type { Unreadable } from '../domain/observed.ts';
import type { ExcludedTarget } from './collect-inventory.ts';

/** Raised when nothing at all can be scanned because of what was asked for. */
export class UnknownRegionError extends Error {
  override readonly name = 'UnknownRegionError';
}

/** Raised when the only credentials there are do not work. */
export class CredentialsError extends Error {
  override readonly name = 'CredentialsError';
  readonly reason: Unreadable;
  /** The profile that was named, if one was. */
  readonly profile: string | undefined;

  constructor(reason: Unreadable, profile: string | undefined) {
    super(reason.message);
    this.reason = reason;
    this.profile = profile;
  }
}

export interface TargetPlan {
  readonly targets: readonly ScanTarget[];
  readonly excluded: readonly ExcludedTarget[];
  /** By account id. */
  readonly accounts: ReadonlyMap<string, ReachableAccount>;
}

/**
 * Turns credentials and regions into accounts × enabled regions. An account whose role cannot be assumed is named as
 * failed and does not stop the others; a region that is not enabled is named as excluded.
 *
 * @throws UnknownRegionError for a region AWS does not have
 * @throws CredentialsError when no account can be reached and none was named by a role
 */
export async function planTargets(
  clients: ClientFactory,
  sources: readonly CredentialSource[],
  regions: readonly string[],
): Promise<TargetPlan> {
  const home = homeRegionFor(regions[0] ?? 'us-east-1');
  const targets: ScanTarget[] = [];
  const excluded: ExcludedTarget[] = [];
  const accounts = new Map<string, ReachableAccount>();
  for (const source of sources) {
    const answer = await reachAccount(clients, source, home);
    if (!answer.reached) {
      if (answer.roleArn === undefined) throw new CredentialsError(answer.reason, source.profile);
      excluded.push(...regions.map((region) => failedTarget(answer.roleArn ?? '', region, answer.reason)));
      continue;
    }
    const { account } = answer;
    // Two sources may lead to one account (a role in the account of the credentials): it is read once.
    if (accounts.has(account.accountId)) continue;
    accounts.set(account.accountId, account);
    const known = await regionsOf(clients, account, home);
    for (const region of regions) {
      const target = { accountId: account.accountId, region, partition: account.partition };
      const enabled = 'get' in known ? known.get(region) : true;
      if (enabled === undefined)
        throw new UnknownRegionError(`There is no region "${region}" in the partition ${account.partition}.`);
      if (enabled) targets.push(target);
      else excluded.push({ ...target, status: 'excluded', reason: 'The region is not enabled for the account.' });
    }
  }
  return { targets, excluded, accounts };
}

function failedTarget(roleArn: string, region: string, reason: Unreadable): ExcludedTarget {
  const [, partition = 'aws', , , accountId = ''] = roleArn.split(':');
  const sentence =
    reason.cause === 'denied'
      ? `The role ${roleArn} could not be assumed: create it, let it trust these credentials, and pass its external id.`
      : reason.message;
  const gap: CoverageGap = {
    accountId,
    region,
    service: '',
    operation: reason.operation,
    cause: reason.cause,
    reason: sentence,
    resource: roleArn,
    count: 1,
    ...(reason.missingPermission === undefined ? {} : { missingPermission: reason.missingPermission }),
  };
  return { accountId, region, partition, status: 'failed', reason: sentence, gaps: [gap] };
}
