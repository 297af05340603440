import type { Context } from 'aws-lambda';
import type { GateRecord } from '#shared/domain/gate.ts';
import { answerJob, askSafely, type GateTime, type Question } from '#shared/lambda/gates.ts';
import { standardHandler } from '#shared/middleware/standard.ts';
import type { GateRequest } from '#shared/use-cases/gate/gate.ts';
import { requestOfRevision } from '#shared/use-cases/gate/service-revision.ts';
import { lambdaApp } from '../app.ts';
import {
  type Asked,
  gateEventSchema,
  type HookEvent,
  type JobEvent,
  type RequestEvent,
  WAITING_SINCE,
} from './event-schema.ts';

/** So long ECS waits before it asks again. */
const CALL_BACK_SECONDS = 30;
/** A longer value of an output variable is cut. */
const MAX_VARIABLE = 1_000;

/** What ECS understands. */
interface HookAnswer {
  readonly hookStatus: 'SUCCEEDED' | 'FAILED' | 'IN_PROGRESS';
  readonly callBackDelay?: number;
  readonly hookDetails?: Readonly<Record<string, unknown>>;
}

/**
 * May this be deployed? Asked by a lifecycle hook of an ECS deployment, by CodePipeline, or by whoever invokes it. A
 * deployment always gets an answer and never an error, because ECS takes errors for denials whatever the policy says.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-lifecycle-hooks.html
 */
export const handler = standardHandler(gateEventSchema, async (event, context) => {
  switch (event.from) {
    case 'ecs':
      return answerHook(event, context);
    case 'codepipeline':
      return answerPipeline(event, context);
    case 'request':
      return answerRequest(event, context);
  }
});

async function answerHook(event: HookEvent, context: Context): Promise<HookAnswer> {
  const { deployment, serviceArn, revisionArn, problem, hookDetails, waitingSince: since } = event;
  const question: Question = async (dependencies) => {
    if (revisionArn === undefined) {
      const because = problem ?? 'the event names no revision';
      return { requests: [{ is: 'unseen', kind: 'task-definition', name: deployment, because }] };
    }
    const { request, createdAt } = await requestOfRevision(revisionArn, dependencies);
    return { requests: [request], ...(createdAt === undefined ? {} : { waitingSince: createdAt }) };
  };
  const { record, waitingSince } = await askSafely(
    () => lambdaApp(context),
    question,
    {
      requestedBy: `ECS deployment ${deployment}`,
      ...(serviceArn === undefined ? {} : { target: serviceArn }),
      ...(since === undefined ? {} : { waitingSince: since }),
    },
    timeOf(context),
  );
  if (record.decision === 'allow') return { hookStatus: 'SUCCEEDED' };
  if (record.decision === 'deny') return { hookStatus: 'FAILED' };
  return {
    hookStatus: 'IN_PROGRESS',
    callBackDelay: CALL_BACK_SECONDS,
    hookDetails: { ...hookDetails, [WAITING_SINCE]: waitingSince.toISOString() },
  };
}

/** An answer that CodePipeline does not take is an error: it would wait for one in vain otherwise. */
async function answerPipeline({ jobId, asked, problem, waitingSince: since }: JobEvent, context: Context) {
  const app = lambdaApp(context);
  if (asked === undefined) {
    await answerJob(app, jobId, { failed: problem ?? 'nothing was asked', type: 'ConfigurationError' });
    return { decision: 'deny', says: problem };
  }
  const { record, waitingSince } = await ask(asked, `CodePipeline job ${jobId}`, since, context);
  const { decision, says } = record;
  if (decision === 'deny') await answerJob(app, jobId, { failed: says, type: 'JobFailed' });
  else if (decision === 'wait') await answerJob(app, jobId, { continuationToken: waitingSince.toISOString() });
  else {
    const outputVariables = { Decision: decision, Says: says.slice(0, MAX_VARIABLE) };
    await answerJob(app, jobId, { outputVariables });
  }
  return { decision, says };
}

/** What Step Functions chooses by: `decision`; with `wait` the same is asked again, with `waitingSince`. */
async function answerRequest({ asked, waitingSince: since }: RequestEvent, context: Context) {
  const { record, waitingSince } = await ask(asked, `invocation ${context.awsRequestId}`, since, context);
  return { ...shortened(record), waitingSince: waitingSince.toISOString() };
}

function ask(
  { images, taskDefinitions, target }: Asked,
  requestedBy: string,
  since: Date | undefined,
  context: Context,
) {
  const requests: readonly GateRequest[] = [
    ...images.map((name) => ({ is: 'image', name }) as const),
    ...taskDefinitions.map((arn) => ({ is: 'task-definition', arn }) as const),
  ];
  return askSafely(
    () => lambdaApp(context),
    async () => ({ requests }),
    {
      requestedBy,
      ...(target === undefined ? {} : { target }),
      ...(since === undefined ? {} : { waitingSince: since }),
    },
    timeOf(context),
  );
}

/** Without the evidence, which is kept: an answer may have 256 KB. */
function shortened({ decision, says, objections, waived, notLooked, pending, remarks, subjects }: GateRecord) {
  const short = ({ clause, subject, says: what, checkId, severity }: GateRecord['objections'][number]) => ({
    clause,
    subject,
    says: what,
    checkId,
    severity,
  });
  return {
    decision,
    says,
    objections: objections.map(short),
    waived: waived.map(short),
    notLooked,
    pending,
    remarks,
    subjects,
  };
}

function timeOf(context: Context): GateTime {
  const [, partition = 'aws', , , accountId = ''] = context.invokedFunctionArn.split(':');
  return {
    partition,
    accountId,
    millisecondsLeft: () => context.getRemainingTimeInMillis(),
  };
}
