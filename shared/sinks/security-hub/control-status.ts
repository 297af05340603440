import {
  ListStandardsControlAssociationsCommand,
  type ListStandardsControlAssociationsCommandOutput,
  SecurityHubClient,
} from '@aws-sdk/client-securityhub';
import { errorName } from '../../aws/errors.ts';
import type { ClientClass } from '../../domain/ports.ts';

/**
 * Whether one of AWS's controls is switched on in an account and region; undefined = not known.
 *
 * @param controlId an id without a standard, such as `ECS.5`
 */
export type ControlLookup = (controlId: string, accountId: string, region: string) => Promise<boolean | undefined>;

/** What Security Hub answers for a control that the region does not have. */
const NO_SUCH_CONTROL = new Set(['InvalidInputException', 'ResourceNotFoundException']);
/**
 * Controls that may report in the delegated administrator's account alone: that they are on in a member account does
 * not mean that anybody hears of it.
 *
 * @see https://docs.aws.amazon.com/securityhub/latest/userguide/guardduty-controls.html
 * @see https://docs.aws.amazon.com/securityhub/latest/userguide/inspector-controls.html
 */
const REPORTS_ELSEWHERE = /^(?:GuardDuty|Inspector)\./;
const MAX_RESULTS = 100;

/**
 * Makes a look-up that asks Security Hub once for each control, account and region, as that account itself. It never
 * throws: whatever keeps it from knowing (a denial, a hub that is off, throttling) makes the answer undefined, and on
 * that nothing is lowered or skipped.
 *
 * @see https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_ListStandardsControlAssociations.html
 */
export function controlLookup(
  clientFor: <C>(clientClass: ClientClass<C>, accountId: string, region: string) => C,
): ControlLookup {
  const answers = new Map<string, Promise<boolean | undefined>>();
  return (controlId, accountId, region) => {
    if (REPORTS_ELSEWHERE.test(controlId)) return Promise.resolve(undefined);
    const key = `${controlId} ${accountId} ${region}`;
    const known = answers.get(key) ?? askFor(controlId, () => clientFor(SecurityHubClient, accountId, region));
    answers.set(key, known);
    return known;
  };
}

async function askFor(controlId: string, client: () => SecurityHubClient): Promise<boolean | undefined> {
  try {
    return await isEnabledInAnyStandard(controlId, client());
  } catch (error) {
    return NO_SUCH_CONTROL.has(errorName(error)) ? false : undefined;
  }
}

async function isEnabledInAnyStandard(SecurityControlId: string, client: SecurityHubClient): Promise<boolean> {
  let NextToken: string | undefined;
  do {
    const answer: ListStandardsControlAssociationsCommandOutput = await client.send(
      new ListStandardsControlAssociationsCommand({
        SecurityControlId,
        MaxResults: MAX_RESULTS,
        ...(NextToken === undefined ? {} : { NextToken }),
      }),
    );
    const standards = answer.StandardsControlAssociationSummaries ?? [];
    if (standards.some(({ AssociationStatus }) => AssociationStatus === 'ENABLED')) return true;
    NextToken = answer.NextToken;
  } while (NextToken !== undefined && NextToken !== '');
  return false;
}
