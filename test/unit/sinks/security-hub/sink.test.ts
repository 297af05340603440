import {
  BatchImportFindingsCommand,
  BatchUpdateFindingsCommand,
  DescribeHubCommand,
  GetFindingsCommand,
  SecurityHubClient,
} from '@aws-sdk/client-securityhub';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Transition } from '#shared/domain/ports.ts';
import type { OverlapPolicy } from '#shared/sinks/security-hub/overlap.ts';
import { SecurityHubSink, type SecurityHubSinkOptions } from '#shared/sinks/security-hub/sink.ts';
import { checkMetadata, finding, taskDefinitionReference, transition, waiver } from '../../../factories/finding.ts';
import { accessDenied, awsError, rejectUnstubbed } from '../../../support/collect.ts';

const hub = mockClient(SecurityHubClient);
const asked: string[] = [];
const slept: number[] = [];

beforeEach(() => {
  hub.reset();
  rejectUnstubbed(hub);
  hub.on(DescribeHubCommand).resolves({});
  hub.on(BatchImportFindingsCommand).resolves({ SuccessCount: 1, FailedCount: 0, FailedFindings: [] });
  asked.length = 0;
  slept.length = 0;
});

function sink(overrides: Partial<SecurityHubSinkOptions> = {}): SecurityHubSink {
  return new SecurityHubSink({
    checkOf: () => checkMetadata(),
    toolVersion: '0.1.0',
    clientFor: (clientClass, accountId, region) => {
      asked.push(`${accountId} ${region}`);
      return new clientClass({ region, maxAttempts: 1 } as never);
    },
    sleep: async (milliseconds) => slept.push(milliseconds),
    random: () => 0.5,
    ...overrides,
  });
}

const inScope = (accountId: string, region: string, name = 'secure-app'): Transition =>
  transition({ finding: finding({ resource: taskDefinitionReference({ accountId, region, uid: name, name }) }) });

const imported = () => hub.commandCalls(BatchImportFindingsCommand).map((call) => call.args[0].input.Findings ?? []);

describe('publishing to Security Hub', () => {
  it('uses the credentials and region of each finding’s own account (SH-10, T91)', async () => {
    const report = await sink().publish([inScope('111122223333', 'us-east-1'), inScope('444455556666', 'eu-west-1')]);
    expect(asked).toEqual(['111122223333 us-east-1', '444455556666 eu-west-1']);
    expect(report).toMatchObject({ sink: 'security-hub', published: 2, rejected: [], notPublished: [] });
    for (const batch of imported()) expect(new Set(batch.map((each) => each.AwsAccountId)).size).toBe(1);
  });

  it('sends nothing for nothing', async () => {
    await sink().publish([]);
    expect(hub.calls()).toHaveLength(0);
  });

  it('sends 10 000 findings in 100 calls and asks once for the hub (SH-6)', async () => {
    function* many() {
      for (let index = 0; index < 10_000; index += 1) yield inScope('111122223333', 'us-east-1', `family-${index}`);
    }
    expect((await sink().publish(many())).published).toBe(10_000);
    expect(imported()).toHaveLength(100);
    expect(hub.commandCalls(DescribeHubCommand)).toHaveLength(1);
  });

  it('keeps batches under 6 MB', async () => {
    const big = (index: number): Transition => {
      const each = inScope('111122223333', 'us-east-1', `family-${index}`);
      const evidence = Array.from({ length: 10 }, () => ({
        path: '漢'.repeat(900),
        observed: '漢'.repeat(900),
        expected: '漢'.repeat(900),
      }));
      return { ...each, finding: { ...each.finding, evidence } };
    };
    await sink().publish(Array.from({ length: 250 }, (_, index) => big(index)));
    for (const batch of imported()) {
      expect(batch.length).toBeLessThanOrEqual(100);
      expect(Buffer.byteLength(JSON.stringify({ Findings: batch }))).toBeLessThanOrEqual(6_000_000);
    }
    expect(imported().flat()).toHaveLength(250);
  });

  it('reports each finding that the answer refuses, though the call succeeded (SH-4)', async () => {
    const bad = inScope('111122223333', 'us-east-1', 'bad').finding.id;
    hub.on(BatchImportFindingsCommand).resolves({
      SuccessCount: 1,
      FailedCount: 1,
      FailedFindings: [{ Id: bad, ErrorCode: 'InvalidInput', ErrorMessage: 'no' }],
    });
    const report = await sink().publish([
      inScope('111122223333', 'us-east-1', 'good'),
      inScope('111122223333', 'us-east-1', 'bad'),
    ]);
    expect(report.published).toBe(1);
    expect(report.rejected).toEqual([{ findingId: bad, code: 'InvalidInput', message: 'no' }]);
  });

  it('tries again what was refused for a passing reason, and only that (SH-4)', async () => {
    const flaky = inScope('111122223333', 'us-east-1', 'flaky').finding.id;
    hub
      .on(BatchImportFindingsCommand)
      .resolvesOnce({
        SuccessCount: 1,
        FailedCount: 1,
        FailedFindings: [{ Id: flaky, ErrorCode: 'InternalError', ErrorMessage: '' }],
      })
      .resolves({ SuccessCount: 1, FailedCount: 0, FailedFindings: [] });
    const report = await sink().publish([
      inScope('111122223333', 'us-east-1', 'good'),
      inScope('111122223333', 'us-east-1', 'flaky'),
    ]);
    expect(report).toMatchObject({ published: 2, rejected: [] });
    expect(imported()[1]?.map((each) => each.Id)).toEqual([flaky]);
    expect(slept).toEqual([750]);
  });

  it('gives up after three rounds and says so', async () => {
    const { id } = finding();
    hub.on(BatchImportFindingsCommand).resolves({
      SuccessCount: 0,
      FailedCount: 1,
      FailedFindings: [{ Id: id, ErrorCode: 'InternalError', ErrorMessage: 'x' }],
    });
    const report = await sink().publish([transition()]);
    expect(imported()).toHaveLength(3);
    expect(report).toMatchObject({ published: 0, rejected: [{ findingId: id, code: 'InternalError' }] });
  });

  it('counts nothing as published when the answer counts failures it does not name', async () => {
    hub.on(BatchImportFindingsCommand).resolves({ SuccessCount: 0, FailedCount: 1, FailedFindings: [] });
    expect(await sink().publish([transition()])).toMatchObject({ published: 0, rejected: [{ code: 'Unnamed' }] });
  });

  it('lists a region without Security Hub as not published, and publishes the others (SH-10)', async () => {
    hub
      .on(DescribeHubCommand)
      .rejectsOnce(awsError('InvalidAccessException', 'Account 111122223333 is not subscribed to AWS Security Hub'))
      .resolves({});
    const report = await sink().publish([
      inScope('111122223333', 'us-east-1', 'a'),
      inScope('111122223333', 'us-east-1', 'b'),
      inScope('111122223333', 'eu-west-1', 'c'),
    ]);
    expect(report.published).toBe(1);
    expect(report.notPublished).toEqual([
      { accountId: '111122223333', region: 'us-east-1', count: 2, reason: expect.stringContaining('not enabled') },
    ]);
  });

  it('names the permission that is missing', async () => {
    hub.on(DescribeHubCommand).rejects(accessDenied('securityhub:DescribeHub'));
    const [entry] = (await sink().publish([transition()])).notPublished;
    expect(entry?.reason).toBe(
      'securityhub:DescribeHub was denied: allow securityhub:DescribeHub in the policy of the publishing role.',
    );
  });

  it('reports every finding of a call that failed as a whole, and goes on elsewhere', async () => {
    hub
      .on(BatchImportFindingsCommand)
      .rejectsOnce(awsError('LimitExceededException'))
      .resolves({ SuccessCount: 1, FailedCount: 0 });
    const report = await sink().publish([inScope('111122223333', 'us-east-1'), inScope('111122223333', 'eu-west-1')]);
    expect(report).toMatchObject({ published: 1, rejected: [{ code: 'LimitExceededException' }] });
  });

  it('sends two changes of one finding in two calls, in order', async () => {
    await sink().publish([transition(), transition({ kind: 'fixed', observedAt: '2026-11-24T00:00:00.000Z' })]);
    expect(imported().map((batch) => batch[0]?.RecordState)).toEqual(['ACTIVE', 'ARCHIVED']);
  });
});

describe('what analysts did', () => {
  const waived = (overrides: Partial<Transition> = {}) =>
    transition({ kind: 'waived', finding: finding({ waiver: waiver() }), ...overrides });
  const state = (status: string, note?: { Text: string; UpdatedBy: string }) =>
    hub.on(GetFindingsCommand).resolves({
      Findings: [{ Id: finding().id, Workflow: { Status: status }, ...(note ? { Note: note } : {}) } as never],
    });
  const updates = () => hub.commandCalls(BatchUpdateFindingsCommand).map((call) => call.args[0].input);
  const ownNote = { Text: 'hullcheck waiver legacy-batch until 2027-01-31', UpdatedBy: 'hullcheck' };

  beforeEach(() => {
    hub.on(BatchUpdateFindingsCommand).resolves({ ProcessedFindings: [], UnprocessedFindings: [] });
  });

  it('is never touched by an ordinary change (SH-8)', async () => {
    await sink().publish([transition(), transition({ kind: 'fixed' })]);
    expect(updates()).toHaveLength(0);
    expect(hub.commandCalls(GetFindingsCommand)).toHaveLength(0);
  });

  it('is not needed for a finding that is waived at its first sight: it is born suppressed (SH-11)', async () => {
    await sink().publish([waived({ firstSeenAt: '2026-11-23T00:00:00.000Z' })]);
    expect(imported()[0]?.[0]).toMatchObject({ Workflow: { Status: 'SUPPRESSED' }, Note: { UpdatedBy: 'hullcheck' } });
    expect(updates()).toHaveLength(0);
  });

  it('becomes SUPPRESSED with a note when a known finding is waived (SH-11)', async () => {
    state('NOTIFIED');
    await sink().publish([waived()]);
    expect(imported()[0]?.[0]).not.toHaveProperty('Workflow');
    expect(updates()).toMatchObject([
      {
        Workflow: { Status: 'SUPPRESSED' },
        Note: {
          Text: 'hullcheck waiver legacy-batch until 2027-01-31, approved by ciso, owner team-batch: replaced in Q1',
        },
      },
    ]);
  });

  it('stays as it is when an analyst had suppressed it before the waiver (SH-11)', async () => {
    state('SUPPRESSED', { Text: 'known, see ticket', UpdatedBy: 'alice' });
    await sink().publish([waived()]);
    expect(updates()).toHaveLength(0);
  });

  it('goes back to NEW when the waiver that suppressed it expires (SH-11)', async () => {
    state('SUPPRESSED', ownNote);
    await sink().publish([transition({ kind: 'waiver-expired' })]);
    expect(updates()).toMatchObject([{ Workflow: { Status: 'NEW' } }]);
  });

  it('stays SUPPRESSED after expiry when a human suppressed it (SH-11)', async () => {
    state('SUPPRESSED', { Text: 'accepted by me', UpdatedBy: 'alice' });
    await sink().publish([transition({ kind: 'waiver-expired' })]);
    expect(updates()).toHaveLength(0);
  });

  it('goes back to NEW when a finding comes back after its waiver has ended while it was fixed (SH-11)', async () => {
    state('SUPPRESSED', ownNote);
    await sink().publish([transition({ kind: 'reopened' })]);
    expect(updates()).toMatchObject([{ Workflow: { Status: 'NEW' } }]);
    hub.resetHistory();
    state('SUPPRESSED', { Text: 'accepted by me', UpdatedBy: 'alice' });
    await sink().publish([transition({ kind: 'reopened' })]);
    expect(updates()).toHaveLength(0);
  });

  it('stays as an analyst set it who took the suppression of a waiver back (SH-8)', async () => {
    const note = 'hullcheck waiver legacy-batch until 2027-01-31, approved by ciso, owner team-batch: replaced in Q1';
    state('NOTIFIED', { Text: note, UpdatedBy: 'hullcheck' });
    await sink().publish([waived()]);
    expect(updates()).toHaveLength(0);
  });

  it('is set to RESOLVED on a fix only when that is switched on, and never on SUPPRESSED', async () => {
    state('NOTIFIED');
    await sink({ resolveOnFix: true }).publish([transition({ kind: 'fixed' })]);
    expect(updates()).toMatchObject([{ Workflow: { Status: 'RESOLVED' } }]);
    hub.resetHistory();
    state('SUPPRESSED', ownNote);
    await sink({ resolveOnFix: true }).publish([transition({ kind: 'fixed' })]);
    expect(updates()).toHaveLength(0);
  });

  it('is tried again when Security Hub does not show the waived finding yet', async () => {
    hub.on(GetFindingsCommand).resolves({ Findings: [] });
    expect(await sink().publish([waived()])).toMatchObject({ published: 0, rejected: [{ code: 'NotVisibleYet' }] });
  });

  it('is reported when it could not be changed', async () => {
    hub.on(GetFindingsCommand).rejects(accessDenied('securityhub:GetFindings'));
    const report = await sink().publish([waived()]);
    expect(report).toMatchObject({ published: 0, rejected: [{ code: 'AccessDeniedException' }] });
  });
});

describe('what AWS already reports (SH-14)', () => {
  const overlapping = { checkOf: () => checkMetadata({ overlapsWith: ['ECS.5'] }) };
  const severityOf = () => imported()[0]?.[0]?.FindingProviderFields?.Severity?.Label;

  const answering = (onOverlap: OverlapPolicy['onOverlap'], enabled: boolean | undefined) => ({
    ...overlapping,
    overlap: { onOverlap, isControlEnabled: async () => enabled },
  });

  it('is informational where AWS’s control is on, and says why (SH-14)', async () => {
    await sink(answering('informational', true)).publish([transition()]);
    expect(severityOf()).toBe('INFORMATIONAL');
    expect(imported()[0]?.[0]?.ProductFields?.severityReason).toContain('control ECS.5 is enabled');
  });

  it.for([
    ['off', false],
    ['not known', undefined],
  ] as const)('keeps its severity where AWS’s control is %s (SH-14)', async ([, enabled]) => {
    await sink(answering('informational', enabled)).publish([transition()]);
    expect(severityOf()).toBe('HIGH');
  });

  it('keeps its severity where overlaps are published, and asks nobody', async () => {
    const isControlEnabled = vi.fn(async () => true);
    await sink({ ...overlapping, overlap: { onOverlap: 'publish', isControlEnabled } }).publish([transition()]);
    expect(severityOf()).toBe('HIGH');
    expect(isControlEnabled).not.toHaveBeenCalled();
  });

  it('is skipped only where AWS’s control is known to be on, and is still closed', async () => {
    await sink(answering('skipIfControlEnabled', true)).publish([transition(), transition({ kind: 'gone' })]);
    expect(
      imported()
        .flat()
        .map((each) => each.RecordState),
    ).toEqual(['ARCHIVED']);
    hub.resetHistory();
    await sink(answering('skipIfControlEnabled', undefined)).publish([transition()]);
    expect(imported().flat()).toHaveLength(1);
  });
});
