import { expect, test } from 'vitest';
import { workloadCapabilitiesDropped as check } from '#shared/checks/workload/workload-capabilities-dropped.ts';
import { podContainer, workloadOf, workloadWith } from '#test/factories/kubernetes.ts';
import { judge } from '#test/support/judge.ts';

const FIELD = 'spec.containers[0].securityContext.capabilities';

test.for([
  ['ALL', { add: [], drop: ['ALL'] }],
  ['ALL and others', { add: [], drop: ['NET_RAW', 'ALL'] }],
  ['ALL, with one added back', { add: ['CHOWN'], drop: ['ALL'] }],
])('PASSED when %s is dropped', ([, capabilities]) => {
  expect(judge(check, workloadWith({ securityContext: { capabilities: capabilities as never } })).status).toBe(
    'PASSED',
  );
});

test.for([
  ['nothing', {}, `${FIELD}.drop`],
  ['T62: "all" in small letters', { capabilities: { add: [], drop: ['all'] } }, `${FIELD}.drop`],
  ['one by one', { capabilities: { add: [], drop: ['NET_RAW', 'SYS_CHROOT'] } }, `${FIELD}.drop`],
  ['ALL, and ALL added back', { capabilities: { add: ['ALL'], drop: ['ALL'] } }, `${FIELD}.add`],
] as const)('FAILED when %s is dropped', ([, securityContext, path]) => {
  expect(judge(check, workloadWith({ securityContext }))).toMatchObject({
    status: 'FAILED',
    severity: 'MEDIUM',
    reason: 'capabilities are not dropped',
    evidence: [{ path }],
  });
});

test('T66: NOT_APPLICABLE on Windows', () => {
  expect(judge(check, workloadOf({ os: 'windows', containers: [podContainer({ securityContext: {} })] })).status).toBe(
    'NOT_APPLICABLE',
  );
});
