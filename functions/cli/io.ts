import type { Readable, Writable } from 'node:stream';

/** The process around a command, as far as commands may touch it. */
export interface CliIo {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdin: Readable;
  readonly stdout: Writable & { readonly isTTY?: boolean; readonly columns?: number };
  readonly stderr: Writable & { readonly isTTY?: boolean; readonly columns?: number };
  readonly now: () => Date;
}

/** 0 done, nothing to complain of · 1 something at or above the threshold failed · 2 wrong usage or input · 3 incomplete. */
export type ExitCode = 0 | 1 | 2 | 3;

/** Wrong flags, configuration or files: one sentence each, exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Nothing could be looked at: one sentence, exit code 3. */
export class CouldNotLookError extends Error {
  override readonly name = 'CouldNotLookError';
}
