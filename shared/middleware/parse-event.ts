import type { ZodType } from 'zod';

/** Raised for an event that a function does not know; one sentence. */
export class InvalidEventError extends Error {
  override readonly name = 'InvalidEventError';
}

/** @throws InvalidEventError that names the first thing that is wrong */
export function parseEvent<E>(schema: ZodType<E>, event: unknown): E {
  const parsed = schema.safeParse(event);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const path = (issue?.path ?? []).map(String).join('.');
  throw new InvalidEventError(`The event cannot be used: ${path === '' ? '' : `${path}: `}${issue?.message}.`);
}
