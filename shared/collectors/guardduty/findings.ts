import { type Finding, GetFindingsCommand, GuardDutyClient, paginateListFindings } from '@aws-sdk/client-guardduty';
import pMap from 'p-map';
import { allKnown, known, type Observed } from '../../domain/observed.ts';
import type { CollectorContext } from '../../domain/ports.ts';
import type { GuardDutyFindingSummary, GuardDutyUrgentFindings } from './model.ts';

/** Both the page size of ListFindings and the batch size of GetFindings. */
const MAX_FINDINGS = 50;
const CONCURRENCY = 4;
/** Where GuardDuty's "high" begins. */
const HIGH = 7;
const OLDEST = 10;
const CONTAINER_RESOURCES = new Set(['EKSCluster', 'ECSCluster', 'ECSTask', 'Container', 'KubernetesCluster']);
const CONTAINER_ATTACK_SEQUENCE = /^AttackSequence:(?:EKS|ECS)\//;

/**
 * Unarchived findings of high and critical severity on containers. A finding names its resource in one of several
 * ways, so that is looked at here and not left to the filter of the listing, which would drop what it does not know.
 *
 * @see https://docs.aws.amazon.com/guardduty/latest/APIReference/API_ListFindings.html
 */
export async function readUrgentFindings(
  context: CollectorContext,
  detectorId: string,
  uid: string,
): Promise<Observed<GuardDutyUrgentFindings>> {
  const ids = await listIds(context, detectorId, uid);
  if (!ids.known) return ids;
  const batches = await pMap(batchesOf(ids.value), (batch) => readBatch(context, detectorId, uid, batch), {
    concurrency: CONCURRENCY,
  });
  const findings = allKnown(batches);
  if (!findings.known) return findings;
  const urgent = findings.value.flat().flatMap((finding) => summaryOf(finding, context, uid) ?? []);
  urgent.sort((left, right) => (left.createdAt + left.id < right.createdAt + right.id ? -1 : 1));
  return known({ total: urgent.length, oldest: urgent.slice(0, OLDEST) });
}

/** An administrator's listing also has the findings of its members: those are told where they belong. */
async function listIds(
  context: CollectorContext,
  detectorId: string,
  uid: string,
): Promise<Observed<readonly string[]>> {
  const client = context.clientFor(GuardDutyClient);
  const input = {
    DetectorId: detectorId,
    FindingCriteria: {
      Criterion: {
        accountId: { Equals: [context.accountId] },
        'service.archived': { Equals: ['false'] },
        severity: { GreaterThanOrEqual: HIGH },
      },
    },
  };
  return context.read(
    'guardduty:ListFindings',
    async () => {
      const ids: string[] = [];
      for await (const page of paginateListFindings({ client, pageSize: MAX_FINDINGS }, input)) {
        ids.push(...(page.FindingIds ?? []));
      }
      return ids;
    },
    { resource: uid },
  );
}

async function readBatch(
  context: CollectorContext,
  detectorId: string,
  uid: string,
  ids: readonly string[],
): Promise<Observed<readonly Finding[]>> {
  const client = context.clientFor(GuardDutyClient);
  return context.read(
    'guardduty:GetFindings',
    async () => {
      const answer = await client.send(new GetFindingsCommand({ DetectorId: detectorId, FindingIds: [...ids] }));
      return answer.Findings ?? [];
    },
    { resource: uid },
  );
}

/** The finding in short, or undefined for one that is not about a container; one without its identity is a gap. */
function summaryOf(finding: Finding, context: CollectorContext, uid: string): GuardDutyFindingSummary | undefined {
  if (!isOnContainer(finding)) return undefined;
  const { Id, Type, Severity, CreatedAt } = finding;
  const created = Date.parse(CreatedAt ?? '');
  if (Id === undefined || Type === undefined || Severity === undefined || Number.isNaN(created)) {
    context.reportGap({
      operation: 'guardduty:GetFindings',
      cause: 'invalid-answer',
      reason: 'guardduty:GetFindings returned a finding without its id, type, severity or time of creation.',
      resource: uid,
    });
    return undefined;
  }
  return { id: Id, type: Type, severity: Severity, createdAt: new Date(created).toISOString() };
}

function isOnContainer({ Type, Resource }: Finding): boolean {
  return (
    CONTAINER_ATTACK_SEQUENCE.test(Type ?? '') ||
    CONTAINER_RESOURCES.has(Resource?.ResourceType ?? '') ||
    Resource?.EksClusterDetails !== undefined ||
    Resource?.EcsClusterDetails !== undefined ||
    Resource?.KubernetesDetails !== undefined ||
    Resource?.ContainerDetails !== undefined
  );
}

function batchesOf(ids: readonly string[]): readonly (readonly string[])[] {
  return Array.from({ length: Math.ceil(ids.length / MAX_FINDINGS) }, (_, index) =>
    ids.slice(index * MAX_FINDINGS, (index + 1) * MAX_FINDINGS),
  );
}
