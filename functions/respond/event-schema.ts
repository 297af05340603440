import { z } from 'zod';

/** Custom actions of Security Hub that Hullcheck answers to, by their ids. */
const ACTIONS = ['HullcheckShowFix', 'HullcheckFix'] as const;

/** What somebody chose in Security Hub, and what for. */
export interface CustomAction {
  readonly eventId: string;
  readonly action: (typeof ACTIONS)[number];
  /** Ids of the findings as they stand in Security Hub; others than ours are possible. */
  readonly findingIds: readonly string[];
}

/**
 * An event of a custom action. The findings in it are copies that may be old: only their ids are taken.
 *
 * @see https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-cwe-event-formats.html
 */
export const customActionSchema = z
  .object({
    id: z.string().min(1).max(100),
    source: z.literal('aws.securityhub'),
    'detail-type': z.literal('Security Hub Findings - Custom Action'),
    resources: z.array(z.string()).length(1),
    detail: z.object({
      findings: z
        .array(z.object({ Id: z.string().min(1).max(512) }))
        .min(1)
        .max(100),
    }),
  })
  .transform(({ id, resources, detail }, context): CustomAction => {
    const action = ACTIONS.find((name) => resources[0]?.endsWith(`:action/custom/${name}`));
    if (action === undefined) {
      context.addIssue({
        code: 'custom',
        path: ['resources', 0],
        message: `is none of the custom actions ${ACTIONS.join(', ')}`,
      });
      return z.NEVER;
    }
    return { eventId: id, action, findingIds: detail.findings.map(({ Id }) => Id) };
  });
