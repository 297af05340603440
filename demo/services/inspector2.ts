import {
  BatchGetAccountStatus$,
  type BatchGetAccountStatusCommandInput,
  type BatchGetAccountStatusCommandOutput,
} from '@aws-sdk/client-inspector2';
import { type Call, operation, type Reply, type Service } from '../service.ts';

export const inspector2: Service = {
  signingName: 'inspector2',
  protocol: 'rest-json',
  invalidInputCode: 'ValidationException',
  operations: [operation(BatchGetAccountStatus$, batchGetAccountStatus)],
};

/** Only the delegated administrator may ask about other accounts; here nobody is. */
function batchGetAccountStatus(
  { account, region }: Call,
  input: BatchGetAccountStatusCommandInput,
): Reply<BatchGetAccountStatusCommandOutput> {
  const wanted = input.accountIds ?? [account.id];
  const resourceState = region.security.inspector;
  const isEnabled = Object.values(resourceState).some((state) => state?.status === 'ENABLED');
  return {
    accounts: wanted
      .filter((id) => id === account.id)
      .map((accountId) => ({
        accountId,
        state: {
          status: isEnabled ? ('ENABLED' as const) : ('DISABLED' as const),
          errorCode: 'ALREADY_ENABLED' as const,
          errorMessage: '',
        },
        resourceState,
      })),
    failedAccounts: wanted
      .filter((id) => id !== account.id)
      .map((accountId) => ({
        accountId,
        errorCode: 'ACCESS_DENIED' as const,
        errorMessage: 'The caller is not the delegated administrator of this account',
        resourceStatus: { ec2: 'DISABLED' as const, ecr: 'DISABLED' as const },
      })),
  };
}
