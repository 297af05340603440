import { z } from 'zod';
import { ConfigError } from './load.ts';

const url = z.url();
const roleArn = z.string().regex(/^arn:aws[a-z-]*:iam::\d{12}:role\/\S+$/, 'must be the ARN of a role');

const environmentSchema = z.object({
  HULLCHECK_TABLE: z.string().min(3),
  HULLCHECK_UNIT_QUEUE_URL: url.optional(),
  HULLCHECK_FINISH_QUEUE_URL: url.optional(),
  HULLCHECK_RECHECK_QUEUE_URL: url.optional(),
  HULLCHECK_CONFIG_BUCKET: z.string().min(3).optional(),
  HULLCHECK_CONFIG_KEY: z.string().min(1).default('hullcheck.yaml'),
  HULLCHECK_REPORT_BUCKET: z.string().min(3).optional(),
  /** URLs, separated by commas. */
  HULLCHECK_DEAD_LETTER_QUEUE_URLS: z
    .string()
    .default('')
    .transform((text) => text.split(',').filter((one) => one !== ''))
    .pipe(z.array(url)),
  /** As for the command line: any text; equal secrets have equal hashes wherever it is the same. */
  HULLCHECK_HASH_KEY: z.string().min(16, 'must have at least 16 characters').optional(),
  /** Of the functions for which doctor speaks; where they are left out it speaks for itself. */
  HULLCHECK_SCAN_ROLE_ARN: roleArn.optional(),
  HULLCHECK_RECHECK_ROLE_ARN: roleArn.optional(),
  HULLCHECK_GATE_ROLE_ARN: roleArn.optional(),
  /** `unlimited` for an endpoint without rate limits: the demo account. */
  HULLCHECK_RATE: z.enum(['published', 'unlimited']).default('published'),
});

/** What a function is told by its environment. */
export type LambdaEnvironment = z.infer<typeof environmentSchema>;

/**
 * @param environment the variables of the process
 * @throws ConfigError with every problem at once
 */
export function parseEnvironment(environment: Readonly<Record<string, string | undefined>>): LambdaEnvironment {
  const parsed = environmentSchema.safeParse(environment);
  if (parsed.success) return parsed.data;
  throw new ConfigError(
    parsed.error.issues.map((issue) => `The environment variable ${issue.path.join('.')}: ${issue.message}.`),
  );
}
