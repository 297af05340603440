import { parseEvent } from '#shared/middleware/parse-event.ts';
import { bodyOf, eachMessage, sqsEventSchema } from '#shared/middleware/sqs-batch.ts';
import { standardHandler } from '#shared/middleware/standard.ts';
import { reportOutcome } from '#shared/observability/sink-outcome.ts';
import { count, logger } from '#shared/observability/telemetry.ts';
import { targetsOf, unitMessageSchema, unitName } from '#shared/use-cases/run-messages.ts';
import { scanUnit } from '#shared/use-cases/scan-unit.ts';
import { lambdaApp } from '../app.ts';

/** Scans one account and region for each message. */
export const handler = standardHandler(sqsEventSchema, (event, context) =>
  eachMessage(event, async (record) => {
    const message = parseEvent(unitMessageSchema, bodyOf(record));
    logger.appendKeys({ runId: message.runId, unit: unitName(message) });
    const app = lambdaApp(context);
    const { expected } = await (await app.ledger).readProgress(message.runId);
    const targets = expected.length > 0 ? targetsOf(expected) : await app.targetsInScope();
    const wiring = await app.wiring(message.runId, targets);
    const { outcome, services } = await scanUnit(message, {
      ...wiring,
      remainingMs: () => context.getRemainingTimeInMillis(),
    });
    count('ServicesScanned', services.length);
    count(
      'ResourcesScanned',
      services.reduce((sum, { resources }) => sum + resources, 0),
    );
    for (const { reports } of services) reportOutcome(reports);
    logger.info(`The unit is ${outcome}.`, {
      services: services.map(({ service, complete }) => ({ service, complete })),
    });
  }),
);
