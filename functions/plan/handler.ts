import { standardHandler } from '#shared/middleware/standard.ts';
import { count, logger } from '#shared/observability/telemetry.ts';
import { phasesOf } from '#shared/use-cases/collect-inventory.ts';
import { type PlannedRun, planRun } from '#shared/use-cases/plan.ts';
import { lambdaApp } from '../app.ts';
import { scheduledEventSchema } from './event-schema.ts';

/** Begins a run, as the schedule says. The same event begins the same run, however often it comes. */
export const handler = standardHandler(scheduledEventSchema, async ({ id, time }, context): Promise<PlannedRun> => {
  const runId = `${time} ${id}`;
  logger.appendKeys({ runId });
  const app = lambdaApp(context);
  const inScope = await app.accountsInScope();
  const { config } = await app.settings();
  const planned = await planRun(runId, inScope, {
    ...(await app.queues()),
    ledger: await app.ledger,
    now: () => app.now(),
    phases: phasesOf(await app.collectors()).length,
    deadlineSeconds: config.deployment.deadlineMinutes * 60,
  });
  for (const accountId of planned.skipped) {
    logger.warn(`Another run is still scanning the account ${accountId}: it is left out of this one.`);
  }
  for (const { accountId, reason } of inScope.leftOut) logger.info(`${accountId} is not scanned: ${reason}`);
  count('AccountsPlanned', planned.accounts);
  logger.info(`${planned.accounts} accounts are planned.`);
  return planned;
});
