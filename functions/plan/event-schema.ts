import { z } from 'zod';

/**
 * What EventBridge Scheduler sends where a schedule has no input of its own.
 *
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-templated.html
 */
export const scheduledEventSchema = z.object({
  id: z.string().min(1).max(64),
  time: z.iso.datetime(),
});
