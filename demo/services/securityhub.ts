import {
  type AwsSecurityFinding,
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
  ListStandardsControlAssociations$,
  type ListStandardsControlAssociationsCommandInput,
  type ListStandardsControlAssociationsCommandOutput,
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
    operation(ListStandardsControlAssociations$, listStandardsControlAssociations),
    operation(BatchUpdateFindings$, batchUpdateFindings),
  ],
};

const maxFindingBytes = 240 * 1024;
const maxBatchBytes = 6 * 1024 * 1024;

function requireHub({ account, region }: HubCall): void {
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
    keep(call, imported(finding, region.security.findings.get(key), region.name, call.now()));
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

/**
 * The account has one standard, so a control has one association.
 * @see https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_ListStandardsControlAssociations.html
 */
function listStandardsControlAssociations(
  call: Call,
  input: ListStandardsControlAssociationsCommandInput,
): Reply<ListStandardsControlAssociationsCommandOutput> {
  requireHub(call);
  const { account, region } = call;
  const control = input.SecurityControlId ?? '';
  if (!/^[A-Za-z0-9]+\.\d+$/.test(control)) {
    throw new ServiceError(
      'InvalidInputException',
      `Invalid parameter: ${control} is not the id of a security control`,
    );
  }
  const associations = [
    {
      StandardsArn: `arn:aws:securityhub:${region.name}::standards/aws-foundational-security-best-practices/v/1.0.0`,
      SecurityControlId: control,
      SecurityControlArn: `arn:aws:securityhub:${region.name}:${account.id}:security-control/${control}`,
      AssociationStatus: region.security.enabledControls.has(control) ? ('ENABLED' as const) : ('DISABLED' as const),
    },
  ];
  const { items, nextToken } = page(call, associations, {
    token: input.NextToken,
    requested: input.MaxResults,
    usual: 100,
    most: 100,
  });
  return { StandardsControlAssociationSummaries: items, NextToken: nextToken };
}

/** What Security Hub needs to know to change findings, whoever asks for it. */
export type HubCall = Pick<Call, 'account' | 'region' | 'bus' | 'now'>;

/**
 * Changes findings as an analyst does, by the API or in the console.
 *
 * @throws ServiceError where Security Hub is off or the request is out of bounds
 */
export function batchUpdateFindings(
  call: HubCall,
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
    keep(call, updated(found, input, call.now()));
    output.ProcessedFindings?.push(identifier);
  }
  return output;
}

/**
 * Stores a finding and tells of it: every import and every update is an event of its own.
 * @see https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-cwe-event-formats.html
 */
function keep({ account, region, bus }: HubCall, finding: AwsSecurityFinding): void {
  region.security.findings.set(findingKey(finding), finding);
  bus.post({
    'detail-type': 'Security Hub Findings - Imported',
    source: 'aws.securityhub',
    account: account.id,
    region: region.name,
    resources: [`${finding.ProductArn}/${finding.Id}`],
    detail: { findings: [finding] },
  });
}
