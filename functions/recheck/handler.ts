import type { SQSBatchResponse } from 'aws-lambda';
import type { ChangeEvent } from '#shared/domain/trigger.ts';
import { parseEvent } from '#shared/middleware/parse-event.ts';
import { bodyOf, eachMessage, type SqsRecord, sqsEventSchema } from '#shared/middleware/sqs-batch.ts';
import { standardHandler } from '#shared/middleware/standard.ts';
import { reportOutcome } from '#shared/observability/sink-outcome.ts';
import { count, logger } from '#shared/observability/telemetry.ts';
import { factHorizon } from '#shared/use-cases/fact-horizon.ts';
import { recheck } from '#shared/use-cases/recheck.ts';
import { lambdaApp } from '../app.ts';
import { changeEventSchema, postponedForm } from './event-schema.ts';

/** Looks again at what a batch of events touched: all of them at once, so that the same thing is read once. */
export const handler = standardHandler(sqsEventSchema, async (batch, context): Promise<SQSBatchResponse> => {
  const events = new Map<SqsRecord, ChangeEvent>();
  const parsed = await eachMessage(batch, async (record) => {
    events.set(record, parseEvent(changeEventSchema, bodyOf(record)));
  });
  const app = lambdaApp(context);
  const { config } = await app.settings();
  const windowMs = config.deployment.recheckWindowMinutes * 60_000;
  const window = `recheck ${Math.floor(app.now().getTime() / windowMs) * windowMs}`;
  logger.appendKeys({ unit: window });
  const accounts = new Set([...events.values()].map(({ accountId }) => accountId));
  const wiring = await app.wiring(window, factHorizon(await app.targetsInScope(), accounts));
  const postpone = async (event: ChangeEvent, delaySeconds: number) =>
    (await app.recheckQueue()).send([{ body: postponedForm(event), delaySeconds }]);
  const result = await recheck([...events.values()], { ...wiring, postpone });
  const { rechecked, scans, decisions, settling, dropped, failed, reports } = result;
  for (const { source, detailType, accountId, region } of dropped) {
    logger.info('An event touches nothing that is known here.', { source, detailType, accountId, region });
  }
  count('ResourcesRechecked', rechecked.length);
  count('EventsDropped', dropped.length);
  reportOutcome(reports);
  logger.info(`${events.size} events were looked into.`, { rechecked, scans, decisions, settling });
  const failures = await eachMessage({ Records: [...events.keys()] }, async (record) => {
    const event = events.get(record);
    if (event !== undefined && failed.has(event)) throw failed.get(event);
  });
  return { batchItemFailures: [...parsed.batchItemFailures, ...failures.batchItemFailures] };
});
