import { tableProbes } from '../../aws/probes/table.ts';
import type { ProbeResult } from '../../domain/diagnosis.ts';
import type { IamAction } from '../../domain/ports.ts';
import type { AccountUnderTest } from './account-under-test.ts';
import { permissionResult, tryAll } from './permissions.ts';

/** The table that remembers findings, and what is done with it. */
export interface LedgerTable {
  readonly name: string;
  readonly region: string;
  readonly permissions: readonly IamAction[];
}

/** Tries everything that is done to the ledger's table, on an item that does not exist and never will. */
export async function lookAtLedger(
  { name, region, permissions }: LedgerTable,
  account: AccountUnderTest,
): Promise<readonly ProbeResult[]> {
  const { accountId, partition } = account.reached;
  const place = { ...account.placeIn(region), table: name };
  const trials = await tryAll(permissions, tableProbes, place);
  const isThere = [...trials.values()].every(
    (trial) => trial.outcome !== 'unknown' || trial.reason.cause !== 'not-found',
  );
  if (!isThere)
    return [
      {
        group: 'ledger',
        status: 'problem',
        subject: name,
        accountId,
        region,
        message: `There is no table ${name} in ${region}: nothing is remembered, and nothing can be published.`,
        fix: {
          text: 'Name the table of the deployment, or deploy it.',
          command: `aws dynamodb list-tables --region ${region}`,
        },
      },
    ];
  const arn = `arn:${partition}:dynamodb:${region}:${accountId}:table/${name}`;
  return [
    { group: 'ledger', status: 'ok', subject: name, accountId, region, message: `The table ${name} is there.` },
    ...[...trials].map(([action, trial]) =>
      permissionResult({ action, for: 'the ledger' }, trial, place, account.identity, arn),
    ),
  ];
}
