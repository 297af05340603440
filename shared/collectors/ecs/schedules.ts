import {
  GetScheduleCommand,
  paginateListSchedules,
  SchedulerClient,
  type ScheduleSummary,
  type Target,
} from '@aws-sdk/client-scheduler';
import pMap from 'p-map';
import { z } from 'zod';
import { known, type Observed } from '../../domain/observed.ts';
import type { CollectorContext } from '../../domain/ports.ts';
import type { TaskStarter } from './event-rules.ts';
import { allOf, type Listing, readListing, reportUnnamed, sortedBy } from './listing.ts';

const CALLS_AT_ONCE = 8;

/** The universal target that calls RunTask with whatever the schedule's input says. */
const RUN_TASK = /^arn:[\w-]+:scheduler:::aws-sdk:ecs:runTask$/i;
const CLUSTER = /^arn:[\w-]+:ecs:[\w-]+:\d{12}:cluster\//;

/** The parameters of RunTask that say what runs where; the rest of the input may hold secrets and is not kept. */
const runTaskInput = z.preprocess(
  (input) => (isRecord(input) ? withLowerCaseKeys(input) : input),
  z.object({
    taskdefinition: z.string(),
    cluster: z.string().default('default'),
    launchtype: z.string().optional(),
    capacityproviderstrategy: z
      .array(
        z.preprocess(
          (item) => (isRecord(item) ? withLowerCaseKeys(item) : item),
          z.object({ capacityprovider: z.string() }),
        ),
      )
      .optional(),
  }),
);

/**
 * The schedules of EventBridge Scheduler that run tasks, in all schedule groups. Only schedules whose target is ECS are
 * read one by one. A schedule that is switched off counts, as a rule does.
 *
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-templated.html
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-universal.html
 */
export async function readSchedules(context: CollectorContext): Promise<Listing<TaskStarter>> {
  const client = context.clientFor(SchedulerClient);
  const listed = await readListing(
    context,
    'scheduler:ListSchedules',
    () => paginateListSchedules({ client, pageSize: 100 }, {}),
    (page) => page.Schedules,
  );
  const forEcs = listed.items.filter(
    ({ Target }) => CLUSTER.test(Target?.Arn ?? '') || RUN_TASK.test(Target?.Arn ?? ''),
  );
  const answers = await pMap(forEcs, (schedule) => readSchedule(context, schedule), { concurrency: CALLS_AT_ONCE });
  const starters = answers.flatMap((answer) => (answer.known && answer.value !== null ? [answer.value] : []));
  return {
    items: sortedBy(starters, ({ arn }) => arn),
    complete: allOf([listed.complete, ...answers.map((answer) => (answer.known ? known(true as const) : answer))]),
  };
}

async function readSchedule(
  context: CollectorContext,
  { Arn, Name, GroupName }: ScheduleSummary,
): Promise<Observed<TaskStarter | null>> {
  if (Arn === undefined || Name === undefined) {
    reportUnnamed(context, 'scheduler:ListSchedules');
    return known(null);
  }
  const client = context.clientFor(SchedulerClient);
  const answer = await context.readOptional(
    'scheduler:GetSchedule',
    // One-time schedules may delete themselves after they ran.
    ['ResourceNotFoundException'],
    () => client.send(new GetScheduleCommand({ Name, GroupName })),
    { resource: Arn },
  );
  if (!answer.known) return answer;
  const target = answer.value?.Target;
  return known(target === undefined ? null : (starterFrom(context, Arn, target) ?? null));
}

function starterFrom(context: CollectorContext, arn: string, target: Target): TaskStarter | undefined {
  if (target.Arn !== undefined && RUN_TASK.test(target.Arn)) return universalStarter(context, arn, target.Input);
  const parameters = target.EcsParameters;
  if (target.Arn === undefined || parameters?.TaskDefinitionArn === undefined) return undefined;
  return {
    kind: 'schedule',
    arn,
    clusterArn: target.Arn,
    taskDefinition: parameters.TaskDefinitionArn,
    placement: { launchType: parameters.LaunchType, capacityProviderStrategy: parameters.CapacityProviderStrategy },
  };
}

/** An input that RunTask would refuse starts nothing. */
function universalStarter(context: CollectorContext, arn: string, input: string | undefined): TaskStarter | undefined {
  const parsed = runTaskInput.safeParse(parseJson(input ?? ''));
  if (!parsed.success) return undefined;
  const { taskdefinition, cluster, launchtype, capacityproviderstrategy } = parsed.data;
  const { partition, region, accountId } = context;
  return {
    kind: 'schedule',
    arn,
    clusterArn: cluster.startsWith('arn:') ? cluster : `arn:${partition}:ecs:${region}:${accountId}:cluster/${cluster}`,
    taskDefinition: taskdefinition,
    placement: {
      launchType: launchtype,
      capacityProviderStrategy: capacityproviderstrategy?.map(({ capacityprovider }) => ({
        capacityProvider: capacityprovider,
      })),
    },
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON: the schedule fails each time it fires, and starts nothing.
    return undefined;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Scheduler takes the parameters of an API in either case. */
function withLowerCaseKeys(record: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key.toLowerCase(), value]));
}
