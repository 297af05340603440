import { expect, test } from 'vitest';
import { workloadSecretsNotInEnv as check } from '#shared/checks/workload/workload-secrets-not-in-env.ts';
import { podContainer, workloadOf, workloadWith } from '#test/factories/kubernetes.ts';
import { judge } from '#test/support/judge.ts';

test('PASSED when only ConfigMaps and fields are variables', () => {
  const env = [
    { name: 'MODE', from: 'configMapKeyRef', object: 'shop' },
    { name: 'NODE', from: 'fieldRef' },
  ];

  expect(judge(check, workloadWith({ env, envFrom: [{ from: 'configMapRef', object: 'shop' }] })).status).toBe(
    'PASSED',
  );
});

test('FAILED when a secret is a variable', () => {
  const env = [{ name: 'PASSWORD', from: 'secretKeyRef', object: 'database' }];

  expect(judge(check, workloadWith({ env }))).toMatchObject({
    status: 'FAILED',
    severity: 'INFORMATIONAL',
    reason: 'a secret is an environment variable',
    evidence: [{ path: 'spec.containers[0].env[0].valueFrom.secretKeyRef', observed: 'PASSWORD' }],
  });
});

test.for(['initContainers', 'ephemeralContainers'] as const)('T64: FAILED when %s take a whole secret', (list) => {
  const path = `spec.${list}[0]`;
  const container = podContainer({ list, path, envFrom: [{ from: 'secretRef', object: 'database' }] });

  expect(judge(check, workloadOf({ containers: [podContainer(), container] }))).toMatchObject({
    status: 'FAILED',
    evidence: [{ path: `${path}.envFrom[0].secretRef`, observed: 'database' }],
  });
});
