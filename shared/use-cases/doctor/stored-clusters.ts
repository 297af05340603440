import type { ProbePlace } from '../../aws/probes/probe.ts';
import { type CollectedCluster, ofCluster, type StoredClusters } from '../../collectors/kubernetes/stored.ts';
import type { ProbeResult } from '../../domain/diagnosis.ts';
import type { Inventory } from '../../domain/inventory.ts';

const COLLECT_AGAIN =
  'Look why the CronJob of infra/kubernetes/collector-cronjob.yml did not leave a new one, or name the place it writes to.';

/**
 * Looks whether the inside of a cluster to which nothing connects can be taken from its bucket, by the rules of a scan.
 *
 * @param open reads inventories as the scan does
 */
export async function lookAtStoredCluster(
  setting: CollectedCluster,
  name: string,
  { accountId, region, partition }: ProbePlace,
  open: StoredClusters['open'],
  now: Date,
): Promise<ProbeResult> {
  const { cluster: arn, inventory: place, maxAgeHours } = setting;
  const base = { group: 'clusters', subject: name, accountId, region } as const;
  const opened = await open(place);
  const judged = opened.known
    ? ofCluster(opened.value, { accountId, region, partition, now }, { arn }, setting)
    : opened;
  const readAt = opened.known ? `, collected at ${opened.value.startedAt},` : '';
  if (!judged.known)
    return {
      ...base,
      status: 'problem',
      message: `${name} (${region}) is not judged, because ${place}${readAt} cannot be used (at most ${maxAgeHours} hours old): ${judged.reason.message}`,
      fix: { text: COLLECT_AGAIN, command: `aws s3 ls ${place}` },
    };
  const taken = `${name} (${region}) is judged by ${place}${readAt} for ${maxAgeHours} hours from then`;
  const gap = firstGap(judged.value, base, name);
  if (gap !== undefined)
    return { ...base, status: 'warning', message: `${taken}. It is not whole: ${gap}`, fix: { text: COLLECT_AGAIN } };
  return { ...base, status: 'ok', message: `${taken}. Nothing connects to it.` };
}

/** What whoever collected could not read of the cluster. */
function firstGap(
  { coverage }: Inventory,
  place: { readonly accountId: string; readonly region: string },
  name: string,
): string | undefined {
  return coverage
    .filter(({ accountId, region }) => accountId === place.accountId && region === place.region)
    .filter(({ service }) => service === 'kubernetes')
    .flatMap(({ gaps }) => gaps)
    .find(({ cluster }) => (cluster ?? name) === name)?.reason;
}
