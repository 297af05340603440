import { z } from 'zod';
import type { ChangeEvent } from '#shared/domain/trigger.ts';

/**
 * An event of EventBridge, as a rule puts it into the queue.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-events-structure.html
 */
export const changeEventSchema = z
  .object({
    id: z.string().min(1).max(100),
    source: z.string().min(1),
    'detail-type': z.string().min(1),
    account: z.string().regex(/^\d{12}$/, 'must be an account id'),
    region: z.string().min(1),
    time: z.iso.datetime(),
    resources: z.array(z.string()).default([]),
    detail: z.unknown(),
    /** Put in by ourselves: see {@link postponedForm}. */
    hullcheckWaited: z.boolean().optional(),
  })
  .transform(
    ({
      id,
      source,
      'detail-type': detailType,
      account,
      region,
      time,
      resources,
      detail,
      hullcheckWaited,
    }): ChangeEvent => ({
      id,
      source,
      detailType,
      accountId: account,
      region,
      time,
      resources,
      detail,
      ...(hullcheckWaited === undefined ? {} : { waited: hullcheckWaited }),
    }),
  );

/** An event as it has to lie in the queue to be the same when it comes again. */
export function postponedForm(event: ChangeEvent): z.input<typeof changeEventSchema> {
  const { id, source, detailType, accountId, region, time, resources, detail, waited } = event;
  return {
    id,
    source,
    'detail-type': detailType,
    account: accountId,
    region,
    time,
    resources: [...resources],
    detail,
    hullcheckWaited: waited,
  };
}
