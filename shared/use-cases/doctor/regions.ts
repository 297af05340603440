import pMap from 'p-map';
import { regionsOf } from '../../aws/accounts.ts';
import { accountProbes, PROBES_OF_A_REGION } from '../../aws/probes/account-probes.ts';
import type { ProbePlace } from '../../aws/probes/probe.ts';
import type { ProbeResult } from '../../domain/diagnosis.ts';
import type { IamAction } from '../../domain/ports.ts';
import type { AccountUnderTest } from './account-under-test.ts';
import { networkFix } from './credentials.ts';
import { type Trial, tryAll } from './permissions.ts';

/** A region in which calls are answered, and what its first calls came to. */
export interface OpenRegion {
  readonly place: ProbePlace;
  readonly trials: ReadonlyMap<IamAction, Trial>;
}

export interface RegionReport {
  readonly results: readonly ProbeResult[];
  readonly open: readonly OpenRegion[];
}

const AT_ONCE = 4;

/**
 * Looks which of the regions that are asked for can be scanned: enabled for the account, and not denied as a whole by a
 * service control policy (PE-4). One cheap call for each service in scope is made in each.
 *
 * @param home the region that is asked which regions there are
 */
export async function lookAtRegions(
  account: AccountUnderTest,
  regions: readonly string[],
  declared: readonly IamAction[],
  home: string,
): Promise<RegionReport> {
  const known = await regionsOf(account.clients, account.reached, home);
  const listed = 'get' in known ? known : undefined;
  const probes = PROBES_OF_A_REGION.filter((action) => declared.includes(action));
  const looks = await pMap(
    regions,
    async (region) => {
      const enabled = listed === undefined ? true : listed.get(region);
      if (enabled !== true) return { result: notEnabled(account, region, enabled) };
      const place = account.placeIn(region);
      const trials = await tryAll(probes.length > 0 ? probes : ['ec2:DescribeRegions'], accountProbes, place);
      if (isNotEnabled(trials)) return { result: notEnabled(account, region, false) };
      const result = judge(place, trials, account.identity.arn);
      return result.status === 'ok' ? { result, open: { place, trials } } : { result };
    },
    { concurrency: AT_ONCE },
  );
  return { results: looks.map(({ result }) => result), open: looks.flatMap(({ open }) => open ?? []) };
}

/** What the region itself says where the list of regions may not be seen. */
function isNotEnabled(trials: ReadonlyMap<IamAction, Trial>): boolean {
  return [...trials.values()].every((trial) => trial.outcome === 'unknown' && trial.reason.cause === 'region-disabled');
}

function notEnabled({ reached }: AccountUnderTest, region: string, enabled: false | undefined): ProbeResult {
  const { accountId, partition } = reached;
  const base = { group: 'regions', subject: region, accountId, region } as const;
  return enabled === undefined
    ? {
        ...base,
        status: 'problem',
        message: `There is no region ${region} in the partition ${partition}.`,
        fix: { text: 'Correct its name where it is given: --region, or scope.regions of the configuration.' },
      }
    : {
        ...base,
        status: 'warning',
        message: `${region} is not enabled for the account: scans leave it out.`,
        fix: {
          text: 'Enable it, or take it out of the regions to scan.',
          command: `aws account enable-region --account-id ${accountId} --region-name ${region}`,
        },
      };
}

function judge(
  { accountId, region }: ProbePlace,
  trials: ReadonlyMap<IamAction, Trial>,
  principalArn: string,
): ProbeResult {
  const base = { group: 'regions', subject: region, accountId, region } as const;
  const all = [...trials.values()];
  if (all.every((trial) => trial.outcome === 'denied' && trial.denial === 'service-control-policy')) {
    return {
      ...base,
      status: 'warning',
      message: `${region} is closed by a service control policy of the organization: scans leave it out.`,
      fix: {
        text: `Have ${principalArn} excepted from the statement that denies the region, by a condition ArnNotLike on aws:PrincipalARN, or take the region out of the regions to scan.`,
      },
    };
  }
  const unknown = all.flatMap((trial) => (trial.outcome === 'unknown' ? [trial.reason] : []));
  const [first] = unknown;
  if (first === undefined || unknown.length < all.length)
    return { ...base, status: 'ok', message: `${region} is enabled and answers.` };
  return {
    ...base,
    status: 'unknown',
    message: `${region} could not be looked at: ${first.message}`,
    fix: networkFix(),
  };
}
