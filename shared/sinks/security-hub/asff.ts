import type { AwsSecurityFinding, ComplianceStatus } from '@aws-sdk/client-securityhub';
import type { ControlMap, FrameworkId } from '../../domain/check.ts';
import type { Finding } from '../../domain/finding.ts';
import type { ClosedBecause, Transition } from '../../domain/ports.ts';
import type { Resource, ResourceReference } from '../../domain/resource.ts';
import { type CheckLookup, type CheckMetadata, titleOf } from '../check-lookup.ts';
import { evidenceLine } from '../evidence-text.ts';
import { importRegion } from './import-scope.ts';
import { asffResource } from './resource-details.ts';
import { sanitizeAsff } from './sanitize.ts';

export interface AsffOptions {
  readonly checkOf: CheckLookup;
  readonly toolVersion: string;
  /** The whole resource of a finding where it is at hand: gives tags and typed details. */
  readonly resourceOf?: (finding: Finding) => Resource | undefined;
}

/** What becomes a Security Hub finding: a transition, or a finding looked at now. */
export type AsffInput = Transition & {
  /** The AWS control that already reports the same thing: the finding is only informational then (SH-14). */
  readonly reportedBy?: string;
};

const FINDING_TYPE = 'Software and Configuration Checks/AWS Security Best Practices/Container Security';
const MAX_EVIDENCE = 10;
const MAX_USERS = 10;

const FRAMEWORK_LABELS: Readonly<Record<FrameworkId, string>> = {
  'aws-fsbp': 'AWS FSBP',
  'aws-security-hub': 'AWS Security Hub',
  'cis-aws-5.0.0': 'CIS AWS Foundations 5.0.0',
  'cis-eks-1.8.0': 'CIS Amazon EKS 1.8.0',
  'hullcheck-practices': 'Hullcheck practices',
  'nist-800-190': 'NIST SP 800-190',
  'nist-800-53-r5': 'NIST SP 800-53 r5',
  'pci-dss-4.0.1': 'PCI DSS 4.0.1',
  'pod-security-standards': 'Pod Security Standards',
};

/**
 * A transition as an AWS security finding, valid whatever the account's names contain. Pure: the same transition gives
 * the same finding. What belongs to analysts (Workflow, Note, UserDefinedFields, VerificationState) is never set, and
 * severity and types stand only in FindingProviderFields, where they do not fight an analyst's own.
 *
 * @see https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_AwsSecurityFinding.html
 * @see https://docs.aws.amazon.com/securityhub/latest/userguide/finding-update-batchimportfindings.html
 */
export function toAsff(input: AsffInput, options: AsffOptions): AwsSecurityFinding {
  const { finding } = input;
  const check = options.checkOf(finding.checkId);
  const status = complianceStatus(input);
  const severity = status === 'PASSED' || input.reportedBy !== undefined ? 'INFORMATIONAL' : finding.severity;
  return sanitizeAsff({
    SchemaVersion: '2018-10-08',
    Id: finding.id,
    ProductArn: productArn(finding.resource),
    ProductName: 'Hullcheck',
    CompanyName: 'Hullcheck',
    GeneratorId: finding.checkId,
    AwsAccountId: finding.resource.accountId,
    CreatedAt: input.firstSeenAt,
    FirstObservedAt: input.firstSeenAt,
    // The newest look wins in Security Hub too: an import with an older UpdatedAt changes nothing there.
    UpdatedAt: input.observedAt,
    LastObservedAt: input.observedAt,
    Title: titleOf(finding, options.checkOf),
    Description: descriptionOf(input, check),
    FindingProviderFields: { Severity: { Label: severity, Original: finding.severity }, Types: [FINDING_TYPE] },
    ...(check === undefined ? {} : remediationOf(check)),
    ProductFields: productFields(input, options.toolVersion, check),
    Resources: [asffResource(finding.resource, options.resourceOf?.(finding))],
    Compliance: {
      Status: status,
      RelatedRequirements: check === undefined ? [] : relatedRequirements(check.frameworks),
    },
    RecordState: isArchived(input) ? 'ARCHIVED' : 'ACTIVE',
  });
}

/**
 * The ARN of the default product of the finding's own account and region.
 *
 * @see https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-custom-providers.html
 */
export function productArn(resource: ResourceReference): string {
  const { partition, accountId } = resource;
  return `arn:${partition}:securityhub:${importRegion(resource)}:${accountId}:product/${accountId}/default`;
}

/** PASSED must be archived as well: Security Hub resolves only the findings of its own controls by itself. */
function isArchived({ kind }: Transition): boolean {
  return kind === 'fixed' || kind === 'gone';
}

function complianceStatus({ kind, finding }: Transition): ComplianceStatus {
  if (kind === 'fixed') return 'PASSED';
  switch (finding.status) {
    case 'FAILED':
      return 'FAILED';
    case 'UNKNOWN':
      return 'NOT_AVAILABLE';
    case 'PASSED':
    case 'NOT_APPLICABLE':
      return 'PASSED';
  }
}

const CLOSED: Readonly<Record<ClosedBecause, string>> = {
  'out of scope': 'Its account or region is not scanned any more.',
  'check retired': 'The check that found it does not exist any more.',
};

function descriptionOf({ kind, finding, closedBecause }: Transition, check: CheckMetadata | undefined): string {
  const rationale = check?.rationale ?? '';
  if (kind === 'fixed') return `Fixed. ${sentence(finding.reason)} ${rationale}`;
  if (kind === 'gone') {
    return `${closedBecause === undefined ? 'The resource no longer exists.' : CLOSED[closedBecause]} ${rationale}`;
  }
  return `${sentence(finding.reason)} ${rationale}`;
}

function sentence(reason: string): string {
  if (reason === '') return '';
  const text = reason.charAt(0).toUpperCase() + reason.slice(1);
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

function remediationOf(check: CheckMetadata) {
  return { Remediation: { Recommendation: { Text: check.remediation.text, Url: check.remediation.url } } };
}

function relatedRequirements(frameworks: ControlMap): string[] {
  return Object.entries(frameworks).flatMap(([framework, controls]) =>
    (controls ?? []).map((control) => `${FRAMEWORK_LABELS[framework as FrameworkId] ?? framework} ${control}`),
  );
}

const IN_USE = { yes: 'true', no: 'false', unknown: 'unknown' } as const;

function severityReason({ finding, reportedBy }: AsffInput): string | undefined {
  return reportedBy === undefined
    ? finding.severityReason
    : `informational: Security Hub's own control ${reportedBy} is enabled here and reports the same`;
}

function productFields(
  input: AsffInput,
  toolVersion: string,
  check: CheckMetadata | undefined,
): Record<string, string> {
  const { finding } = input;
  const fields: Record<string, string | undefined> = {
    inUse: IN_USE[finding.inUse],
    inUseBy: finding.usedBy?.slice(0, MAX_USERS).join(', '),
    inUseByCount: (finding.usedByCount ?? finding.usedBy?.length)?.toString(),
    reason: finding.reason,
    severityReason: severityReason(input),
    resourceUid: finding.resource.uid,
    transition: input.kind,
    closedBecause: input.closedBecause,
    firstSeenAt: input.firstSeenAt,
    firstFailedAt: input.firstFailedAt ?? input.firstSeenAt,
    reopenedCount: input.reopenedCount?.toString(),
    overlapsWith: check?.overlapsWith?.join(', '),
    missingPermission: finding.unknown?.kind === 'unreadable' ? finding.unknown.missingPermission : undefined,
    toolVersion,
    evidenceCount: finding.evidence.length.toString(),
  };
  for (const [index, item] of finding.evidence.slice(0, MAX_EVIDENCE).entries())
    fields[`evidence/${index + 1}`] = evidenceLine(item, 900);
  return Object.fromEntries(
    Object.entries(fields).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
