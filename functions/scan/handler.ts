import type { LambdaApp } from '#shared/lambda/composition-root.ts';
import { parseEvent } from '#shared/middleware/parse-event.ts';
import { bodyOf, eachMessage, sqsEventSchema } from '#shared/middleware/sqs-batch.ts';
import { standardHandler } from '#shared/middleware/standard.ts';
import { reportOutcome } from '#shared/observability/sink-outcome.ts';
import { count, logger } from '#shared/observability/telemetry.ts';
import { openAccount } from '#shared/use-cases/open-account.ts';
import { type AccountMessage, scanMessageSchema, type UnitMessage, unitName } from '#shared/use-cases/run-messages.ts';
import { scanUnit } from '#shared/use-cases/scan-unit.ts';
import { lambdaApp } from '../app.ts';

/** Scans one account and region for each message, or begins an account: finds out its regions, and sends the rest. */
export const handler = standardHandler(sqsEventSchema, (event, context) =>
  eachMessage(event, async (record) => {
    const message = parseEvent(scanMessageSchema, bodyOf(record));
    const app = lambdaApp(context);
    if ('region' in message) await scan(message, app, () => context.getRemainingTimeInMillis());
    else await open(message, app);
  }),
);

async function open(message: AccountMessage, app: LambdaApp): Promise<void> {
  logger.appendKeys({ runId: message.runId, unit: `account ${message.accountId}` });
  const { outcome, regions } = await openAccount(message, {
    ...(await app.queues()),
    ledger: await app.ledger,
    collectors: await app.collectors(),
    now: () => app.now(),
    planAccount: (accountId) => app.planAccount(accountId),
  });
  if (outcome === 'failed') count('AccountsFailed', 1);
  logger.info(`The account is ${outcome}.`, { regions });
}

async function scan(message: UnitMessage, app: LambdaApp, remainingMs: () => number): Promise<void> {
  logger.appendKeys({ runId: message.runId, unit: unitName(message) });
  const targets = await app.targetsOfUnit(message);
  const wiring = await app.wiring(message.runId, targets);
  const { outcome, services } = await scanUnit(message, { ...wiring, remainingMs });
  count('ServicesScanned', services.length);
  count(
    'ResourcesScanned',
    services.reduce((sum, { resources }) => sum + resources, 0),
  );
  for (const { reports } of services) reportOutcome(reports);
  logger.info(`The unit is ${outcome}.`, {
    services: services.map(({ service, complete }) => ({ service, complete })),
  });
}
