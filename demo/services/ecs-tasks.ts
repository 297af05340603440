import {
  DescribeContainerInstances$,
  type DescribeContainerInstancesCommandInput,
  type DescribeContainerInstancesCommandOutput,
  DescribeTasks$,
  type DescribeTasksCommandInput,
  type DescribeTasksCommandOutput,
  ListContainerInstances$,
  type ListContainerInstancesCommandInput,
  type ListContainerInstancesCommandOutput,
  ListTasks$,
  type ListTasksCommandInput,
  type ListTasksCommandOutput,
  type Task,
} from '@aws-sdk/client-ecs';
import { page } from '../paging.ts';
import { type Call, operation, type Reply } from '../service.ts';
import { checkBatch, clusterOf, listPage } from './ecs-clusters.ts';

/** Running tasks and the instances they run on. */
export const taskOperations = [
  operation(ListTasks$, listTasks),
  operation(DescribeTasks$, describeTasks),
  operation(ListContainerInstances$, listContainerInstances),
  operation(DescribeContainerInstances$, describeContainerInstances),
];

function listTasks(call: Call, input: ListTasksCommandInput): Reply<ListTasksCommandOutput> {
  const tasks = clusterOf(call, input.cluster).tasks.filter((task) => isListed(task, input));
  const { items, nextToken } = page(call, tasks, { token: input.nextToken, requested: input.maxResults, ...listPage });
  return { taskArns: items.map(({ taskArn }) => taskArn), nextToken };
}

function isListed(task: Task, input: ListTasksCommandInput): boolean {
  const family = task.taskDefinitionArn?.split('/').at(-1)?.split(':')[0];
  return (
    (task.desiredStatus ?? 'RUNNING') === (input.desiredStatus ?? 'RUNNING') &&
    (input.family === undefined || family === input.family) &&
    (input.launchType === undefined || task.launchType === input.launchType) &&
    (input.serviceName === undefined || task.group === `service:${input.serviceName}`) &&
    (input.startedBy === undefined || task.startedBy === input.startedBy) &&
    (input.containerInstance === undefined ||
      task.containerInstanceArn === input.containerInstance ||
      task.containerInstanceArn?.endsWith(`/${input.containerInstance}`) === true)
  );
}

function describeTasks(call: Call, input: DescribeTasksCommandInput): Reply<DescribeTasksCommandOutput> {
  const { tasks, cluster } = clusterOf(call, input.cluster);
  checkBatch('Tasks', input.tasks, 100);
  const output: Reply<DescribeTasksCommandOutput> = { tasks: [], failures: [] };
  for (const id of input.tasks ?? []) {
    const found = tasks.find(({ taskArn }) => taskArn === id || taskArn.endsWith(`/${id}`));
    if (!found) {
      output.failures?.push({
        arn: id.startsWith('arn:') ? id : `${taskPrefix(cluster.clusterArn)}/${id}`,
        reason: 'MISSING',
      });
      continue;
    }
    const { tags, ...task } = found;
    output.tasks?.push({ ...task, tags: input.include?.includes('TAGS') ? tags : [] });
  }
  return output;
}

function taskPrefix(clusterArn: string): string {
  return clusterArn.replace(':cluster/', ':task/');
}

function listContainerInstances(
  call: Call,
  input: ListContainerInstancesCommandInput,
): Reply<ListContainerInstancesCommandOutput> {
  const { containerInstances } = clusterOf(call, input.cluster);
  const wanted = containerInstances.filter(({ status }) =>
    input.status ? status === input.status : status !== 'INACTIVE',
  );
  const { items, nextToken } = page(call, wanted, { token: input.nextToken, requested: input.maxResults, ...listPage });
  return { containerInstanceArns: items.map(({ containerInstanceArn }) => containerInstanceArn), nextToken };
}

function describeContainerInstances(
  call: Call,
  input: DescribeContainerInstancesCommandInput,
): Reply<DescribeContainerInstancesCommandOutput> {
  const { containerInstances } = clusterOf(call, input.cluster);
  checkBatch('Container instances', input.containerInstances, 100);
  const output: Reply<DescribeContainerInstancesCommandOutput> = { containerInstances: [], failures: [] };
  for (const id of input.containerInstances ?? []) {
    const found = containerInstances.find(
      ({ containerInstanceArn }) => containerInstanceArn === id || containerInstanceArn.endsWith(`/${id}`),
    );
    if (found) output.containerInstances?.push(found);
    else output.failures?.push({ arn: id, reason: 'MISSING' });
  }
  return output;
}
