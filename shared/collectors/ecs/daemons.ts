import {
  type DaemonRevision,
  DescribeDaemonCommand,
  DescribeDaemonRevisionsCommand,
  ECSClient,
  ListDaemonsCommand,
  ListDaemonTaskDefinitionsCommand,
} from '@aws-sdk/client-ecs';
import pMap from 'p-map';
import { known, type Observed } from '../../domain/observed.ts';
import type { CollectorContext } from '../../domain/ports.ts';
import type { CapacityProviders } from './capacity-providers.ts';
import type { ClusterContents } from './cluster-resources.ts';
import type { ClusterScope } from './clusters.ts';
import { allOf, CLUSTER_GONE, describeBatches, distinct, type Listing, sortedBy, tokenPages } from './listing.ts';
import { parseDefinitionReference } from './uses.ts';

/** What a region answers whose ECS does not know managed daemons: then there are none. */
const NO_DAEMONS = ['InvalidAction', 'UnknownOperationException', 'UnsupportedFeatureException'];
const CALLS_AT_ONCE = 4;

export interface Daemons {
  /** The revisions that run now, over all clusters. */
  readonly revisions: Listing<DaemonRevision>;
  /** The families of daemon task definitions that have an ACTIVE revision. */
  readonly families: Listing<string>;
}

/**
 * Reads the managed daemons: agents that ECS runs once on every managed instance, privileged ones among them. Neither
 * services nor `ListTaskDefinitions` show them.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ListDaemons.html
 */
export async function readDaemons(
  context: CollectorContext,
  clusters: readonly ClusterContents[],
  providers: CapacityProviders,
): Promise<Daemons> {
  const client = context.clientFor(ECSClient);
  const candidates = clusters.filter((cluster) => mayRunDaemons(cluster, providers));
  const listed = await pMap(candidates, ({ scope }) => readDaemonArns(context, scope), { concurrency: CALLS_AT_ONCE });
  const arns = distinct(listed.flatMap((answer) => (answer.known ? answer.value : [])));
  const described = await pMap(arns, (arn) => readRevisionArns(context, arn), { concurrency: CALLS_AT_ONCE });
  const revisionArns = distinct(described.flatMap((answer) => (answer.known ? answer.value : [])));
  const revisions = await describeBatches(context, revisionArns, {
    operation: 'ecs:DescribeDaemonRevisions',
    size: 20,
    describe: async (daemonRevisionArns) => {
      const answer = await client.send(new DescribeDaemonRevisionsCommand({ daemonRevisionArns }));
      return { items: answer.daemonRevisions, failures: answer.failures };
    },
  });
  const answers = [...listed, ...described].map((answer) => (answer.known ? known(true as const) : answer));
  return {
    revisions: {
      items: sortedBy(revisions.items, ({ daemonRevisionArn = '' }) => daemonRevisionArn),
      complete: allOf([...answers, revisions.complete]),
    },
    families: await readDaemonFamilies(context),
  };
}

/** Daemons run on managed instances only: a cluster without instances and without a provider for them has none. */
function mayRunDaemons({ scope, instances }: ClusterContents, providers: CapacityProviders): boolean {
  const { arn, details } = scope;
  if (details === undefined || instances.items.length > 0 || !instances.complete.known) return true;
  const types = (details.capacityProviders ?? []).map((name) => providers.launchTypeOf(name, arn));
  return types.some((type) => type === undefined || type === 'MANAGED_INSTANCES');
}

async function readDaemonArns(
  context: CollectorContext,
  { arn: clusterArn, name }: ClusterScope,
): Promise<Observed<readonly string[]>> {
  const client = context.clientFor(ECSClient);
  const answer = await context.readOptional(
    'ecs:ListDaemons',
    [...NO_DAEMONS, ...CLUSTER_GONE],
    async () => {
      const arns: string[] = [];
      const pages = tokenPages(
        (nextToken) => client.send(new ListDaemonsCommand({ clusterArn, nextToken, maxResults: 100 })),
        (page) => page.nextToken,
      );
      for await (const page of pages)
        arns.push(...(page.daemonSummariesList ?? []).flatMap(({ daemonArn }) => daemonArn ?? []));
      return arns;
    },
    { cluster: name, resource: clusterArn },
  );
  return answer.known ? known(answer.value ?? []) : answer;
}

async function readRevisionArns(context: CollectorContext, daemonArn: string): Promise<Observed<readonly string[]>> {
  const client = context.clientFor(ECSClient);
  const answer = await context.readOptional(
    'ecs:DescribeDaemon',
    ['DaemonNotFoundException'],
    () => client.send(new DescribeDaemonCommand({ daemonArn })),
    { resource: daemonArn },
  );
  if (!answer.known) return answer;
  return known((answer.value?.daemon?.currentRevisions ?? []).flatMap(({ arn }) => arn ?? []));
}

async function readDaemonFamilies(context: CollectorContext): Promise<Listing<string>> {
  const client = context.clientFor(ECSClient);
  const answer = await context.readOptional('ecs:ListDaemonTaskDefinitions', NO_DAEMONS, async () => {
    const arns: (string | undefined)[] = [];
    const pages = tokenPages(
      (nextToken) =>
        client.send(new ListDaemonTaskDefinitionsCommand({ revision: 'LAST_REGISTERED', nextToken, maxResults: 100 })),
      (page) => page.nextToken,
    );
    for await (const page of pages) arns.push(...(page.daemonTaskDefinitions ?? []).map(({ arn }) => arn));
    return arns;
  });
  if (!answer.known) return { items: [], complete: answer };
  const families = (answer.value ?? []).map((arn) => arn && parseDefinitionReference(arn, context)?.family);
  return { items: distinct(families), complete: known(true) };
}
