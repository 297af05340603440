import { z } from 'zod';
import { ConfigError } from './load.ts';

const url = z.url();
const secret = z.string().regex(/^[0-9a-f]{32,}$/, 'must be at least 16 bytes in hexadecimal digits');

const environmentSchema = z.object({
  HULLCHECK_TABLE: z.string().min(3),
  HULLCHECK_UNIT_QUEUE_URL: url.optional(),
  HULLCHECK_FINISH_QUEUE_URL: url.optional(),
  HULLCHECK_CONFIG_BUCKET: z.string().min(3).optional(),
  HULLCHECK_CONFIG_KEY: z.string().min(1).default('hullcheck.yaml'),
  HULLCHECK_REPORT_BUCKET: z.string().min(3).optional(),
  /** URLs, separated by commas. */
  HULLCHECK_DEAD_LETTER_QUEUE_URLS: z
    .string()
    .default('')
    .transform((text) => text.split(',').filter((one) => one !== ''))
    .pipe(z.array(url)),
  HULLCHECK_HASH_KEY: secret.optional(),
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
