import {
  BatchGetAccountStatusCommand,
  type BatchGetAccountStatusCommandOutput,
  Inspector2Client,
} from '@aws-sdk/client-inspector2';
import { known, type Observed, type Unreadable, unknown } from '../../domain/observed.ts';
import type { CollectedItem, Collector, CollectorContext } from '../../domain/ports.ts';
import { inspectorTriggers } from './triggers.ts';

const OPERATION = 'inspector2:BatchGetAccountStatus';

/** Whether Amazon Inspector scans the images of one account and region. */
export const inspectorCollector: Collector = {
  service: 'inspector',
  resourceTypes: ['InspectorAccount'],
  permissions: [OPERATION],
  producesFacts: [],
  needsFacts: [],
  collect,
  triggers: inspectorTriggers,
};

async function* collect(context: CollectorContext): AsyncGenerator<CollectedItem> {
  const { accountId, region, partition } = context;
  const uid = `arn:${partition}:inspector2:${region}:${accountId}:account`;
  yield {
    resource: {
      type: 'InspectorAccount',
      uid,
      name: `Amazon Inspector in ${region}`,
      accountId,
      region,
      partition,
      inUse: 'yes',
      ecrScanning: await readEcrScanning(context, uid),
    },
  };
}

/**
 * The answer lists accounts that were refused beside those that were read, so a call that succeeded may still say
 * nothing about the account.
 *
 * @see https://docs.aws.amazon.com/inspector/v2/APIReference/API_BatchGetAccountStatus.html
 */
async function readEcrScanning(context: CollectorContext, uid: string): Promise<Observed<string>> {
  const client = context.clientFor(Inspector2Client);
  const answer = await context.read(
    OPERATION,
    () => client.send(new BatchGetAccountStatusCommand({ accountIds: [context.accountId] })),
    { resource: uid },
  );
  if (!answer.known) return answer;
  const account = answer.value.accounts?.find(({ accountId }) => accountId === context.accountId);
  const status = account?.resourceState?.ecr?.status;
  if (status !== undefined) return known(status);
  const reason = whyMissing(answer.value, context.accountId);
  context.reportGap({
    operation: OPERATION,
    cause: reason.cause,
    reason: reason.message,
    ...(reason.missingPermission === undefined ? {} : { missingPermission: reason.missingPermission }),
    resource: uid,
  });
  return unknown(reason);
}

function whyMissing({ failedAccounts }: BatchGetAccountStatusCommandOutput, accountId: string): Unreadable {
  const failure = failedAccounts?.find((account) => account.accountId === accountId)?.errorCode;
  const base = { kind: 'unreadable', operation: OPERATION } as const;
  if (failure === 'ACCESS_DENIED') {
    return {
      ...base,
      cause: 'denied',
      message: `${OPERATION} was denied: allow ${OPERATION} in the policy of the reading role.`,
      missingPermission: OPERATION,
    };
  }
  if (failure !== undefined) return { ...base, cause: 'failed', message: `${OPERATION} failed (${failure}).` };
  return { ...base, cause: 'invalid-answer', message: `${OPERATION} answered without the status of ECR scanning.` };
}
