import {
  ECRClient,
  ListPullTimeUpdateExclusionsCommand,
  type ListPullTimeUpdateExclusionsCommandOutput,
} from '@aws-sdk/client-ecr';
import { denialOf } from '../../aws/denial.ts';
import { classifyError } from '../../aws/errors.ts';
import type { ProbeResult } from '../../domain/diagnosis.ts';
import type { IamAction } from '../../domain/ports.ts';
import type { AccountUnderTest } from './account-under-test.ts';
import { permissionFix } from './permissions.ts';

const EXCLUSIONS: IamAction = 'ecr:ListPullTimeUpdateExclusions';
const GROUP = 'image-pulls';
/** What counts as a pull. */
const PULLS: ReadonlySet<IamAction> = new Set(['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer']);

/** Whether images are pulled with these permissions. */
export function pullsImages(permissions: readonly IamAction[]): boolean {
  return permissions.some((action) => PULLS.has(action));
}

/** Said once, where nothing is pulled. */
export const NOTHING_IS_PULLED: ProbeResult = {
  group: GROUP,
  status: 'skipped',
  subject: 'pull-time exclusions',
  message: 'No image is pulled: what is read of images comes from the registry, which does not count as a pull.',
};

/**
 * Looks whether what a scan pulls counts as use. Without an exclusion every scanned image looks recently pulled: rules
 * that expire what nobody pulls spare it, and Inspector goes on scanning it.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_RegisterPullTimeUpdateExclusion.html
 */
export async function lookAtImagePulls(
  { asks, pullers }: AccountUnderTest,
  region: string,
): Promise<readonly ProbeResult[]> {
  const { accountId, clientFor } = asks.placeIn(region);
  const base = { group: GROUP, subject: `registry of ${region}`, accountId, region } as const;
  try {
    const excluded = await listExclusions(clientFor(ECRClient));
    return pullers.map(({ arn, name }): ProbeResult => {
      if (excluded.some((one) => isSamePrincipal(one, arn)))
        return { ...base, status: 'ok', message: `Pulls by ${name} do not count as use in ${region}.` };
      return {
        ...base,
        // A scan works all the same.
        status: 'warning',
        message: `Pulls by ${name} count as use in ${region}: scanned images look recently pulled, and are never cleaned up.`,
        fix: {
          text: 'Exclude the scanner from the pull times.',
          command: `aws ecr register-pull-time-update-exclusion --region ${region} --principal-arn ${arn}`,
        },
      };
    });
  } catch (error) {
    const reason = classifyError(error, EXCLUSIONS);
    if (reason.cause !== 'denied' && reason.cause !== 'denied-by-scp')
      return [{ ...base, status: 'unknown', message: reason.message }];
    const denial = reason.cause === 'denied-by-scp' ? 'service-control-policy' : denialOf(error);
    return [
      {
        ...base,
        status: 'warning',
        message: `Whether pulls of a scan count as use cannot be seen without ${EXCLUSIONS}.`,
        fix: permissionFix(EXCLUSIONS, denial, asks.identity, '*'),
      },
    ];
  }
}

async function listExclusions(client: ECRClient): Promise<readonly string[]> {
  const excluded: string[] = [];
  let nextToken: string | undefined;
  do {
    const page: ListPullTimeUpdateExclusionsCommandOutput = await client.send(
      new ListPullTimeUpdateExclusionsCommand({ maxResults: 100, nextToken }),
    );
    excluded.push(...(page.pullTimeUpdateExclusions ?? []));
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  return excluded;
}

/** The ARN of a session does not tell the path of its role. */
function isSamePrincipal(excluded: string, principal: string): boolean {
  const withoutPath = (arn: string) => arn.replace(/:(role|user)\/.*\//, ':$1/');
  return withoutPath(excluded) === withoutPath(principal);
}
