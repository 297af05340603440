import { setTimeout as sleepFor } from 'node:timers/promises';
import {
  type AwsSecurityFinding,
  BatchImportFindingsCommand,
  type ImportFindingsError,
  type SecurityHubClient,
} from '@aws-sdk/client-securityhub';

/** Security Hub takes at most this many findings in one call. */
export const MAX_BATCH_FINDINGS = 100;
/** 6 MB, as the smaller reading of M, less room for the envelope. */
export const MAX_BATCH_BYTES = 5_990_000;

const RETRYABLE = /internal|throttl|limit|unavailable|timeout|too ?many/i;
const MAX_ROUNDS = 3;

export interface ImportOptions {
  /** Waits between rounds; the default really sleeps. */
  readonly sleep?: (milliseconds: number) => Promise<unknown>;
  /** Spreads the waits; 0 <= value < 1. */
  readonly random?: () => number;
}

export interface RejectedImport {
  readonly id: string;
  readonly code: string;
  readonly message: string;
}

/**
 * Imports one batch and reads what the answer says about each finding: the call succeeds even where findings inside it
 * were refused (SH-4). Refusals that may pass are tried again with growing, jittered waits.
 *
 * @returns the findings that were refused for good
 * @throws what the SDK throws when a call as a whole fails after its retries
 * @see https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_BatchImportFindings.html
 */
export async function importBatch(
  client: SecurityHubClient,
  findings: readonly AwsSecurityFinding[],
  options: ImportOptions = {},
): Promise<readonly RejectedImport[]> {
  const { sleep = sleepFor, random = Math.random } = options;
  const rejected: RejectedImport[] = [];
  let waiting = findings;
  for (let round = 1; waiting.length > 0; round += 1) {
    const failures = await importOnce(client, waiting);
    const again = new Set<string>();
    for (const failure of failures) {
      const id = failure.Id ?? '';
      const code = failure.ErrorCode ?? 'Unknown';
      if (round < MAX_ROUNDS && RETRYABLE.test(code)) again.add(id);
      else rejected.push({ id, code, message: failure.ErrorMessage ?? '' });
    }
    waiting = waiting.filter((finding) => again.has(finding.Id ?? ''));
    if (waiting.length > 0) await sleep(1000 * 2 ** (round - 1) * (0.5 + random() / 2));
  }
  return rejected;
}

async function importOnce(
  client: SecurityHubClient,
  findings: readonly AwsSecurityFinding[],
): Promise<readonly ImportFindingsError[]> {
  const answer = await client.send(new BatchImportFindingsCommand({ Findings: [...findings] }));
  const failures = answer.FailedFindings ?? [];
  if ((answer.FailedCount ?? 0) > failures.length) {
    // Something was refused and the answer does not say what: nothing of the batch may count as published.
    const named = new Set(failures.map((failure) => failure.Id));
    return [
      ...failures,
      ...findings
        .filter((finding) => !named.has(finding.Id))
        .map((finding) => ({
          Id: finding.Id,
          ErrorCode: 'Unnamed',
          ErrorMessage: 'the answer counts more failures than it names',
        })),
    ];
  }
  return failures;
}
