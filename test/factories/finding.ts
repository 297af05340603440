import type { CoverageEntry, CoverageGap } from '#shared/domain/coverage.ts';
import { type Finding, findingId, type WaiverReference } from '#shared/domain/finding.ts';
import type { Transition } from '#shared/domain/ports.ts';
import type { ResourceReference } from '#shared/domain/resource.ts';
import type { ResultHeader, Summary } from '#shared/domain/result.ts';
import type { CheckMetadata } from '#shared/sinks/check-lookup.ts';
import { ACCOUNT, REGION } from './resource.ts';

/** The family of task definitions that findings of the factories are about. */
export function taskDefinitionReference(overrides: Partial<ResourceReference> = {}): ResourceReference {
  const uid = `arn:aws:ecs:${REGION}:${ACCOUNT}:task-definition/secure-app`;
  return {
    uid,
    type: 'AwsEcsTaskDefinition',
    name: 'secure-app',
    accountId: ACCOUNT,
    region: REGION,
    partition: 'aws',
    arn: `${uid}:7`,
    ...overrides,
  };
}

/** A failing check on a task definition in use; its id follows from check and resource unless given. */
export function finding(overrides: Partial<Finding> = {}): Finding {
  const resource = overrides.resource ?? taskDefinitionReference();
  const checkId = overrides.checkId ?? 'ecs-task-root-filesystem-readonly';
  return {
    id: findingId(checkId, resource),
    checkId,
    status: 'FAILED',
    severity: 'HIGH',
    resource,
    inUse: 'yes',
    usedBy: [`arn:aws:ecs:${REGION}:${ACCOUNT}:service/prod/web`],
    usedByCount: 1,
    reason: 'the root file system is writable',
    evidence: [{ path: 'containerDefinitions[app].readonlyRootFilesystem', observed: null, expected: true }],
    ...overrides,
  };
}

/** A finding that was opened just now. */
export function transition(overrides: Partial<Transition> = {}): Transition {
  return {
    kind: 'opened',
    finding: finding(),
    firstSeenAt: '2026-11-20T00:00:00.000Z',
    observedAt: '2026-11-23T00:00:00.000Z',
    ...overrides,
  };
}

export function waiver(overrides: Partial<WaiverReference> = {}): WaiverReference {
  return {
    id: 'legacy-batch',
    reason: 'replaced in Q1',
    owner: 'team-batch',
    approvedBy: 'ciso',
    expiresAt: '2027-01-31T00:00:00.000Z',
    ...overrides,
  };
}

/** What sinks know of a check. */
export function checkMetadata(overrides: Partial<CheckMetadata> = {}): CheckMetadata {
  return {
    id: 'ecs-task-root-filesystem-readonly',
    title: 'ECS task definitions should give containers read-only access to their root file systems',
    baseSeverity: 'HIGH',
    rationale: 'An attacker who can write to the root file system can replace binaries, drop tools and persist.',
    remediation: {
      text: 'Set readonlyRootFilesystem to true in every container definition.',
      url: 'https://docs.aws.amazon.com/securityhub/latest/userguide/ecs-controls.html#ecs-5',
    },
    frameworks: { 'aws-fsbp': ['ECS.5'], 'nist-800-190': ['4.4.4'] },
    ...overrides,
  };
}

export function summary(overrides: Partial<Summary> = {}): Summary {
  return {
    findings: 1,
    byStatus: { FAILED: 1, UNKNOWN: 0, PASSED: 0, NOT_APPLICABLE: 0 },
    failedBySeverity: { CRITICAL: 0, HIGH: 1, MEDIUM: 0, LOW: 0, INFORMATIONAL: 0 },
    waived: 0,
    resources: 1,
    resourcesByType: { AwsEcsTaskDefinition: 1 },
    unknownByKind: { unreadable: 0, undecidable: 0 },
    checkErrors: 0,
    gaps: 0,
    ...overrides,
  };
}

export function coverageGap(overrides: Partial<CoverageGap> = {}): CoverageGap {
  return {
    accountId: ACCOUNT,
    region: REGION,
    service: 'ecr',
    operation: 'ecr:GetRepositoryPolicy',
    cause: 'denied',
    reason: 'ecr:GetRepositoryPolicy was denied: allow ecr:GetRepositoryPolicy in the policy of the reading role.',
    missingPermission: 'ecr:GetRepositoryPolicy',
    resource: `arn:aws:ecr:${REGION}:${ACCOUNT}:repository/my-application`,
    count: 1,
    ...overrides,
  };
}

export function coverageEntry(overrides: Partial<CoverageEntry> = {}): CoverageEntry {
  return { accountId: ACCOUNT, region: REGION, service: 'ecs', status: 'scanned', gaps: [], ...overrides };
}

/** The header of a complete scan of one account and region. */
export function resultHeader(overrides: Partial<ResultHeader> = {}): ResultHeader {
  return {
    schemaVersion: '1.0',
    tool: { name: 'hullcheck', version: '0.1.0', ruleSetHash: 'a'.repeat(64) },
    startedAt: '2026-11-23T00:00:00.000Z',
    finishedAt: '2026-11-23T00:00:42.000Z',
    complete: true,
    coverage: [coverageEntry()],
    summary: summary(),
    ...overrides,
  };
}
