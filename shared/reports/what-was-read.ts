import { isIncomplete } from '../domain/coverage.ts';
import type { CoverageResult } from './model.ts';

/** What was read of what checks judge. */
export interface WhatWasRead {
  /** Whether everything was read that the check has to see; what was excluded on purpose was not to be read. */
  readonly wasReadWhole: (checkId: string) => boolean;
  /** The service that a check needs and that nobody has read anything of; undefined where somebody has, or tried to. */
  readonly notScanned: (checkId: string) => string | undefined;
  /** Accounts with regions that were left out on purpose, and that the check would have been about. */
  readonly leftOut: (checkId: string) => readonly string[];
}

/** Whatever concerns an account as a whole concerns each of its services. */
const WHOLE_ACCOUNT = 'account';

/**
 * @param serviceOf the service that reads what a check judges
 */
export function whatWasRead(
  { entries, notLookedAt }: Pick<CoverageResult, 'entries' | 'notLookedAt'>,
  serviceOf: (checkId: string) => string | undefined,
): WhatWasRead {
  const unread = new Set([...entries.filter(isIncomplete), ...notLookedAt].map(({ service }) => service));
  const scanned = new Set(entries.filter(({ status }) => status === 'scanned').map(({ service }) => service));
  const excluded = entries.filter(({ status }) => status === 'excluded');
  return {
    wasReadWhole: (checkId) => !unread.has(serviceOf(checkId) ?? '') && !unread.has(WHOLE_ACCOUNT),
    notScanned: (checkId) => {
      const service = serviceOf(checkId) ?? 'what it judges';
      return [service, WHOLE_ACCOUNT].some((one) => unread.has(one)) || scanned.has(service) ? undefined : service;
    },
    leftOut: (checkId) => [
      ...new Set(
        excluded
          .filter(({ service }) => service === serviceOf(checkId) || service === WHOLE_ACCOUNT)
          .map(({ accountId, region }) => `${accountId} ${region}`),
      ),
    ],
  };
}
