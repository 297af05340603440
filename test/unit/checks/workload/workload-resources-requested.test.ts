import { expect, test } from 'vitest';
import { workloadResourcesRequested as check } from '#shared/checks/workload/workload-resources-requested.ts';
import type { ResourceBudget } from '#shared/domain/pod-spec.ts';
import { podContainer, workloadOf, workloadWith } from '#test/factories/kubernetes.ts';
import { judge } from '#test/support/judge.ts';

const BOTH = { cpu: '250m', memory: '64Mi' };
const NONE: ResourceBudget = { requests: {}, limits: {} };

test.for<[string, ResourceBudget]>([
  ['both are requested', { requests: BOTH, limits: {} }],
  ['limits stand for requests', { requests: {}, limits: BOTH }],
  ['one is requested and the other limited', { requests: { cpu: '1' }, limits: { memory: '1e9' } }],
])('PASSED when %s', ([, resources]) => {
  expect(judge(check, workloadWith({ resources })).status).toBe('PASSED');
});

test('PASSED when the pod requests them as a whole', () => {
  const containers = [podContainer({ resources: NONE })];

  expect(judge(check, workloadOf({ containers, resources: { requests: BOTH, limits: {} } })).status).toBe('PASSED');
});

test.for<[string, ResourceBudget, string[]]>([
  ['nothing is requested', NONE, ['cpu', 'memory']],
  ['CPU is not', { requests: { memory: '64Mi' }, limits: {} }, ['cpu']],
  ['memory is 0', { requests: { cpu: '1', memory: '0Mi' }, limits: {} }, ['memory']],
])('FAILED when %s', ([, resources, missing]) => {
  const finding = judge(check, workloadWith({ resources }));

  expect(finding).toMatchObject({ status: 'FAILED', severity: 'LOW', reason: 'CPU or memory is not requested' });
  expect(finding.evidence.map(({ path }) => path)).toEqual(
    missing.map((name) => `spec.containers[0].resources.requests.${name}`),
  );
});

test('UNKNOWN when an amount is none, such as what a template left behind', () => {
  const resources = { requests: { cpu: '{{ .Values.cpu }}', memory: '64Mi' }, limits: {} };

  expect(judge(check, workloadWith({ resources }))).toMatchObject({
    status: 'UNKNOWN',
    unknown: { kind: 'undecidable' },
  });
});

test('T64: init containers count, ephemeral ones cannot request anything', () => {
  const init = podContainer({ list: 'initContainers', path: 'spec.initContainers[0]', resources: NONE });
  const ephemeral = podContainer({ list: 'ephemeralContainers', path: 'spec.ephemeralContainers[0]', resources: NONE });

  expect(judge(check, workloadOf({ containers: [podContainer(), init] })).status).toBe('FAILED');
  expect(judge(check, workloadOf({ containers: [podContainer(), ephemeral] })).status).toBe('PASSED');
});
