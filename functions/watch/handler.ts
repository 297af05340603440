import { z } from 'zod';
import { standardHandler } from '#shared/middleware/standard.ts';
import { count, logger } from '#shared/observability/telemetry.ts';
import { watch } from '#shared/use-cases/watch.ts';
import { lambdaApp } from '../app.ts';

/** Looks whether scans come to their end. Alarms are on its numbers; the log says what is wrong in sentences. */
export const handler = standardHandler(z.looseObject({}), async (_event, context) => {
  const app = lambdaApp(context);
  const { config } = await app.settings();
  const watched = await watch({
    ledger: await app.ledger,
    targets: await app.targetsInScope(),
    deadLetterQueues: await app.deadLetterQueues(),
    overdueSeconds: config.deployment.scanEveryHours * 2 * 3600,
    now: () => app.now(),
  });
  count('WatchProblems', watched.problems.length);
  count('OverdueAccounts', watched.overdueAccounts);
  count('ScopesLost', watched.scopesLost);
  count('DeadLetters', watched.deadLetters);
  for (const problem of watched.problems) logger.error(problem);
  return watched;
});
