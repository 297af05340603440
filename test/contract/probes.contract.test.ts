import { describe, expect, test } from 'vitest';
import { ACCOUNT_PERMISSIONS } from '#shared/aws/accounts.ts';
import { actionOf } from '#shared/aws/actions.ts';
import { ORGANIZATION_PERMISSIONS } from '#shared/aws/organization.ts';
import { accountProbes, PROBES_OF_A_REGION } from '#shared/aws/probes/account-probes.ts';
import type { PermissionProbe } from '#shared/aws/probes/probe.ts';
import { topicProbes } from '#shared/aws/probes/publishing.ts';
import { tableProbes } from '#shared/aws/probes/table.ts';
import { collectors } from '#shared/collectors/index.generated.ts';
import type { ClientClass, IamAction } from '#shared/domain/ports.ts';
import { ledgerPermissions } from '#shared/ledger/dynamodb.ts';
import { SECURITY_HUB_PERMISSIONS } from '#shared/sinks/security-hub/sink.ts';
import { GATE_ANSWERING, GATE_READING } from '#shared/use-cases/gate/permissions.ts';

/** Tried by assuming the roles themselves. */
const TRIED_BY_USE = new Set<IamAction>(['sts:AssumeRole']);
const declared = new Set<IamAction>([
  ...collectors.flatMap(({ permissions }) => permissions),
  ...ACCOUNT_PERMISSIONS.filter((action) => !TRIED_BY_USE.has(action)),
  ...ORGANIZATION_PERMISSIONS,
  ...SECURITY_HUB_PERMISSIONS,
  ...GATE_READING,
  ...GATE_ANSWERING.filter((action) => action !== 'sns:Publish'),
]);

describe('how permissions are tried', () => {
  test('every declared permission has a probe, and there are no others: see shared/aws/probes', () => {
    expect(Object.keys(accountProbes).sort()).toEqual([...declared].sort());
    expect(Object.keys(topicProbes)).toEqual(['sns:Publish']);
    expect(Object.keys(tableProbes).sort()).toEqual([...ledgerPermissions].sort());
  });

  test('a region is tried with declared listings', () => {
    for (const action of PROBES_OF_A_REGION) expect(declared).toContain(action);
  });

  const all: Readonly<Record<string, PermissionProbe<never>>> = { ...accountProbes, ...topicProbes, ...tableProbes };

  test.for(Object.entries(all))('%s is tried by that one call', async ([action, probe]) => {
    const calls: string[] = [];
    await probe.call({
      partition: 'aws',
      accountId: '111122223333',
      region: 'eu-west-1',
      topicArn: 'arn:aws:sns:eu-west-1:111122223333:alerts',
      table: 'hullcheck',
      clientFor: (clientClass: ClientClass<{ config: { serviceId: string } }>) => recording(clientClass, calls),
    } as never);

    expect(calls).toEqual([action]);
  });
});

/** A client that only remembers which actions were asked for. */
function recording(clientClass: ClientClass<{ config: { serviceId: string } }>, calls: string[]): unknown {
  const { serviceId } = new clientClass({ region: 'eu-west-1' } as never).config;
  return {
    send: async (command: object) => {
      calls.push(actionOf(serviceId, command.constructor.name));
      return {};
    },
  };
}
