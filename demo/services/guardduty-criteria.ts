import type { Condition, Finding } from '@aws-sdk/client-guardduty';
import { ServiceError } from '../service-error.ts';

const readers: Record<string, (finding: Finding) => string | number | undefined> = {
  id: ({ Id }) => Id,
  accountId: ({ AccountId }) => AccountId,
  region: ({ Region }) => Region,
  type: ({ Type }) => Type,
  severity: ({ Severity }) => Severity,
  updatedAt: ({ UpdatedAt }) => Date.parse(UpdatedAt ?? ''),
  createdAt: ({ CreatedAt }) => Date.parse(CreatedAt ?? ''),
  'resource.resourceType': ({ Resource }) => Resource?.ResourceType,
  'resource.eksClusterDetails.name': ({ Resource }) => Resource?.EksClusterDetails?.Name,
  'service.archived': ({ Service }) => String(Service?.Archived ?? false),
};

/**
 * Whether a finding meets every criterion.
 *
 * @throws ServiceError for a criterion the demo account does not know
 * @see https://docs.aws.amazon.com/guardduty/latest/APIReference/API_ListFindings.html
 */
export function meetsCriteria(finding: Finding, criteria: Record<string, Condition>): boolean {
  return Object.entries(criteria).every(([name, condition]) => {
    const reader = readers[name];
    if (!reader) throw new ServiceError('BadRequestException', `The criterion ${name} is not valid`);
    return meets(reader(finding), condition);
  });
}

function meets(value: string | number | undefined, condition: Condition): boolean {
  const text = String(value);
  const number = Number(value);
  const equals = condition.Equals ?? condition.Eq;
  const notEquals = condition.NotEquals ?? condition.Neq;
  const above = condition.GreaterThan ?? condition.Gt;
  const atLeast = condition.GreaterThanOrEqual ?? condition.Gte;
  const below = condition.LessThan ?? condition.Lt;
  const atMost = condition.LessThanOrEqual ?? condition.Lte;
  return (
    (equals?.includes(text) ?? true) &&
    !(notEquals?.includes(text) ?? false) &&
    (above === undefined || number > above) &&
    (atLeast === undefined || number >= atLeast) &&
    (below === undefined || number < below) &&
    (atMost === undefined || number <= atMost)
  );
}
