import type { Context } from 'aws-lambda';
import { type ReportFunction, reportsIn, snapshotsIn } from '#shared/lambda/reports.ts';
import { standardHandler } from '#shared/middleware/standard.ts';
import { logger } from '#shared/observability/telemetry.ts';
import { type ReportCall, type ReportOutcome, writeReports } from '#shared/use-cases/report.ts';
import { writeSnapshot } from '#shared/use-cases/report-snapshot.ts';
import { lambdaApp } from '../app.ts';
import { reportEventSchema } from './event-schema.ts';

/** Writes the report that a schedule asks for into the bucket: daily a snapshot, weekly and monthly for auditors. */
export const handler = standardHandler(
  reportEventSchema,
  async ({ report, time, continued }, context): Promise<ReportOutcome> => {
    logger.appendKeys({ unit: `${report} report of ${time}` });
    const outcome =
      report === 'daily' ? await snapshot(time, context) : await reports({ kind: report, time, continued }, context);
    logger.info(`The report is ${outcome.outcome}.`, { ...outcome });
    return outcome;
  },
);

async function reports(call: ReportCall, context: Context): Promise<ReportOutcome> {
  return writeReports(call, await reportsIn(lambdaApp(context), ownOf(context), call.kind));
}

async function snapshot(time: string, context: Context): Promise<ReportOutcome> {
  return writeSnapshot(time, await snapshotsIn(lambdaApp(context), ownOf(context)));
}

function ownOf(context: Context): ReportFunction {
  return {
    arn: context.invokedFunctionArn,
    millisecondsLeft: () => context.getRemainingTimeInMillis(),
  };
}
