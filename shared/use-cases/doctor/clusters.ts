import { type Cluster, DescribeClusterCommand, EKSClient, paginateListClusters } from '@aws-sdk/client-eks';
import pMap from 'p-map';
import type { ConnectionFailure } from '../../aws/cluster-connection.ts';
import { classifyError } from '../../aws/errors.ts';
import type { ProbePlace } from '../../aws/probes/probe.ts';
import { READING_GROUP } from '../../collectors/kubernetes/cluster-role.ts';
import type { Fix, ProbeResult } from '../../domain/diagnosis.ts';
import type { Identity } from './identity.ts';

/** A cluster whose API is tried, and as whom. */
export interface ClusterToProbe {
  readonly place: ProbePlace;
  readonly name: string;
  readonly endpoint: string;
  /** PEM. */
  readonly certificateAuthority: string;
}

/** How the API of a cluster answered (PE-7). */
export type ClusterAnswer =
  | { readonly answer: 'reached' }
  | { readonly answer: 'unreachable'; readonly because: ConnectionFailure }
  /** 401: the cluster does not know who asks. */
  | { readonly answer: 'unauthenticated' }
  /** 403: it knows, and does not let them. */
  | { readonly answer: 'forbidden'; readonly operations: readonly string[] }
  /** Something else went wrong; a sentence. */
  | { readonly answer: 'unknown'; readonly message: string };

/** Tries the API of a cluster. */
export type ProbeCluster = (cluster: ClusterToProbe) => Promise<ClusterAnswer>;

const AT_ONCE = 8;
const MAX_NAMED = 4;

/** Who reads clusters. */
export interface ClusterReader {
  readonly identity: Identity;
  placeIn(region: string): ProbePlace;
}

/** How clusters are tried. */
export interface ClusterTrial {
  readonly probe: ProbeCluster;
  /** Looks at a cluster whose inside is taken from a bucket; undefined for one to which scans connect. */
  readonly lookAtStored: (clusterArn: string, name: string) => Promise<ProbeResult> | undefined;
}

/**
 * Looks which clusters of a region can be read from here.
 *
 * @param readers each has to be let in; the first also finds the clusters
 */
export async function lookAtClusters(
  readers: readonly [ClusterReader, ...ClusterReader[]],
  region: string,
  trial: ClusterTrial,
): Promise<readonly ProbeResult[]> {
  const place = readers[0].placeIn(region);
  const client = place.clientFor(EKSClient);
  const listed = await attempt(place, 'eks:ListClusters', `clusters of ${place.region}`, async () => {
    const names: string[] = [];
    for await (const page of paginateListClusters({ client, pageSize: 100 }, {})) names.push(...(page.clusters ?? []));
    return names;
  });
  if ('failed' in listed) return listed.failed === undefined ? [] : [listed.failed];
  const results = await pMap(
    listed.value,
    async (name) => {
      const described = await attempt(place, 'eks:DescribeCluster', name, async () => {
        const { cluster } = await client.send(new DescribeClusterCommand({ name }));
        return cluster;
      });
      if ('failed' in described) return described.failed;
      return described.value === undefined ? [] : lookAtCluster(described.value, name, region, readers, trial);
    },
    { concurrency: AT_ONCE },
  );
  return results.flatMap((some) => some ?? []);
}

/** @returns nothing to tell where the thing vanished between listing and describing */
async function attempt<T>(
  { accountId, region }: ProbePlace,
  action: 'eks:ListClusters' | 'eks:DescribeCluster',
  subject: string,
  call: () => Promise<T>,
): Promise<{ value: T } | { failed: ProbeResult | undefined }> {
  try {
    return { value: await call() };
  } catch (error) {
    const base = { group: 'clusters', subject, accountId, region } as const;
    const { cause, message } = classifyError(error, action);
    if (cause === 'not-found') return { failed: undefined };
    if (cause === 'denied' || cause === 'denied-by-scp')
      return { failed: { ...base, status: 'skipped', message: `Cannot be looked at without ${action}; see there.` } };
    return { failed: { ...base, status: 'unknown', message } };
  }
}

async function lookAtCluster(
  cluster: Cluster,
  name: string,
  region: string,
  readers: readonly [ClusterReader, ...ClusterReader[]],
  { probe, lookAtStored }: ClusterTrial,
): Promise<readonly ProbeResult[]> {
  const { accountId, partition } = readers[0].placeIn(region);
  const stored = lookAtStored(cluster.arn ?? `arn:${partition}:eks:${region}:${accountId}:cluster/${name}`, name);
  if (stored !== undefined) return [await stored];
  const { endpoint, certificateAuthority, status } = cluster;
  if (endpoint === undefined || certificateAuthority?.data === undefined) {
    const message = `${name} (${region}) has no endpoint: its status is ${status ?? 'unknown'}.`;
    return [{ group: 'clusters', subject: name, accountId, region, status: 'skipped', message }];
  }
  const authority = Buffer.from(certificateAuthority.data, 'base64').toString('utf8');
  const results: ProbeResult[] = [];
  for (const reader of readers) {
    const place = reader.placeIn(region);
    const answer = await probe({ place, name, endpoint, certificateAuthority: authority });
    results.push(judge(answer, cluster, name, place, reader.identity));
    // The network is the same for all of them.
    if (answer.answer === 'unreachable') break;
  }
  return results;
}

function judge(
  answer: ClusterAnswer,
  cluster: Cluster,
  name: string,
  { accountId, region }: ProbePlace,
  identity: Identity,
): ProbeResult {
  const base = { group: 'clusters', subject: name, accountId, region } as const;
  const problem = (message: string, fix: Fix): ProbeResult => ({
    ...base,
    status: 'problem',
    message: `${message}. What is inside the cluster cannot be read; everything else is.`,
    fix,
  });
  switch (answer.answer) {
    case 'reached':
      return { ...base, status: 'ok', message: `${name} (${region}) can be read by ${identity.name}.` };
    case 'unreachable':
      return problem(...unreachable(cluster, name, region, answer.because));
    case 'unauthenticated':
      return problem(`${name} does not know ${identity.name} (401)`, entryFix(cluster, name, region, identity));
    case 'forbidden':
      return problem(`${name} does not let ${identity.name} ${listed(answer.operations)} (403)`, {
        text: 'Apply the ClusterRole of infra/kubernetes, and put the scanner into the group that it is bound to.',
        command: `aws eks update-access-entry --region ${region} --cluster-name ${name} --principal-arn ${identity.arn} --kubernetes-groups ${READING_GROUP}`,
      });
    case 'unknown':
      return { ...base, status: 'unknown', message: answer.message };
  }
}

/** @see https://docs.aws.amazon.com/eks/latest/userguide/setting-up-access-entries.html */
function entryFix({ accessConfig }: Cluster, name: string, region: string, { arn }: Identity): Fix {
  if (accessConfig?.authenticationMode === 'CONFIG_MAP')
    return {
      text: `Map ${arn} to the group ${READING_GROUP} in its ConfigMap aws-auth; or let it know access entries as well, which cannot be undone, and ask again.`,
      command: `aws eks update-cluster-config --region ${region} --name ${name} --access-config authenticationMode=API_AND_CONFIG_MAP`,
    };
  return {
    text: 'Give it an access entry, with the group that the ClusterRole of infra/kubernetes is bound to.',
    command: `aws eks create-access-entry --region ${region} --cluster-name ${name} --principal-arn ${arn} --kubernetes-groups ${READING_GROUP}`,
  };
}

/** `list pods.apps, nodes and 3 more`. */
function listed(operations: readonly string[]): string {
  const names = operations.map((operation) => operation.replace(/^kubernetes:/, ''));
  const more = names.length - MAX_NAMED;
  return more > 0 ? `${names.slice(0, MAX_NAMED).join(', ')} and ${more} more` : names.join(', ');
}

/** @see https://docs.aws.amazon.com/eks/latest/userguide/cluster-endpoint.html */
function unreachable(cluster: Cluster, name: string, region: string, because: ConnectionFailure): [string, Fix] {
  const {
    endpointPublicAccess,
    publicAccessCidrs = [],
    vpcId,
    clusterSecurityGroupId,
  } = cluster.resourcesVpcConfig ?? {};
  const host = new URL(cluster.endpoint ?? '').host;
  if (because === 'tls')
    return [
      `${name} is not what answers at ${host}: the certificate is not of the cluster's authority`,
      { text: `Take the proxy that opens TLS connections out of the way to ${host}.` },
    ];
  if (endpointPublicAccess === false)
    return [
      `${name} has a private endpoint only, which cannot be reached from here (${because})`,
      {
        text: `Scan it from the VPC ${vpcId ?? 'of the cluster'} or a network connected to it, and let the scanner in on port 443.`,
        command: `aws ec2 authorize-security-group-ingress --region ${region} --group-id ${clusterSecurityGroupId ?? 'SECURITY_GROUP_OF_THE_CLUSTER'} --protocol tcp --port 443 --source-group SECURITY_GROUP_OF_THE_SCANNER`,
      },
    ];
  if (because === 'dns')
    return [
      `The name of ${name}'s endpoint is not known here`,
      { text: `Have the DNS server of this network resolve ${host}.` },
    ];
  const isOpen = publicAccessCidrs.length === 0 || publicAccessCidrs.some((cidr) => /\/0$/.test(cidr));
  if (isOpen)
    return [
      `${name} has a public endpoint, but this network does not let connections out to it (${because})`,
      { text: `Allow connections to ${host} on port 443.` },
    ];
  const cidrs = publicAccessCidrs.join(',');
  return [
    `${name} lets in only ${publicAccessCidrs.join(', ')} (${because})`,
    {
      text: 'Add the address from which the scanner leaves its network, or scan from inside the VPC.',
      command: `aws eks update-cluster-config --region ${region} --name ${name} --resources-vpc-config publicAccessCidrs=${cidrs},ADDRESS_OF_THE_SCANNER/32`,
    },
  ];
}
