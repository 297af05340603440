import { DescribeTasksCommand, ECSClient, paginateListTasks, type Task } from '@aws-sdk/client-ecs';
import type { CollectorContext } from '../../domain/ports.ts';
import type { ClusterScope } from './clusters.ts';
import { allOf, CLUSTER_GONE, describeBatches, type Listing, readListing, reportUnnamed, sortedBy } from './listing.ts';
import type { EcsRunningTask } from './model.ts';
import { present } from './present.ts';

/** What is kept of a task. */
export interface DescribedTask extends EcsRunningTask {
  /** Set where a service runs it. */
  readonly serviceName?: string;
  /** Set where a managed daemon runs it. */
  readonly daemonName?: string;
  readonly containerInstanceArn?: string;
  readonly platformFamily?: string;
  readonly cpuArchitecture?: string;
}

/**
 * All tasks of a cluster (or of one service in it) that are meant to run, standalone ones and those of services. The statistics of the cluster are
 * not trusted to skip the call: they are eventually consistent, and a task that has just started would be overlooked.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeTasks.html
 */
export async function readTasks(
  context: CollectorContext,
  { arn: cluster, name }: ClusterScope,
  serviceName?: string,
): Promise<Listing<DescribedTask>> {
  const client = context.clientFor(ECSClient);
  const place = { cluster: name, resource: cluster };
  const options = { ...place, goneErrors: CLUSTER_GONE };
  const listed = await readListing(
    context,
    'ecs:ListTasks',
    () => paginateListTasks({ client, pageSize: 100 }, { cluster, serviceName }),
    (page) => page.taskArns,
    options,
  );
  const described = await describeBatches(context, listed.items, {
    operation: 'ecs:DescribeTasks',
    size: 100,
    describe: async (tasks) => {
      const answer = await client.send(new DescribeTasksCommand({ cluster, tasks }));
      return { items: answer.tasks?.map((task) => taskFrom(task)), failures: answer.failures };
    },
    options,
  });
  const tasks: DescribedTask[] = [];
  for (const task of described.items) {
    if (task === 'unnamed') reportUnnamed(context, 'ecs:DescribeTasks', place);
    else if (task !== 'stopped') tasks.push(task);
  }
  return {
    items: sortedBy(tasks, ({ arn }) => arn),
    complete: allOf([listed.complete, described.complete]),
  };
}

/**
 * The containers are those of the running task, which may be more than its definition has: GuardDuty and Service Connect
 * add their own (T11).
 */
function taskFrom(task: Task): DescribedTask | 'unnamed' | 'stopped' {
  const { taskArn: arn, taskDefinitionArn } = task;
  if (arn === undefined || taskDefinitionArn === undefined) return 'unnamed';
  if (task.lastStatus === 'STOPPED') return 'stopped';
  const [groupKind, groupName] = (task.group ?? '').split(/:(.*)/s);
  const cpuArchitecture = task.attributes?.find(({ name }) => name === 'ecs.cpu-architecture')?.value;
  return {
    arn,
    taskDefinitionArn,
    ...(groupKind === 'service' && groupName ? { serviceName: groupName } : {}),
    ...(groupKind === 'daemon' && groupName ? { daemonName: groupName } : {}),
    ...present('launchType', task.launchType),
    ...present('platformVersion', task.platformVersion),
    ...present('platformFamily', task.platformFamily),
    ...present('startedAt', task.startedAt?.toISOString()),
    ...present('containerInstanceArn', task.containerInstanceArn),
    ...present('cpuArchitecture', cpuArchitecture?.toUpperCase()),
    containers: sortedBy(
      (task.containers ?? []).flatMap(({ name, image, imageDigest, lastStatus }) =>
        name === undefined
          ? []
          : [
              {
                name,
                ...present('image', image),
                ...present('imageDigest', imageDigest),
                ...present('lastStatus', lastStatus),
              },
            ],
      ),
      ({ name }) => name,
    ),
  };
}

/** The part of a task that its service shows. */
export function runningTaskFrom(task: DescribedTask): EcsRunningTask {
  const { arn, taskDefinitionArn, launchType, platformVersion, startedAt, containers } = task;
  return {
    arn,
    taskDefinitionArn,
    ...present('launchType', launchType),
    ...present('platformVersion', platformVersion),
    ...present('startedAt', startedAt),
    containers,
  };
}
