import pMap from 'p-map';
import {
  type CredentialSource,
  homeRegionFor,
  probeRegion,
  type ReachableAccount,
  reachAccount,
  regionsOf,
} from '../aws/accounts.ts';
import type { ClientFactory } from '../aws/clients.ts';
import type { CoverageGap } from '../domain/coverage.ts';
import type { ScanTarget } from '../domain/inventory.ts';
import type { Unreadable } from '../domain/observed.ts';
import type { AccountLeftOut } from './accounts-in-scope.ts';
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

/** What of one account is scanned. */
export interface AccountTargets {
  readonly targets: readonly ScanTarget[];
  /** Regions that are not looked at, or cannot be. */
  readonly excluded: readonly ExcludedTarget[];
  /** Absent where the account cannot be spoken to. */
  readonly account?: ReachableAccount;
}

export interface TargetPlan extends Omit<AccountTargets, 'account'> {
  /** By account id. */
  readonly accounts: ReadonlyMap<string, ReachableAccount>;
}

/** Accounts whose regions are looked up at once, and regions of one account. */
const ACCOUNTS_AT_ONCE = 8;
const REGIONS_AT_ONCE = 4;

/**
 * Turns credentials and regions into accounts × enabled regions. An account whose role cannot be assumed is named as
 * failed and does not stop the others; a region that is not enabled, or that the organization has closed, is named as
 * excluded, and so are accounts that were left out before.
 *
 * @throws UnknownRegionError for a region AWS does not have
 * @throws CredentialsError when no account can be reached and none was named by a role
 */
export async function planTargets(
  clients: ClientFactory,
  sources: readonly CredentialSource[],
  regions: readonly string[],
  leftOut: readonly AccountLeftOut[] = [],
): Promise<TargetPlan> {
  const plans = await pMap(sources, (source) => planAccount(clients, source, regions), {
    concurrency: ACCOUNTS_AT_ONCE,
  });
  const targets: ScanTarget[] = [];
  const excluded: ExcludedTarget[] = leftOut.flatMap((account) => excludedAccount(account, regions));
  const accounts = new Map<string, ReachableAccount>();
  for (const { account, ...plan } of plans) {
    // Two sources may lead to one account (a role in the account of the credentials): it is read once.
    if (account !== undefined && accounts.has(account.accountId)) continue;
    if (account !== undefined) accounts.set(account.accountId, account);
    targets.push(...plan.targets);
    excluded.push(...plan.excluded);
  }
  return { targets, excluded, accounts };
}

/**
 * Finds out which regions of one account can be scanned: those that are asked for, enabled, and not closed by a service
 * control policy. Each is asked once: a closed region costs one denied call, not one for each thing that would be read.
 *
 * @throws UnknownRegionError, CredentialsError as {@link planTargets}
 */
export async function planAccount(
  clients: ClientFactory,
  source: CredentialSource,
  regions: readonly string[],
): Promise<AccountTargets> {
  const home = homeRegionFor(regions[0] ?? 'us-east-1');
  const answer = await reachAccount(clients, source, home);
  if (!answer.reached) {
    const { reason, roleArn } = answer;
    if (roleArn === undefined) throw new CredentialsError(reason, source.profile);
    return { targets: [], excluded: regions.map((region) => failedTarget(roleArn, region, reason)) };
  }
  const { account } = answer;
  const { accountId, partition } = account;
  const known = await regionsOf(clients, account, home);
  const isUnknown = (region: string) => 'get' in known && known.get(region) === undefined;
  const wrong = regions.find(isUnknown);
  if (wrong !== undefined) throw new UnknownRegionError(`There is no region "${wrong}" in the partition ${partition}.`);
  const looked = await pMap(
    regions,
    async (region): Promise<ScanTarget | ExcludedTarget> => {
      const target = { accountId, region, partition };
      const isEnabled = 'get' in known ? known.get(region) : true;
      if (!isEnabled) return { ...target, status: 'excluded', reason: 'The region is not enabled for the account.' };
      const refused = await probeRegion(clients, account, region);
      const reason = refused === undefined ? undefined : whyClosed(refused);
      return reason === undefined ? target : { ...target, status: 'excluded', reason };
    },
    { concurrency: REGIONS_AT_ONCE },
  );
  return {
    account,
    targets: looked.filter((one) => !('status' in one)),
    excluded: looked.filter((one) => 'status' in one),
  };
}

/** Anything else that is refused is for the collectors to tell, by the permission that is missing. */
function whyClosed({ cause }: Unreadable): string | undefined {
  if (cause === 'denied-by-scp') return 'The region is denied by a service control policy of the organization.';
  return cause === 'region-disabled' ? 'The region is not enabled for the account.' : undefined;
}

/** An account that is not looked at, in all regions that would have been. */
export function excludedAccount(
  { accountId, partition, reason }: AccountLeftOut,
  regions: readonly string[],
): readonly ExcludedTarget[] {
  return regions.map((region) => ({ accountId, region, partition, status: 'excluded', reason }));
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
