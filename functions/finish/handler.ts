import { parseEvent } from '#shared/middleware/parse-event.ts';
import { bodyOf, eachMessage, sqsEventSchema } from '#shared/middleware/sqs-batch.ts';
import { standardHandler } from '#shared/middleware/standard.ts';
import { reportOutcome } from '#shared/observability/sink-outcome.ts';
import { count, logger } from '#shared/observability/telemetry.ts';
import { finishRun } from '#shared/use-cases/finish.ts';
import { finishMessageSchema } from '#shared/use-cases/run-messages.ts';
import { lambdaApp } from '../app.ts';

/** Ends runs that are over. */
export const handler = standardHandler(sqsEventSchema, (event, context) =>
  eachMessage(event, async (record) => {
    const message = parseEvent(finishMessageSchema, bodyOf(record));
    logger.appendKeys({ runId: message.runId, unit: 'finish' });
    const app = lambdaApp(context);
    const targets = await app.runTargets(message.runId);
    const { config } = await app.settings();
    const { outcome, missing, complete, unknown, reports } = await finishRun(message, {
      ...(await app.wiring(message.runId, targets)),
      regions: await app.regions(),
      messageId: record.messageId,
      deadlineSeconds: config.deployment.deadlineMinutes * 60,
      outOfScopeDays: config.deployment.outOfScopeDays,
    });
    if (outcome === 'finished') {
      count('RunsFinished', 1);
      count('UnitsMissing', missing.length);
    }
    for (const unit of outcome === 'finished' ? missing : []) logger.error('A unit did not report.', { missing: unit });
    reportOutcome(reports);
    logger.info(`The run is ${outcome}.`, { complete, unknown, missing });
  }),
);
