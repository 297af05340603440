import { z } from 'zod';
import { standardHandler } from '#shared/middleware/standard.ts';
import { logger } from '#shared/observability/telemetry.ts';
import { writeReport } from '#shared/use-cases/report.ts';
import { lambdaApp } from '../app.ts';

/** Writes what the ledger holds into the bucket of reports. Whatever the schedule says in its event is not looked at. */
export const handler = standardHandler(z.looseObject({}), async (_event, context) => {
  const app = lambdaApp(context);
  const written = await writeReport({
    ledger: await app.ledger,
    write: await app.reportWriter(),
    toolVersion: app.toolVersion,
    now: () => app.now(),
  });
  logger.info(`The report has ${written.findings} findings.`, { key: written.key });
  return written;
});
