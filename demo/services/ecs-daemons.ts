import {
  DescribeDaemon$,
  type DescribeDaemonCommandInput,
  type DescribeDaemonCommandOutput,
  DescribeDaemonRevisions$,
  type DescribeDaemonRevisionsCommandInput,
  type DescribeDaemonRevisionsCommandOutput,
  DescribeDaemonTaskDefinition$,
  type DescribeDaemonTaskDefinitionCommandInput,
  type DescribeDaemonTaskDefinitionCommandOutput,
  ListDaemons$,
  type ListDaemonsCommandInput,
  type ListDaemonsCommandOutput,
  ListDaemonTaskDefinitions$,
  type ListDaemonTaskDefinitionsCommandInput,
  type ListDaemonTaskDefinitionsCommandOutput,
} from '@aws-sdk/client-ecs';
import { page } from '../paging.ts';
import { type Call, operation, type Reply } from '../service.ts';
import { ServiceError } from '../service-error.ts';
import { checkBatch, listPage } from './ecs-clusters.ts';

/** Managed Daemons, which live beside services and have task definitions of their own. */
export const daemonOperations = [
  operation(ListDaemons$, listDaemons),
  operation(DescribeDaemon$, describeDaemon),
  operation(DescribeDaemonRevisions$, describeDaemonRevisions),
  operation(ListDaemonTaskDefinitions$, listDaemonTaskDefinitions),
  operation(DescribeDaemonTaskDefinition$, describeDaemonTaskDefinition),
];

function listDaemons(call: Call, input: ListDaemonsCommandInput): Reply<ListDaemonsCommandOutput> {
  const daemons = call.region.ecs.daemons.filter(
    ({ clusterArn }) => input.clusterArn === undefined || clusterArn === input.clusterArn,
  );
  const request = { token: input.nextToken, requested: input.maxResults, ...listPage };
  const { items, nextToken } = page(call, daemons, request);
  const summaries = items.map(({ daemonArn, status, createdAt, updatedAt }) => ({
    daemonArn,
    status,
    createdAt,
    updatedAt,
  }));
  return { daemonSummariesList: summaries, nextToken };
}

function describeDaemon({ region }: Call, input: DescribeDaemonCommandInput): Reply<DescribeDaemonCommandOutput> {
  const daemon = region.ecs.daemons.find(({ daemonArn }) => daemonArn === input.daemonArn);
  if (!daemon) throw new ServiceError('DaemonNotFoundException', 'Daemon not found.');
  return { daemon };
}

function describeDaemonRevisions(
  { region }: Call,
  input: DescribeDaemonRevisionsCommandInput,
): Reply<DescribeDaemonRevisionsCommandOutput> {
  checkBatch('Daemon revision ARNs', input.daemonRevisionArns, 20);
  const output: Reply<DescribeDaemonRevisionsCommandOutput> = { daemonRevisions: [], failures: [] };
  for (const arn of input.daemonRevisionArns ?? []) {
    const found = region.ecs.daemonRevisions.find(({ daemonRevisionArn }) => daemonRevisionArn === arn);
    if (found) output.daemonRevisions?.push(found);
    else output.failures?.push({ arn, reason: 'MISSING' });
  }
  return output;
}

function listDaemonTaskDefinitions(
  call: Call,
  input: ListDaemonTaskDefinitionsCommandInput,
): Reply<ListDaemonTaskDefinitionsCommandOutput> {
  const definitions = call.region.ecs.daemonTaskDefinitions.filter(
    ({ family, status }) =>
      (input.status === undefined || input.status === 'ALL' || status === input.status) &&
      (input.family === undefined || family === input.family) &&
      family.startsWith(input.familyPrefix ?? ''),
  );
  const request = { token: input.nextToken, requested: input.maxResults, ...listPage };
  const { items, nextToken } = page(call, definitions, request);
  const summaries = items.map(({ daemonTaskDefinitionArn, registeredAt, registeredBy, status }) => ({
    arn: daemonTaskDefinitionArn,
    registeredAt,
    registeredBy,
    status,
  }));
  return { daemonTaskDefinitions: summaries, nextToken };
}

function describeDaemonTaskDefinition(
  { region }: Call,
  input: DescribeDaemonTaskDefinitionCommandInput,
): Reply<DescribeDaemonTaskDefinitionCommandOutput> {
  const id = input.daemonTaskDefinition;
  const daemonTaskDefinition = region.ecs.daemonTaskDefinitions.findLast(
    ({ daemonTaskDefinitionArn, family, revision }) =>
      id === daemonTaskDefinitionArn || id === family || id === `${family}:${revision}`,
  );
  if (!daemonTaskDefinition) throw new ServiceError('ClientException', 'Unable to describe daemon task definition.');
  return { daemonTaskDefinition };
}
