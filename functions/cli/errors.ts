import { CommanderError } from 'commander';
import { OrganizationError } from '#shared/aws/organization.ts';
import { ConfigError } from '#shared/config/load.ts';
import { CheckRegistryError } from '#shared/engine/registry.ts';
import { InventoryFileError } from '#shared/inventory-file/read.ts';
import { LocalLedgerError } from '#shared/ledger/sqlite.ts';
import { UnknownSliceError } from '#shared/reports/build.ts';
import { EmptyLedgerError } from '#shared/reports/from-ledger.ts';
import { ManifestError } from '#shared/reports/manifest.ts';
import { CredentialsError, UnknownRegionError } from '#shared/use-cases/plan-targets.ts';
import { type CliIo, CouldNotLookError, type ExitCode, UsageError } from './io.ts';

/**
 * Says in one sentence (one a problem) what went wrong, and gives the exit code. Never a stack trace, unless
 * `HULLCHECK_DEBUG` asks for one.
 */
export function reportError(error: unknown, io: CliIo): ExitCode {
  const say = (sentence: string) => io.stderr.write(`hullcheck: ${sentence}\n`);
  if (error instanceof CommanderError) {
    // Commander has already written its own sentence; help and version are not errors.
    return error.exitCode === 0 ? 0 : 2;
  }
  if (error instanceof ConfigError) {
    for (const problem of error.problems) say(problem);
    return 2;
  }
  if (
    error instanceof UsageError ||
    error instanceof InventoryFileError ||
    error instanceof LocalLedgerError ||
    error instanceof EmptyLedgerError ||
    error instanceof UnknownSliceError ||
    error instanceof ManifestError ||
    error instanceof UnknownRegionError
  ) {
    say(error.message);
    return 2;
  }
  if (error instanceof CredentialsError) {
    say(credentialsSentence(error));
    return 3;
  }
  if (error instanceof CouldNotLookError || error instanceof OrganizationError) {
    say(error.message);
    return 3;
  }
  if (error instanceof CheckRegistryError) {
    say(`the checks are not fit to run: ${error.message}`);
    return 3;
  }
  tellStack(error, io);
  const { name = 'Error', message = String(error) } = error instanceof Error ? error : {};
  say(
    `internal error (${name}: ${message.split('\n')[0]}); set HULLCHECK_DEBUG=1 for the stack, and please report it.`,
  );
  return 3;
}

/** Where `HULLCHECK_DEBUG` asks for it. */
export function tellStack(error: unknown, io: CliIo): void {
  if (io.env.HULLCHECK_DEBUG === undefined || !(error instanceof Error)) return;
  io.stderr.write(`hullcheck: ${error.stack ?? error.message}\n`);
}

function credentialsSentence({ reason, profile }: CredentialsError): string {
  switch (reason.cause) {
    case 'credentials':
    case 'region-disabled':
      return profile === undefined
        ? `AWS did not accept the credentials: ${reason.message} Sign in again, or name a profile with --profile.`
        : `The profile "${profile}" gave no credentials that AWS accepts: ${reason.message} Sign in again, or correct the profile's name.`;
    case 'unreachable':
      return `AWS cannot be reached: ${reason.message} Check the network, the region and AWS_ENDPOINT_URL.`;
    default:
      return `it cannot be found out whose credentials these are: ${reason.message}`;
  }
}

/** The system's error code as words a person understands. */
export function fileProblem(error: unknown): string {
  const code = (error as { code?: string }).code;
  switch (code) {
    case 'ENOENT':
      return 'it does not exist';
    case 'EACCES':
    case 'EPERM':
      return 'it may not be accessed';
    case 'EEXIST':
      return 'a file is in its place';
    case 'EROFS':
      return 'the file system is read-only';
    case 'ENOSPC':
      return 'there is no space left';
    case 'EISDIR':
      return 'it is a directory';
    case 'ENOTDIR':
      return 'a part of its path is not a directory';
    default:
      return `the system says ${code ?? 'no more'}`;
  }
}
