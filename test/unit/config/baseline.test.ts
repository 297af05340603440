import { expect, test } from 'vitest';
import { ecsTaskRootFilesystemReadonly } from '#shared/checks/ecs/ecs-task-root-filesystem-readonly.ts';
import { baselineOf } from '#shared/config/baseline.ts';
import { parseWaivers } from '#shared/config/waivers-file.ts';
import type { Check } from '#shared/domain/check.ts';
import { createRegistry } from '#shared/engine/registry.ts';
import { finding, taskDefinitionReference, waiver } from '#test/factories/finding.ts';

const NOW = new Date('2026-11-23T12:00:00.000Z');
const terms = { owner: 'platform', reason: 'first look: "all" of it', approvedBy: 'ciso', now: NOW, days: 90 };
const about = (uid: string, overrides: Parameters<typeof finding>[0] = {}) =>
  finding({ resource: taskDefinitionReference({ uid }), ...overrides });

test('a baseline is a waivers file that names each failing resource exactly', () => {
  const { yaml, failures } = baselineOf([about('b'), about('a')], terms);
  const registry = createRegistry([ecsTaskRootFilesystemReadonly as Check]);

  expect(failures).toBe(2);
  expect(parseWaivers(yaml, 'baseline.yaml', registry, NOW)).toMatchObject({
    waivers: [
      {
        id: 'baseline-2026-11-23-ecs-task-root-filesystem-readonly-111122223333-us-east-1',
        scope: { accounts: ['111122223333'], regions: ['us-east-1'], resource: ['a', 'b'] },
        reason: 'first look: "all" of it',
        createdAt: '2026-11-23T00:00:00.000Z',
        expiresAt: '2027-02-21T23:59:59.999Z',
      },
    ],
    ignored: [],
  });
});

test('what does not fail, and what a waiver hides already, is not in it', () => {
  const { yaml, failures } = baselineOf(
    [about('a', { status: 'PASSED' }), about('b', { status: 'UNKNOWN' }), about('c', { waiver: waiver() })],
    terms,
  );

  expect(failures).toBe(0);
  expect(yaml).toContain('waivers: []');
});
