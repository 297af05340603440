import { expect, test } from 'vitest';
import { openLedger } from '#shared/composition-root.ts';
import { applyLook } from '#shared/engine/transitions.ts';
import { keepDecisions } from '#shared/use-cases/keep-decision.ts';
import { finding, waiver } from '#test/factories/finding.ts';

const SEEN = finding();
const { accountId, region } = SEEN.resource;
const SCOPE = { accountId, region, service: 'ecs' };

/** Whether the ledger takes a workflow that Security Hub tells of for the tool's own. */
async function isTakenForOurs(Status: string, Note: { Text: string; UpdatedBy: string }) {
  const ledger = await openLedger(':memory:');
  const look = { scope: SCOPE, finding: SEEN, observedAt: '2026-11-23T00:00:00.000Z' };
  const row = applyLook(look, undefined);
  if (row !== undefined) await ledger.putRow({ ...row, workflow: earlier(Status) }, undefined);
  const ProductArn = `arn:aws:securityhub:${region}:${accountId}:product/${accountId}/default`;
  const event = {
    id: 'event-1',
    source: 'aws.securityhub',
    detailType: 'Security Hub Findings - Imported',
    accountId,
    region,
    time: '2026-11-24T00:00:00Z',
    resources: [],
    detail: { findings: [{ Id: SEEN.id, ProductArn, Workflow: { Status }, Note }] },
  };
  expect(await keepDecisions([event], { ledger, serviceOf: () => 'ecs' })).toBe(1);
  return (await ledger.readRow({ ...SCOPE, findingId: SEEN.id }))?.workflow?.byUs;
}

function earlier(status: string) {
  const at = '2026-11-23T00:00:00.000Z';
  return { status: status === 'NEW' ? 'SUPPRESSED' : 'NEW', at, byUs: true } as const;
}

test('what is suppressed with the note of a waiver was suppressed by the tool', async () => {
  expect(await isTakenForOurs('SUPPRESSED', { Text: `hullcheck waiver ${waiver().id}`, UpdatedBy: 'hullcheck' })).toBe(
    true,
  );
});

test('SH-8: what is suppressed although the last note of the tool ended a waiver was suppressed by an analyst', async () => {
  const Text = 'hullcheck: the waiver has expired or was withdrawn';
  expect(await isTakenForOurs('NEW', { Text, UpdatedBy: 'hullcheck' })).toBe(true);
  expect(await isTakenForOurs('SUPPRESSED', { Text, UpdatedBy: 'hullcheck' })).toBe(false);
});
