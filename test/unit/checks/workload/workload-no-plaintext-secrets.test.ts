import { expect, test } from 'vitest';
import { workloadNoPlaintextSecrets as check } from '#shared/checks/workload/workload-no-plaintext-secrets.ts';
import type { PodContainer } from '#shared/domain/pod-spec.ts';
import { harmlessText, suspiciousText } from '#test/factories/ecs.ts';
import { workloadWith } from '#test/factories/kubernetes.ts';
import { judge } from '#test/support/judge.ts';

const found = suspiciousText('github');

test('PASSED when nothing was found', () => {
  const env = [
    { name: 'MODE', value: harmlessText() },
    { name: 'TOKEN', from: 'secretKeyRef', object: 'shop' },
  ];

  expect(
    judge(check, workloadWith({ env, words: [{ path: 'spec.containers[0].args[0]', text: harmlessText() }] })).status,
  ).toBe('PASSED');
});

test.for<[string, Partial<PodContainer>]>([
  [
    'spec.containers[0].env[1].value',
    {
      env: [
        { name: 'MODE', value: harmlessText() },
        { name: 'TOKEN', value: found },
      ],
    },
  ],
  ['spec.containers[0].args[2]', { words: [{ path: 'spec.containers[0].args[2]', text: found }] }],
])('FAILED when %s looks like a secret, which stays unsaid', ([path, change]) => {
  expect(judge(check, workloadWith(change))).toMatchObject({
    status: 'FAILED',
    severity: 'HIGH',
    reason: 'a secret stands in plain text',
    evidence: [{ path, observed: ['github'], expected: 'a reference to a secret' }],
  });
});

test('FAILED for credentials of AWS, whatever they look like', () => {
  const env = [{ name: 'AWS_SECRET_ACCESS_KEY', value: harmlessText() }];

  expect(judge(check, workloadWith({ env })).evidence).toMatchObject([{ observed: ['credential-variable'] }]);
});

test('FAILED and LOW when only the name suggests a secret', () => {
  const text = { ...harmlessText(), detections: [{ detector: 'name', confidence: 'name' as const }] };

  expect(judge(check, workloadWith({ env: [{ name: 'DB_PASSWORD', value: text }] }))).toMatchObject({
    status: 'FAILED',
    severity: 'LOW',
    severityReason: 'the name alone suggests a secret',
  });
});
