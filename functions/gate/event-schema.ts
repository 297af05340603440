import { z } from 'zod';

/**
 * A deployment that ECS asks about. `problem` stands where the event says not what is deployed: it is answered like
 * anything that the gate could not look at, because ECS takes an error for a denial.
 */
export interface HookEvent {
  readonly from: 'ecs';
  readonly deployment: string;
  readonly serviceArn?: string;
  readonly revisionArn?: string;
  /** What the hook was given, and what it answered the last time. */
  readonly hookDetails: Readonly<Record<string, unknown>>;
  readonly waitingSince?: Date;
  readonly problem?: string;
}

export interface JobEvent {
  readonly from: 'codepipeline';
  readonly jobId: string;
  readonly asked?: Asked;
  readonly waitingSince?: Date;
  readonly problem?: string;
}

export interface RequestEvent {
  readonly from: 'request';
  readonly asked: Asked;
  readonly waitingSince?: Date;
}

/** What is to be judged. */
export interface Asked {
  readonly images: readonly string[];
  /** By ARN. */
  readonly taskDefinitions: readonly string[];
  readonly target?: string;
}

export type GateEvent = HookEvent | JobEvent | RequestEvent;

/** The key under which the begin of waiting comes back with the next call. */
export const WAITING_SINCE = 'hullcheckWaitingSince';

const text = z.string().min(1).max(2048);
const names = z.array(text).max(100).default([]);
const asked = z
  .strictObject({
    images: names,
    taskDefinitions: names,
    target: text.optional(),
    waitingSince: z.iso.datetime().optional(),
  })
  .refine(({ images, taskDefinitions }) => images.length + taskDefinitions.length > 0, 'names nothing to judge');
/** Whatever else it says: a job that is named gets an answer. */
const job = z.looseObject({
  id: z.string().min(1),
  data: z
    .looseObject({
      actionConfiguration: z
        .looseObject({ configuration: z.looseObject({ UserParameters: z.string().optional() }).optional() })
        .optional(),
      continuationToken: z.string().nullish(),
    })
    .catch({}),
});
const details = z.looseObject({}).catch({});
const optionalText = z.string().min(1).optional().catch(undefined);
const deployed = z.looseObject({ serviceArn: optionalText, targetServiceRevisionArn: optionalText }).catch({});
const hook = z.looseObject({
  resourceArn: optionalText,
  executionDetails: z.unknown().optional(),
  hookDetails: details.optional(),
});

/**
 * An event of any of the three who ask: a lifecycle hook of an ECS deployment, an action of CodePipeline, and a plain
 * request, as Step Functions sends it. Of the hook's event both shapes are read: with what is deployed below
 * `executionDetails`, and beside `lifecycleStage`.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-lifecycle-hooks.html
 * @see https://docs.aws.amazon.com/codepipeline/latest/userguide/actions-invoke-lambda-function.html
 */
export const gateEventSchema = z.looseObject({}).transform((event, context): GateEvent => {
  if ('CodePipeline.job' in event) {
    const parsed = job.safeParse(event['CodePipeline.job']);
    if (parsed.success) return jobEvent(parsed.data);
    context.addIssue({ code: 'custom', message: 'The job of CodePipeline has no id' });
    return z.NEVER;
  }
  if (['lifecycleStage', 'executionDetails', 'targetServiceRevisionArn'].some((key) => key in event)) {
    return hookEvent(event);
  }
  const parsed = asked.safeParse(event);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    context.addIssue({ code: 'custom', path: issue?.path ?? [], message: issue?.message ?? 'is no request' });
    return z.NEVER;
  }
  const { waitingSince, ...rest } = parsed.data;
  return { from: 'request', asked: withoutUndefined(rest), ...sinceOf(waitingSince) };
});

function hookEvent(event: unknown): HookEvent {
  const { resourceArn, executionDetails, hookDetails = {} } = hook.parse(event);
  const { serviceArn, targetServiceRevisionArn: revisionArn } = {
    ...deployed.parse(event),
    ...deployed.parse(executionDetails ?? {}),
  };
  return {
    from: 'ecs',
    deployment: resourceArn ?? 'without an ARN',
    ...(serviceArn === undefined ? {} : { serviceArn }),
    ...(revisionArn === undefined
      ? { problem: 'the event of the deployment names no target revision' }
      : { revisionArn }),
    hookDetails,
    ...sinceOf(hookDetails[WAITING_SINCE]),
  };
}

function jobEvent({ id, data }: z.output<typeof job>): JobEvent {
  const parameters = data.actionConfiguration?.configuration?.UserParameters ?? '';
  const parsed = asked.safeParse(requestIn(parameters));
  const since = sinceOf(data.continuationToken);
  if (parsed.success) return { from: 'codepipeline', jobId: id, asked: withoutUndefined(parsed.data), ...since };
  const problem =
    'UserParameters must name what to judge: images, or {"images": [...], "taskDefinitions": [...]} with ARNs.';
  return { from: 'codepipeline', jobId: id, problem, ...since };
}

/** JSON, or names with spaces or commas between them. */
function requestIn(parameters: string): unknown {
  const trimmed = parameters.trim();
  if (!trimmed.startsWith('{')) return { images: trimmed.split(/[\s,]+/).filter((name) => name !== '') };
  try {
    return JSON.parse(trimmed);
  } catch {
    // What is no JSON is no request; the job is told what one looks like.
    return undefined;
  }
}

function withoutUndefined({ images, taskDefinitions, target }: z.output<typeof asked>): Asked {
  return { images, taskDefinitions, ...(target === undefined ? {} : { target }) };
}

/** A time that is none was not written by the gate. */
function sinceOf(value: unknown): { readonly waitingSince?: Date } {
  const time = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(time) ? {} : { waitingSince: new Date(time) };
}
