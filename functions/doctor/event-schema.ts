import { z } from 'zod';

/** What the function is called with: nothing, or the accounts to look at. */
export const doctorEventSchema = z.looseObject({
  accounts: z
    .array(z.string().regex(/^\d{12}$/, 'must be an account id: twelve digits'))
    .min(1)
    .optional(),
});
