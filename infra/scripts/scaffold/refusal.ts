/** The request cannot be met; the message is one sentence that says why and what to do. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
}

/** Runs a script: a refusal or a wrong flag is one line on stderr and exit code 2, anything else stays loud. */
export function runScript(script: () => void): void {
  try {
    script();
  } catch (error) {
    if (!(error instanceof Refusal) && !isWrongFlag(error)) throw error;
    console.error((error as Error).message);
    process.exitCode = 2;
  }
}

function isWrongFlag(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS_');
}
