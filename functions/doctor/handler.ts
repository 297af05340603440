import { standardHandler } from '#shared/middleware/standard.ts';
import { logger } from '#shared/observability/telemetry.ts';
import { lambdaApp } from '../app.ts';
import { doctorEventSchema } from './event-schema.ts';

/** Lambda answers with at most 6 MB; whatever is more is in the log. */
const MAX_RESULTS = 2_000;

/**
 * Tries what the functions of this deployment need, with a role that has the same policies. Called by hand after a
 * deployment. What is in order is only counted.
 */
export const handler = standardHandler(doctorEventSchema, async ({ accounts }, context) => {
  const { counts, results } = await lambdaApp(context).diagnose(accounts);
  const told = results.filter(({ status }) => status !== 'ok' && status !== 'skipped');
  for (const { message, status, ...details } of told) {
    if (status === 'problem') logger.error(message, details);
    else logger.warn(message, details);
  }
  return { counts, results: told.slice(0, MAX_RESULTS) };
});
