import {
  DescribeServiceRevisions$,
  type DescribeServiceRevisionsCommandInput,
  type DescribeServiceRevisionsCommandOutput,
  DescribeServices$,
  type DescribeServicesCommandInput,
  type DescribeServicesCommandOutput,
  ListServices$,
  type ListServicesCommandInput,
  type ListServicesCommandOutput,
} from '@aws-sdk/client-ecs';
import { page } from '../paging.ts';
import { type Call, operation, type Reply } from '../service.ts';
import { checkBatch, clusterOf } from './ecs-clusters.ts';

/** Services and their revisions. */
export const serviceOperations = [
  operation(ListServices$, listServices),
  operation(DescribeServices$, describeServices),
  operation(DescribeServiceRevisions$, describeServiceRevisions),
];

function listServices(call: Call, input: ListServicesCommandInput): Reply<ListServicesCommandOutput> {
  const services = clusterOf(call, input.cluster).services.filter(
    ({ launchType, schedulingStrategy, status }) =>
      status !== 'INACTIVE' &&
      (input.launchType === undefined || launchType === input.launchType) &&
      (input.schedulingStrategy === undefined || schedulingStrategy === input.schedulingStrategy),
  );
  const { items, nextToken } = page(call, services, {
    token: input.nextToken,
    requested: input.maxResults,
    usual: 10,
    most: 100,
  });
  return { serviceArns: items.map(({ serviceArn }) => serviceArn), nextToken };
}

function describeServices(call: Call, input: DescribeServicesCommandInput): Reply<DescribeServicesCommandOutput> {
  const { cluster, services } = clusterOf(call, input.cluster);
  checkBatch('Services', input.services, 10);
  const output: Reply<DescribeServicesCommandOutput> = { services: [], failures: [] };
  for (const id of input.services ?? []) {
    const found = services.find(({ serviceArn, serviceName }) => serviceArn === id || serviceName === id);
    if (!found) {
      const arn = id.startsWith('arn:')
        ? id
        : `arn:aws:ecs:${call.region.name}:${call.account.id}:service/${cluster.clusterName}/${id}`;
      output.failures?.push({ arn, reason: 'MISSING' });
      continue;
    }
    const { tags, ...service } = found;
    output.services?.push(input.include?.includes('TAGS') ? { ...service, tags } : service);
  }
  return output;
}

function describeServiceRevisions(
  { region }: Call,
  input: DescribeServiceRevisionsCommandInput,
): Reply<DescribeServiceRevisionsCommandOutput> {
  checkBatch('Service revision ARNs', input.serviceRevisionArns, 20);
  const output: Reply<DescribeServiceRevisionsCommandOutput> = { serviceRevisions: [], failures: [] };
  for (const arn of input.serviceRevisionArns ?? []) {
    const found = region.ecs.serviceRevisions.find(({ serviceRevisionArn }) => serviceRevisionArn === arn);
    if (found) output.serviceRevisions?.push(found);
    else output.failures?.push({ arn, reason: 'MISSING' });
  }
  return output;
}
