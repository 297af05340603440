import { z } from 'zod';

/** What the function that fixes may do. It is called only where the deployment has switched it on as well. */
export const respondSchema = z.strictObject({
  apply: z
    .boolean()
    .default(false)
    .describe(
      'Whether the custom action HullcheckFix changes anything; without it, it is only shown what would be done.',
    ),
  role: z
    .string()
    .regex(
      /^(?:[\w+=,.@-]|\{accountId\}|\/(?!\/))+(?<!\/)$/,
      'must be the name of a role, with its path and without an ARN',
    )
    .default('hullcheck-respond')
    .describe(
      'The role that fixes in other accounts than that of the deployment; `{accountId}` stands for the account.',
    ),
  externalId: z.string().min(2).max(1224).optional().describe('The external id that the role asks for.'),
});
