import {
  CodePipelineClient,
  PutJobFailureResultCommand,
  PutJobSuccessResultCommand,
} from '@aws-sdk/client-codepipeline';
import { errorName } from '../aws/errors.ts';
import { alertRoutes } from '../composition-root.ts';
import { gateSchema } from '../config/gate-schema.ts';
import { ConfigError } from '../config/load.ts';
import type { GatePolicy, GateRecord } from '../domain/gate.ts';
import type { UnitsOfAccount } from '../domain/route.ts';
import { count, logger } from '../observability/telemetry.ts';
import { announceDenial } from '../sinks/sns/gate-denial.ts';
import type { Topics } from '../sinks/sns/topic.ts';
import { isOpened, type OwnAccount } from '../use-cases/accounts-in-scope.ts';
import { blindRecord, type GateAsker, type GateRequest, gate } from '../use-cases/gate/gate.ts';
import type { GateDependencies } from '../use-cases/gate/looking.ts';
import type { LambdaApp } from './composition-root.ts';

/** What is asked, found out with what the gate itself has. */
export type Question = (
  dependencies: GateDependencies,
) => Promise<{ readonly requests: readonly GateRequest[]; readonly waitingSince?: Date }>;

/** Where the function runs, and for how long. */
export interface GateTime extends OwnAccount {
  /** Until the work must have ended. */
  readonly millisecondsLeft: () => number;
}

/** So long before its end the gate gives the answer of somebody who could not look. */
const SPARE_MS = 8_000;
/** What then is left for evidence and alert ends so long before. */
const LAST_MS = 3_000;

/**
 * Asks the gate, and never throws: where it fails, or has no time left, the policy says what that means. Where not even
 * the policy can be read it is the default one, which is fail-closed.
 *
 * @param appOf makes the application, which fails where the environment lacks something
 */
export async function askSafely(
  appOf: () => LambdaApp,
  question: Question,
  asker: GateAsker,
  time: GateTime,
): Promise<{ readonly record: GateRecord; readonly waitingSince: Date }> {
  let policy: GatePolicy = gateSchema.parse({});
  let waitingSince = asker.waitingSince ?? new Date();
  let app: LambdaApp | undefined;
  try {
    app = appOf();
    const deployed = app;
    policy = (await deployed.settings()).config.gate;
    const record = await inTime(time.millisecondsLeft() - SPARE_MS, async () => {
      const dependencies = await dependenciesOf(deployed, time);
      const asked = await question(dependencies);
      waitingSince = asker.waitingSince ?? asked.waitingSince ?? waitingSince;
      return gate(asked.requests, { ...asker, waitingSince }, dependencies);
    });
    await tell(record, app, time);
    return { record, waitingSince };
  } catch (error) {
    logger.error('The gate failed, and answers by its policy.', error as Error);
    count('Failures', 1);
    const record = blindRecord(whyBlind(error), asker, new Date(), policy);
    await tell(record, app, time);
    return { record, waitingSince };
  }
}

/** Whoever waits for the answer of a job gets it. @throws what CodePipeline answers */
export async function answerJob(
  app: LambdaApp,
  jobId: string,
  answer: { readonly failed: string; readonly type: 'JobFailed' | 'ConfigurationError' } | JobSuccess,
): Promise<void> {
  const client = await app.own(CodePipelineClient);
  try {
    if ('failed' in answer) {
      const failureDetails = { type: answer.type, message: answer.failed.slice(0, 4_000) };
      await client.send(new PutJobFailureResultCommand({ jobId, failureDetails }));
    } else await client.send(new PutJobSuccessResultCommand({ jobId, ...answer }));
  } catch (error) {
    // It was answered before: an answer that was lost on its way back is delivered again.
    if (errorName(error) !== 'InvalidJobStateException') throw error;
    logger.info('The job of CodePipeline has its answer already.', { jobId });
  }
}

export interface JobSuccess {
  /** With it the job is not over: it is asked again. */
  readonly continuationToken?: string;
  readonly outputVariables?: Record<string, string>;
}

async function dependenciesOf(app: LambdaApp, own: OwnAccount): Promise<GateDependencies> {
  const { config } = await app.settings();
  const { registry, parameters, waivers, clientFor, classify, now } = await app.wiring('gate', []);
  return {
    registry,
    parameters,
    policy: config.gate,
    images: config.images,
    ...(waivers === undefined ? {} : { waivers }),
    // Without a role the function's own credentials would be asked, which see another account's repositories.
    targetOf: ({ accountId, region }) =>
      isOpened(config.scope, accountId, own)
        ? { accountId, region, partition: own.partition }
        : { because: `it is in account ${accountId}, for which the deployment has no role` },
    clientFor,
    classify,
    now,
  };
}

/** Leaves evidence of a decision, and alerts where it is a denial. That one of it fails changes no answer. */
async function tell(record: GateRecord, app: LambdaApp | undefined, time: GateTime): Promise<void> {
  const level = record.decision === 'allow' && record.notLooked.length === 0 ? 'info' : 'warn';
  logger[level](record.says, { gate: record });
  if (record.decision === 'wait' || app === undefined) return;
  const tellers = [keep(record, app), ...(record.decision === 'deny' ? [announce(record, app)] : [])];
  try {
    const ended = await inTime(time.millisecondsLeft() - LAST_MS, () => Promise.allSettled(tellers));
    for (const end of ended) if (end.status === 'rejected') throw end.reason;
  } catch (error) {
    logger.error('The decision of the gate stands in the log only.', error as Error);
    count('Failures', 1);
  }
}

async function keep(record: GateRecord, app: LambdaApp): Promise<void> {
  const bucket = await app.reportBucket();
  await bucket.write(keyOf(record), oneChunk(`${JSON.stringify(record)}\n`));
}

async function announce(record: GateRecord, app: LambdaApp): Promise<void> {
  const { config } = await app.settings();
  const { sns } = config.publish;
  if (sns === undefined) return;
  const problems = await announceDenial(record, {
    topics: sns.topics as Topics,
    ownership: {
      ...(sns.environment === undefined ? {} : { env: sns.environment }),
      ...(sns.team === undefined ? {} : { team: sns.team }),
    },
    routes: alertRoutes(config),
    unitsOf: await unitsOf(record, app),
    clientFor: await app.clientTo('publishing'),
  });
  if (problems.length > 0) throw new Error(problems.join(' '));
}

/** An account whose place is not known is on no unit's route: whoever has the next one is told, and nobody is left out. */
async function unitsOf({ objections }: GateRecord, app: LambdaApp): Promise<UnitsOfAccount> {
  try {
    return await app.unitsOf(objections.map(({ resource }) => resource.accountId));
  } catch (error) {
    logger.warn('Where the accounts of a denial are in the organization could not be read.', error as Error);
    return () => undefined;
  }
}

/** @throws GateTimeoutError */
async function inTime<T>(milliseconds: number, work: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new GateTimeoutError('the time of the function is over')),
      Math.max(0, milliseconds),
    );
  });
  try {
    return await Promise.race([work(), over]);
  } finally {
    clearTimeout(timer);
  }
}

class GateTimeoutError extends Error {
  override readonly name = 'GateTimeoutError';
}

function whyBlind(error: unknown): string {
  if (error instanceof ConfigError) return 'its configuration cannot be used, as the log of the gate says';
  if (error instanceof GateTimeoutError) return `the gate could not look in time: ${error.message}`;
  // Messages of others may quote what they were given.
  return `the gate failed (${error instanceof Error ? error.name : typeof error})`;
}

function keyOf({ at, target, subjects }: GateRecord): string {
  const what = (target ?? subjects[0]?.name ?? 'unknown').replaceAll(/[^A-Za-z0-9.-]+/g, '_').slice(-120);
  return `gates/${at.slice(0, 10)}/${at.replaceAll(/[:.]/g, '-')}-${what}.json`;
}

async function* oneChunk(text: string): AsyncGenerator<string> {
  yield text;
}
