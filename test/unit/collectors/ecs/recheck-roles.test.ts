import { beforeEach, describe, expect, test } from 'vitest';
import { ecsCollector } from '#shared/collectors/ecs/collect.ts';
import type { RoleUseFact } from '#shared/collectors/iam/model.ts';
import { apiTaskDefinition, ecsArn } from '#test/factories/ecs-api.ts';
import { ACCOUNT, REGION } from '#test/factories/resource.ts';
import { recheckOne } from '#test/support/collect.ts';
import { ecs, mockAccount } from './mock-account.ts';

const FAMILY = ecsArn('task-definition/web');
const role = (name: string) => `arn:aws:iam::${ACCOUNT}:role/${name}`;

/** What the last scan has stated of the family, or of another. */
function stated(name: string, user = FAMILY): RoleUseFact {
  return {
    kind: 'role-use',
    key: role(name),
    accountId: ACCOUNT,
    region: REGION,
    observedAt: '2026-11-01T00:00:00.000Z',
    use: 'ecs-task',
    user,
  };
}

async function corrections(...facts: readonly RoleUseFact[]) {
  const items = await recheckOne(ecsCollector, { type: 'AwsEcsTaskDefinition', name: 'web' }, { facts });
  return items.flatMap((item) => ('corrected' in item ? [item.corrected] : []));
}

describe('a look at one task definition', () => {
  beforeEach(() => {
    mockAccount({ definitions: [apiTaskDefinition('web', 7, { taskRoleArn: role('new') })] });
  });

  test('says which role its tasks get now, in place of what a scan has stated', async () => {
    expect(await corrections(stated('old'), stated('foreign', ecsArn('task-definition/api')))).toEqual([
      {
        subject: FAMILY,
        kinds: ['role-use'],
        facts: [expect.objectContaining({ key: role('new'), use: 'ecs-task', user: FAMILY })],
      },
    ]);
  });

  test('says nothing where it is the same role, so that nothing has to be written', async () => {
    expect(await corrections(stated('new'))).toEqual([]);
  });

  test('asks AWS for nothing more than the revision', async () => {
    await corrections(stated('old'));

    expect(ecs.calls()).toHaveLength(1);
  });

  test('says that a family that is gone uses no role', async () => {
    mockAccount({ definitions: [] });

    expect(await corrections(stated('old'))).toEqual([{ subject: FAMILY, kinds: ['role-use'], facts: [] }]);
  });
});
