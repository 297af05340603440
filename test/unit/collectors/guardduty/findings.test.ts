import {
  GetDetectorCommand,
  GetFindingsCommand,
  ListCoverageCommand,
  ListFindingsCommand,
} from '@aws-sdk/client-guardduty';
import { beforeEach, expect, test } from 'vitest';
import { eksClusterFact } from '#test/factories/guardduty.ts';
import { ACCOUNT, REGION } from '#test/factories/resource.ts';
import { collectDetector, DETECTOR, guardduty, stubGuardDuty } from './stubbed-guardduty.ts';

const finding = (Id: string, CreatedAt: string, more: object = {}) => ({
  Id,
  AccountId: ACCOUNT,
  Arn: `arn:aws:guardduty:${REGION}:${ACCOUNT}:detector/${DETECTOR}/finding/${Id}`,
  CreatedAt,
  UpdatedAt: CreatedAt,
  Region: REGION,
  SchemaVersion: '2.0',
  Severity: 8,
  Type: 'Execution:Runtime/NewBinaryExecuted',
  Title: 'hostile text',
  Resource: { ResourceType: 'ECSCluster' },
  ...more,
});

beforeEach(stubGuardDuty);

test('findings are counted over all pages and batches, oldest first, with nothing but their summary', async () => {
  const ids = Array.from({ length: 60 }, (_, index) => `f${String(index).padStart(2, '0')}`);
  guardduty
    .on(ListFindingsCommand)
    .resolvesOnce({ FindingIds: ids.slice(0, 50), NextToken: 'next' })
    .resolvesOnce({ FindingIds: ids.slice(50) });
  guardduty.on(GetFindingsCommand).callsFake(({ FindingIds }: { FindingIds: string[] }) => ({
    Findings: FindingIds.map((id) =>
      finding(id, `2026-10-${String(30 - (Number(id.slice(1)) % 30)).padStart(2, '0')}T00:00:00Z`),
    ),
  }));

  const { detector } = await collectDetector();

  expect(detector.urgentFindings).toMatchObject({ known: true, value: { total: 60 } });
  const { oldest } = detector.urgentFindings.known ? detector.urgentFindings.value : { oldest: [] };
  expect(oldest).toHaveLength(10);
  expect(oldest[0]).toEqual({
    id: 'f29',
    type: 'Execution:Runtime/NewBinaryExecuted',
    severity: 8,
    createdAt: '2026-10-01T00:00:00.000Z',
  });
  expect(guardduty.commandCalls(GetFindingsCommand).map((call) => call.args[0].input.FindingIds?.length)).toEqual([
    50, 10,
  ]);
});

test("findings are asked for unarchived, severe and of the account's own, because an administrator sees its members'", async () => {
  await collectDetector();

  expect(guardduty.commandCalls(ListFindingsCommand)[0]?.args[0].input.FindingCriteria?.Criterion).toEqual({
    accountId: { Equals: [ACCOUNT] },
    'service.archived': { Equals: ['false'] },
    severity: { GreaterThanOrEqual: 7 },
  });
});

test.for([
  ['an EKS cluster', { Resource: { ResourceType: 'EKSCluster' } }, 1],
  ['a container on an instance', { Resource: { ResourceType: 'Instance', ContainerDetails: { Id: 'c' } } }, 1],
  ['an attack sequence on EKS', { Type: 'AttackSequence:EKS/CompromisedCluster', Resource: {} }, 1],
  ['an attack sequence on IAM', { Type: 'AttackSequence:IAM/CompromisedCredentials', Resource: {} }, 0],
  ['an instance', { Resource: { ResourceType: 'Instance', InstanceDetails: { InstanceId: 'i' } } }, 0],
] as const)('findings on %s count %j', async ([, more, total]) => {
  guardduty.on(ListFindingsCommand).resolves({ FindingIds: ['f1'] });
  guardduty.on(GetFindingsCommand).resolves({ Findings: [finding('f1', '2026-10-01T00:00:00Z', more) as never] });

  expect((await collectDetector()).detector.urgentFindings).toMatchObject({ value: { total } });
});

test('findings without a time of creation are a gap', async () => {
  guardduty.on(ListFindingsCommand).resolves({ FindingIds: ['f1'] });
  guardduty.on(GetFindingsCommand).resolves({ Findings: [finding('f1', 'soon') as never] });

  const { gaps } = await collectDetector();

  expect(gaps).toMatchObject([{ operation: 'guardduty:GetFindings', cause: 'invalid-answer' }]);
});

test('findings are not asked for where the detector is disabled (T85)', async () => {
  guardduty.on(GetDetectorCommand).resolves({ ServiceRole: 'role', Status: 'DISABLED', Features: [] });

  await collectDetector({ facts: [eksClusterFact()] });

  expect(guardduty.commandCalls(ListFindingsCommand)).toEqual([]);
  expect(guardduty.commandCalls(ListCoverageCommand)).toEqual([]);
});
