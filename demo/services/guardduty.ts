import {
  type CoverageFilterCriterion,
  type CoverageResource,
  DescribeOrganizationConfiguration$,
  type DescribeOrganizationConfigurationCommandInput,
  type DescribeOrganizationConfigurationCommandOutput,
  GetDetector$,
  type GetDetectorCommandInput,
  type GetDetectorCommandOutput,
  GetFindings$,
  type GetFindingsCommandInput,
  type GetFindingsCommandOutput,
  ListCoverage$,
  type ListCoverageCommandInput,
  type ListCoverageCommandOutput,
  ListDetectors$,
  type ListDetectorsCommandInput,
  type ListDetectorsCommandOutput,
  ListFindings$,
  type ListFindingsCommandInput,
  type ListFindingsCommandOutput,
} from '@aws-sdk/client-guardduty';
import { page } from '../paging.ts';
import { type Call, operation, type Reply, type Service } from '../service.ts';
import { meetsCriteria } from './guardduty-criteria.ts';
import { badRequest, detectorOf } from './guardduty-detector.ts';
import { guarddutyWriteOperations } from './guardduty-writes.ts';

export const guardduty: Service = {
  signingName: 'guardduty',
  protocol: 'rest-json',
  invalidInputCode: 'BadRequestException',
  throttleCode: 'TooManyRequestsException',
  operations: [
    operation(ListDetectors$, listDetectors),
    operation(GetDetector$, getDetector),
    operation(ListCoverage$, listCoverage),
    operation(ListFindings$, listFindings),
    operation(GetFindings$, getFindings),
    operation(DescribeOrganizationConfiguration$, describeOrganizationConfiguration),
    ...guarddutyWriteOperations,
  ],
};

const listPage = { usual: 50, most: 50 } as const;

function listDetectors(call: Call, input: ListDetectorsCommandInput): Reply<ListDetectorsCommandOutput> {
  const { detector } = call.region.security;
  const { items, nextToken } = page(call, detector ? [detector.id] : [], {
    token: input.NextToken,
    requested: input.MaxResults,
    ...listPage,
  });
  return { DetectorIds: items, NextToken: nextToken };
}

function getDetector(call: Call, input: GetDetectorCommandInput): Reply<GetDetectorCommandOutput> {
  return detectorOf(call, input.DetectorId).detector;
}

function listCoverage(call: Call, input: ListCoverageCommandInput): Reply<ListCoverageCommandOutput> {
  const criteria = input.FilterCriteria?.FilterCriterion ?? [];
  const wanted = detectorOf(call, input.DetectorId).coverage.filter((resource) =>
    criteria.every((criterion) => isCovered(resource, criterion)),
  );
  const { items, nextToken } = page(call, wanted, { token: input.NextToken, requested: input.MaxResults, ...listPage });
  return { Resources: items, NextToken: nextToken };
}

function isCovered(resource: CoverageResource, { CriterionKey, FilterCondition }: CoverageFilterCriterion): boolean {
  const details = resource.ResourceDetails;
  const values: Record<string, string | undefined> = {
    ACCOUNT_ID: resource.AccountId,
    COVERAGE_STATUS: resource.CoverageStatus,
    RESOURCE_TYPE: details?.ResourceType,
    EKS_CLUSTER_NAME: details?.EksClusterDetails?.ClusterName,
    CLUSTER_NAME: details?.EksClusterDetails?.ClusterName,
    ECS_CLUSTER_NAME: details?.EcsClusterDetails?.ClusterName,
    INSTANCE_ID: details?.Ec2InstanceDetails?.InstanceId,
    MANAGEMENT_TYPE: details?.EksClusterDetails?.ManagementType ?? details?.Ec2InstanceDetails?.ManagementType,
  };
  const value = values[CriterionKey ?? ''] ?? '';
  const { Equals, NotEquals } = FilterCondition ?? {};
  return (Equals?.includes(value) ?? true) && !(NotEquals?.includes(value) ?? false);
}

/** Newest first unless the caller sorts, as the console shows them. */
function listFindings(call: Call, input: ListFindingsCommandInput): Reply<ListFindingsCommandOutput> {
  const wanted = detectorOf(call, input.DetectorId).findings.filter((finding) =>
    meetsCriteria(finding, input.FindingCriteria?.Criterion ?? {}),
  );
  wanted.sort((a, b) => ((a.UpdatedAt ?? '') < (b.UpdatedAt ?? '') ? 1 : -1));
  if (input.SortCriteria?.OrderBy === 'ASC') wanted.reverse();
  const { items, nextToken } = page(call, wanted, { token: input.NextToken, requested: input.MaxResults, ...listPage });
  return { FindingIds: items.map(({ Id }) => Id), NextToken: nextToken };
}

function getFindings(call: Call, input: GetFindingsCommandInput): Reply<GetFindingsCommandOutput> {
  const ids = input.FindingIds ?? [];
  if (ids.length > 50) throw badRequest('the value for findingIds has more than 50 items.');
  return { Findings: detectorOf(call, input.DetectorId).findings.filter(({ Id }) => ids.includes(Id)) };
}

/** Only the delegated administrator may ask. */
function describeOrganizationConfiguration(
  call: Call,
  input: DescribeOrganizationConfigurationCommandInput,
): Reply<DescribeOrganizationConfigurationCommandOutput> {
  const { organization } = detectorOf(call, input.DetectorId);
  if (!organization) throw badRequest('the current account is not the delegated admin of the organization.');
  return organization;
}
