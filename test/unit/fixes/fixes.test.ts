import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { eksControlPlaneLogs } from '#shared/fixes/eks/eks-control-plane-logs.ts';
import type { Fix } from '#shared/fixes/fix.ts';
import { fixes } from '#shared/fixes/index.generated.ts';
import { eksCluster } from '#test/factories/eks.ts';
import { allChecks, ROOT } from '#test/support/all-checks.ts';
import { findFixes } from '../../../infra/scripts/generate/tree.ts';

const documentation = readFileSync(join(ROOT, 'docs/fixes.md'), 'utf8');

describe('every fix', () => {
  test('has the id of its file', () => {
    expect(fixes.map(({ id }) => id)).toEqual(findFixes(ROOT).map(({ id }) => id));
  });

  test('is the only one of its checks', () => {
    const checks = fixes.flatMap((fix) => fix.checks);

    expect(new Set(checks).size).toBe(checks.length);
  });
});

describe.for(fixes.map((fix): [string, Fix] => [fix.id, fix]))('%s', ([, fix]) => {
  test('mends checks that exist and judge what it changes', () => {
    for (const id of fix.checks) {
      expect(allChecks.find((check) => check.id === id)?.resourceType, id).toBe(fix.resourceType);
    }
  });

  test('names each action it needs, without wildcards, in order', () => {
    expect(fix.permissions.filter((action) => !/^[a-z0-9-]+:[A-Z]\w+$/.test(action))).toEqual([]);
    expect(fix.permissions).toEqual([...new Set(fix.permissions)].sort());
  });

  test('creates and deletes nothing', () => {
    expect(fix.permissions.filter((action) => /:(?:Create|Delete|Remove|Terminate)/.test(action))).toEqual([]);
  });

  test('finds no name in the ARN of something else', () => {
    const others = [
      '',
      'arn:aws:ecs:us-east-1:111122223333:cluster/a',
      'arn:aws:ecr:us-east-1:111122223333:registry',
      'arn:aws:ecr:us-east-1:111122223333:repository/',
      'arn:aws:eks:us-east-1:111122223333:nodegroup/a/b/c',
      'arn:aws:guardduty:us-east-1:111122223333:detector/0123',
    ];

    expect(others.map((uid) => fix.nameOf(uid))).toEqual(others.map(() => undefined));
  });

  test('is documented, with the checks it mends', () => {
    for (const word of [fix.id, ...fix.checks]) expect(documentation).toContain(`\`${word}\``);
  });
});

describe('control plane logs', () => {
  const decide = (status: string, enabledLogTypes: readonly string[], required: readonly string[]) =>
    eksControlPlaneLogs.decide(
      { status, enabledLogTypes },
      {
        checkId: 'eks-cluster-logging-enabled',
        resource: eksCluster(),
        parameters: { required },
        allowUnknownUse: false,
      },
    );

  test('are added to those that are on, as far as the check asks for them', () => {
    expect(decide('ACTIVE', ['api', 'scheduler'], ['audit', 'api'])).toMatchObject({
      kind: 'change',
      says: expect.stringContaining('logs audit;'),
      wanted: { enabledLogTypes: ['api', 'audit', 'scheduler'] },
    });
  });

  test('wait for a cluster that is being changed', () => {
    expect(decide('UPDATING', [], ['audit'])).toMatchObject({
      kind: 'refused',
      because: expect.stringContaining('UPDATING'),
    });
  });
});
