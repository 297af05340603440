import { STSClient } from '@aws-sdk/client-sts';
import pMap from 'p-map';
import { tryConnection } from '../../aws/cluster-connection.ts';
import {
  CUSTOM_READS,
  KUBERNETES_READS,
  type KubernetesRead,
  operationOf,
  pathOf,
} from '../../collectors/kubernetes/reads.ts';
import { KubernetesApi, type RawObject } from '../../kubernetes/api.ts';
import { eksTokens } from '../../kubernetes/eks-token.ts';
import { classifyKubernetesError, KubernetesError } from '../../kubernetes/errors.ts';
import type { ClusterAnswer, ClusterToProbe } from './clusters.ts';

/** Requests under way at once in one cluster. */
const AT_ONCE = 4;

/**
 * Asks a cluster for one item of everything that a scan would read in it: whether it is reached at all is seen before by
 * a connection, which costs less and tells more.
 */
export async function askCluster(cluster: ClusterToProbe): Promise<ClusterAnswer> {
  const { endpoint, certificateAuthority, name, place } = cluster;
  const because = await tryConnection({ url: endpoint, certificateAuthority });
  if (because !== undefined) return { answer: 'unreachable', because };
  const token = eksTokens(place.clientFor(STSClient), name, place.region);
  const api = new KubernetesApi({ endpoint, certificateAuthority, concurrency: AT_ONCE, token });
  try {
    return await askApi(api);
  } finally {
    api.close();
  }
}

async function askApi(api: KubernetesApi): Promise<ClusterAnswer> {
  let groups: RawObject | null;
  try {
    groups = await api.get('/apis');
  } catch (error) {
    if (statusOf(error) === 401) return { answer: 'unauthenticated' };
    if (statusOf(error) === 403) return { answer: 'forbidden', operations: ['kubernetes:get /apis'] };
    return { answer: 'unknown', message: classifyKubernetesError(error, 'kubernetes:get /apis').message };
  }
  const served = groupsIn(groups);
  const reads = [...Object.values(KUBERNETES_READS), ...CUSTOM_READS.filter(({ group }) => served.has(group))];
  const refusals = await pMap(reads, (read) => tryRead(api, read), { concurrency: AT_ONCE });
  const operations = refusals.flatMap((refusal) => refusal?.forbidden ?? []);
  if (operations.length > 0) return { answer: 'forbidden', operations };
  const [message] = refusals.flatMap((refusal) => refusal?.message ?? []);
  return message === undefined ? { answer: 'reached' } : { answer: 'unknown', message };
}

/** @returns nothing where it may be read, or where there is no such thing */
async function tryRead(
  api: KubernetesApi,
  read: KubernetesRead,
): Promise<{ forbidden?: string; message?: string } | undefined> {
  const operation = operationOf(read);
  try {
    await api.get(pathOf(read), read.verb === 'list' ? { limit: '1' } : {});
    return undefined;
  } catch (error) {
    if (statusOf(error) === 403) return { forbidden: operation };
    return { message: classifyKubernetesError(error, operation).message };
  }
}

function statusOf(error: unknown): number | undefined {
  return error instanceof KubernetesError ? error.status : undefined;
}

function groupsIn(answer: RawObject | null): ReadonlySet<string> {
  const groups = Array.isArray(answer?.groups) ? (answer.groups as readonly unknown[]) : [];
  return new Set(groups.flatMap((group) => (group as { readonly name?: string } | null)?.name ?? []));
}
