import type { AwsSecurityFinding, AwsSecurityFindingFilters, StringFilter } from '@aws-sdk/client-securityhub';
import { ServiceError } from '../service-error.ts';

const readers: Record<string, (finding: AwsSecurityFinding) => readonly (string | undefined)[]> = {
  Id: ({ Id }) => [Id],
  ProductArn: ({ ProductArn }) => [ProductArn],
  ProductName: ({ ProductName }) => [ProductName],
  CompanyName: ({ CompanyName }) => [CompanyName],
  GeneratorId: ({ GeneratorId }) => [GeneratorId],
  AwsAccountId: ({ AwsAccountId }) => [AwsAccountId],
  Region: ({ Region }) => [Region],
  Title: ({ Title }) => [Title],
  Type: ({ Types }) => Types ?? [],
  RecordState: ({ RecordState }) => [RecordState],
  SeverityLabel: ({ Severity }) => [Severity?.Label],
  WorkflowStatus: ({ Workflow }) => [Workflow?.Status],
  ComplianceStatus: ({ Compliance }) => [Compliance?.Status],
  ResourceId: ({ Resources }) => (Resources ?? []).map(({ Id }) => Id),
  ResourceType: ({ Resources }) => (Resources ?? []).map(({ Type }) => Type),
};

/**
 * Whether a finding passes all filters. Values of one field are alternatives, except the negative ones.
 *
 * @throws ServiceError for a field the demo account does not filter by
 * @see https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_StringFilter.html
 */
export function matchesFilters(finding: AwsSecurityFinding, filters: AwsSecurityFindingFilters): boolean {
  return Object.entries(filters).every(([field, conditions]) => {
    const reader = readers[field];
    if (!reader)
      throw new ServiceError('InvalidInputException', `The demo account does not filter findings by ${field}`);
    return matches(reader(finding), (conditions ?? []) as StringFilter[]);
  });
}

function matches(values: readonly (string | undefined)[], conditions: readonly StringFilter[]): boolean {
  const negative = conditions.filter(({ Comparison }) => isNegative(Comparison));
  const positive = conditions.filter(({ Comparison }) => !isNegative(Comparison));
  return (
    negative.every((condition) => values.every((value) => !holds(value ?? '', condition))) &&
    (positive.length === 0 || positive.some((condition) => values.some((value) => holds(value ?? '', condition))))
  );
}

function isNegative(comparison: StringFilter['Comparison']): boolean {
  return comparison === 'NOT_EQUALS' || comparison === 'PREFIX_NOT_EQUALS' || comparison === 'NOT_CONTAINS';
}

/** Whether the value is equal to, starts with or contains what the condition says, before any negation. */
function holds(value: string, { Comparison, Value }: StringFilter): boolean {
  const wanted = Value ?? '';
  if (Comparison?.startsWith('PREFIX')) return value.startsWith(wanted);
  if (Comparison?.includes('CONTAINS')) return value.includes(wanted);
  return value === wanted;
}
