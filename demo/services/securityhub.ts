import {
  BatchImportFindings$,
  type BatchImportFindingsCommandInput,
  type BatchImportFindingsCommandOutput,
  BatchUpdateFindings$,
  type BatchUpdateFindingsCommandInput,
  type BatchUpdateFindingsCommandOutput,
  DescribeHub$,
  type DescribeHubCommandInput,
  type DescribeHubCommandOutput,
  GetFindings$,
  type GetFindingsCommandInput,
  type GetFindingsCommandOutput,
} from '@aws-sdk/client-securityhub';
import { page } from '../paging.ts';
import { type Call, operation, type Reply, type Service } from '../service.ts';
import { ServiceError } from '../service-error.ts';
import { formatError } from './asff-schema.ts';
import { matchesFilters } from './securityhub-filters.ts';
import { findingKey, imported, updated } from './securityhub-findings.ts';

export const securityhub: Service = {
  signingName: 'securityhub',
  protocol: 'rest-json',
  invalidInputCode: 'InvalidInputException',
  throttleCode: 'TooManyRequestsException',
  operations: [
    operation(DescribeHub$, describeHub),
    // Its findings are judged one by one, and a bad one does not spoil the batch.
    { ...operation(BatchImportFindings$, batchImportFindings), validatesNested: false },
    operation(GetFindings$, getFindings),
    operation(BatchUpdateFindings$, batchUpdateFindings),
  ],
};

const maxFindingBytes = 240 * 1024;
const maxBatchBytes = 6 * 1024 * 1024;

function requireHub({ account, region }: Call): void {
  if (region.security.hub) return;
  throw new ServiceError('InvalidAccessException', `Account ${account.id} is not subscribed to AWS Security Hub`, 401);
}

function describeHub(call: Call, input: DescribeHubCommandInput): Reply<DescribeHubCommandOutput> {
  requireHub(call);
  const { hub } = call.region.security;
  if (input.HubArn !== undefined && input.HubArn !== hub?.HubArn) {
    throw new ServiceError('ResourceNotFoundException', 'The specified hub does not exist', 404);
  }
  return hub ?? {};
}

/**
 * A finding for another account or under another product is refused as a whole, with an access error that names the
 * product; a finding of bad form fails alone.
 * @see https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_BatchImportFindings.html
 */
function batchImportFindings(
  call: Call,
  input: BatchImportFindingsCommandInput,
): Reply<BatchImportFindingsCommandOutput> {
  requireHub(call);
  const findings = input.Findings ?? [];
  if (findings.length < 1 || findings.length > 100) {
    throw new ServiceError('InvalidInputException', 'Invalid parameter: Findings must have between 1 and 100 items');
  }
  if (Buffer.byteLength(JSON.stringify(findings)) > maxBatchBytes) {
    throw new ServiceError('InvalidInputException', 'The batch of findings is larger than 6 MB', 413);
  }
  const { account, region } = call;
  const ownProduct = `arn:aws:securityhub:${region.name}:${account.id}:product/${account.id}/default`;
  const foreign = findings.find(
    ({ ProductArn, AwsAccountId }) =>
      (ProductArn !== undefined && ProductArn !== ownProduct) ||
      (AwsAccountId !== undefined && AwsAccountId !== account.id),
  );
  if (foreign) {
    throw new ServiceError(
      'AccessDeniedException',
      `User: ${call.caller.arn} is not authorized to perform: securityhub:BatchImportFindings on resource: ${foreign.ProductArn ?? ownProduct}`,
      403,
    );
  }
  const FailedFindings: { Id: string; ErrorCode: string; ErrorMessage: string }[] = [];
  for (const finding of findings) {
    const tooLarge = Buffer.byteLength(JSON.stringify(finding)) > maxFindingBytes;
    const ErrorMessage = tooLarge ? 'The finding is larger than 240 KB' : formatError(finding);
    if (ErrorMessage !== undefined) {
      FailedFindings.push({ Id: finding.Id ?? '', ErrorCode: 'InvalidInput', ErrorMessage });
      continue;
    }
    const key = findingKey(finding);
    const stored = imported(finding, region.security.findings.get(key), region.name);
    region.security.findings.set(key, stored);
  }
  return { SuccessCount: findings.length - FailedFindings.length, FailedCount: FailedFindings.length, FailedFindings };
}

function getFindings(call: Call, input: GetFindingsCommandInput): Reply<GetFindingsCommandOutput> {
  requireHub(call);
  const wanted = [...call.region.security.findings.values()].filter((finding) =>
    matchesFilters(finding, input.Filters ?? {}),
  );
  const { items, nextToken } = page(call, wanted, {
    token: input.NextToken,
    requested: input.MaxResults,
    usual: 100,
    most: 100,
  });
  return { Findings: items, NextToken: nextToken };
}

function batchUpdateFindings(
  call: Call,
  input: BatchUpdateFindingsCommandInput,
): Reply<BatchUpdateFindingsCommandOutput> {
  requireHub(call);
  const identifiers = input.FindingIdentifiers ?? [];
  if (identifiers.length < 1 || identifiers.length > 100) {
    throw new ServiceError(
      'InvalidInputException',
      'Invalid parameter: FindingIdentifiers must have between 1 and 100 items',
    );
  }
  if ((input.Note?.Text?.length ?? 0) > 512) {
    throw new ServiceError('InvalidInputException', 'Invalid parameter: Note.Text must have at most 512 characters');
  }
  const { findings } = call.region.security;
  const output: Reply<BatchUpdateFindingsCommandOutput> = { ProcessedFindings: [], UnprocessedFindings: [] };
  for (const identifier of identifiers) {
    const key = findingKey(identifier);
    const found = findings.get(key);
    if (!found) {
      output.UnprocessedFindings?.push({
        FindingIdentifier: identifier,
        ErrorCode: 'FindingNotFound',
        ErrorMessage: 'Finding Not Found',
      });
      continue;
    }
    findings.set(key, updated(found, input));
    output.ProcessedFindings?.push(identifier);
  }
  return output;
}
