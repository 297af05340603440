import type { Waiver } from '#shared/domain/waiver.ts';

/** A waiver in force on 2026-11-23, of one check on the task definition that findings of the factories are about. */
export function acceptedRisk(overrides: Partial<Waiver> = {}): Waiver {
  return {
    id: 'legacy-batch',
    checks: ['ecs-task-root-filesystem-readonly'],
    scope: { resource: ['arn:aws:ecs:us-east-1:111122223333:task-definition/secure-app'] },
    reason: 'replaced in Q1',
    owner: 'team-batch',
    approvedBy: 'ciso',
    createdAt: '2026-09-01T00:00:00.000Z',
    expiresAt: '2027-01-31T23:59:59.999Z',
    line: 3,
    ...overrides,
  };
}
