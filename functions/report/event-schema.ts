import { z } from 'zod';

/**
 * What the schedules of infra/resources/schedules.yml send: which report, and the time of the schedule, which is the same
 * however often a call is tried. `continued` counts the function's own calls for what it had no time for.
 *
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html
 */
export const reportEventSchema = z.strictObject({
  report: z.enum(['daily', 'weekly', 'monthly']),
  time: z.iso.datetime(),
  continued: z.number().int().min(0).default(0),
});
