import type {
  AwsSecurityFinding,
  AwsSecurityFindingIdentifier,
  BatchUpdateFindingsCommandInput,
} from '@aws-sdk/client-securityhub';

/** Where a finding is kept: the same product and id are the same finding. */
export function findingKey({ ProductArn, Id }: AwsSecurityFindingIdentifier): string {
  return `${ProductArn} ${Id}`;
}

/** Fields that belong to the customer: an import never changes them once the finding exists. */
const customerFields = ['Note', 'UserDefinedFields', 'VerificationState', 'Workflow'] as const;

/** Fields a provider proposes and an analyst may overrule for good. */
const overridable = ['Confidence', 'Criticality', 'RelatedFindings', 'Severity', 'Types'] as const;

/** Which of these an analyst has overruled, by finding. */
const overruled = new WeakMap<AwsSecurityFinding, ReadonlySet<string>>();

/**
 * What Security Hub stores when a finding is imported: the customer's own fields stay, and a handled finding that
 * fails again is new again.
 * @see https://docs.aws.amazon.com/securityhub/latest/userguide/finding-update-batchimportfindings.html
 * @see https://docs.aws.amazon.com/securityhub/latest/userguide/findings-workflow-status.html
 */
export function imported(
  finding: AwsSecurityFinding,
  existing: AwsSecurityFinding | undefined,
  region: string,
  now: Date,
): AwsSecurityFinding {
  const { FindingProviderFields: provided } = finding;
  const stored: AwsSecurityFinding = {
    RecordState: 'ACTIVE',
    Workflow: { Status: 'NEW' },
    ProductName: 'Default',
    CompanyName: 'Personal',
    Region: region,
    ...finding,
    ...(provided?.Severity ? { Severity: provided.Severity } : {}),
    ...(provided?.Types ? { Types: provided.Types } : {}),
    ...(provided?.Confidence === undefined ? {} : { Confidence: provided.Confidence }),
    ...(provided?.Criticality === undefined ? {} : { Criticality: provided.Criticality }),
    ProcessedAt: now.toISOString(),
  };
  if (!existing) return stored;
  for (const field of customerFields) copyField(stored, existing, field);
  const kept = overruled.get(existing) ?? new Set<string>();
  for (const field of overridable.filter((name) => kept.has(name))) copyField(stored, existing, field);
  overruled.set(stored, kept);
  if (isReopened(existing, stored) && ['NOTIFIED', 'RESOLVED'].includes(stored.Workflow?.Status ?? '')) {
    stored.Workflow = { Status: 'NEW' };
  }
  return stored;
}

/** What Security Hub stores when an analyst changes a finding. */
export function updated(
  existing: AwsSecurityFinding,
  change: BatchUpdateFindingsCommandInput,
  now: Date,
): AwsSecurityFinding {
  const { FindingIdentifiers, Note, Severity, Workflow, ...rest } = change;
  const stored: AwsSecurityFinding = { ...existing, ...rest };
  if (Note) stored.Note = { Text: Note.Text, UpdatedBy: Note.UpdatedBy, UpdatedAt: now.toISOString() };
  if (Severity) stored.Severity = { ...existing.Severity, ...Severity };
  if (Workflow?.Status) stored.Workflow = { Status: Workflow.Status };
  const changed = overridable.filter((field) => change[field] !== undefined);
  overruled.set(stored, new Set([...(overruled.get(existing) ?? []), ...changed]));
  return stored;
}

function isReopened(before: AwsSecurityFinding, after: AwsSecurityFinding): boolean {
  const unarchived = before.RecordState === 'ARCHIVED' && after.RecordState === 'ACTIVE';
  const failsAgain = before.Compliance?.Status === 'PASSED' && after.Compliance?.Status !== 'PASSED';
  return unarchived || failsAgain;
}

function copyField<Field extends keyof AwsSecurityFinding>(
  to: AwsSecurityFinding,
  from: AwsSecurityFinding,
  field: Field,
): void {
  if (from[field] === undefined) delete to[field];
  else to[field] = from[field];
}
