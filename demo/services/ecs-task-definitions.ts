import {
  DescribeTaskDefinition$,
  type DescribeTaskDefinitionCommandInput,
  type DescribeTaskDefinitionCommandOutput,
  ListTaskDefinitionFamilies$,
  type ListTaskDefinitionFamiliesCommandInput,
  type ListTaskDefinitionFamiliesCommandOutput,
  ListTaskDefinitions$,
  type ListTaskDefinitionsCommandInput,
  type ListTaskDefinitionsCommandOutput,
} from '@aws-sdk/client-ecs';
import { page } from '../paging.ts';
import { type Call, operation, type Reply } from '../service.ts';
import { ServiceError } from '../service-error.ts';
import type { EcsState, RegisteredTaskDefinition } from '../world/ecs-state.ts';
import { listPage } from './ecs-clusters.ts';

/** Task definitions by family and revision. */
export const taskDefinitionOperations = [
  operation(ListTaskDefinitionFamilies$, listTaskDefinitionFamilies),
  operation(ListTaskDefinitions$, listTaskDefinitions),
  operation(DescribeTaskDefinition$, describeTaskDefinition),
];

/** Without a status both families with and without active revisions are listed. */
function listTaskDefinitionFamilies(
  call: Call,
  input: ListTaskDefinitionFamiliesCommandInput,
): Reply<ListTaskDefinitionFamiliesCommandOutput> {
  const isActive = new Map<string, boolean>();
  for (const { taskDefinition } of call.region.ecs.taskDefinitions) {
    const { family, status } = taskDefinition;
    isActive.set(family, (isActive.get(family) ?? false) || status === 'ACTIVE');
  }
  const families = [...isActive]
    .filter(([family, active]) => {
      if (!family.startsWith(input.familyPrefix ?? '')) return false;
      if (input.status === 'ACTIVE') return active;
      return input.status === 'INACTIVE' ? !active : true;
    })
    .map(([family]) => family)
    .sort();
  const request = { token: input.nextToken, requested: input.maxResults, ...listPage };
  const { items, nextToken } = page(call, families, request);
  return { families: items, nextToken };
}

function listTaskDefinitions(
  call: Call,
  input: ListTaskDefinitionsCommandInput,
): Reply<ListTaskDefinitionsCommandOutput> {
  const wanted = input.status ?? 'ACTIVE';
  const arns = call.region.ecs.taskDefinitions
    .map(({ taskDefinition }) => taskDefinition)
    .filter(
      ({ family, status }) => status === wanted && (input.familyPrefix === undefined || family === input.familyPrefix),
    )
    .sort((a, b) => (a.family === b.family ? a.revision - b.revision : a.family < b.family ? -1 : 1))
    .map(({ taskDefinitionArn }) => taskDefinitionArn);
  if (input.sort === 'DESC') arns.reverse();
  const request = { token: input.nextToken, requested: input.maxResults, ...listPage };
  const { items, nextToken } = page(call, arns, request);
  return { taskDefinitionArns: items, nextToken };
}

function describeTaskDefinition(
  { region }: Call,
  input: DescribeTaskDefinitionCommandInput,
): Reply<DescribeTaskDefinitionCommandOutput> {
  const found = findTaskDefinition(region.ecs, input.taskDefinition ?? '');
  const isReadable = found && (found.taskDefinition.status === 'ACTIVE' || isReferenced(region.ecs, found));
  if (!isReadable) throw new ServiceError('ClientException', 'Unable to describe task definition.');
  const { taskDefinition, tags } = found;
  return { taskDefinition, tags: input.include?.includes('TAGS') ? tags : undefined };
}

/** By ARN, by `family:revision`, or by family, which means its latest active revision. */
function findTaskDefinition({ taskDefinitions }: EcsState, id: string): RegisteredTaskDefinition | undefined {
  const [family, revision] = (id.split('/').at(-1) ?? '').split(':');
  let latest: RegisteredTaskDefinition | undefined;
  for (const candidate of taskDefinitions) {
    const { taskDefinition } = candidate;
    if (taskDefinition.family !== family) continue;
    if (id.startsWith('arn:') && !taskDefinition.taskDefinitionArn.startsWith(id)) continue;
    if (revision !== undefined) {
      if (taskDefinition.revision === Number(revision)) return candidate;
      continue;
    }
    if (taskDefinition.status !== 'ACTIVE') continue;
    if (!latest || taskDefinition.revision > latest.taskDefinition.revision) latest = candidate;
  }
  return latest;
}

/** An inactive revision can be read only while a task or a service still uses it. */
function isReferenced({ clusters }: EcsState, { taskDefinition }: RegisteredTaskDefinition): boolean {
  const arn = taskDefinition.taskDefinitionArn;
  return clusters.some(
    ({ services, tasks }) =>
      tasks.some((task) => task.taskDefinitionArn === arn) ||
      services.some(
        (service) =>
          service.taskDefinition === arn ||
          service.deployments?.some((deployment) => deployment.taskDefinition === arn) ||
          service.taskSets?.some((taskSet) => taskSet.taskDefinition === arn),
      ),
  );
}
