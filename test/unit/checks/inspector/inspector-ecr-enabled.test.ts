import { expect, test } from 'vitest';
import { inspectorEcrEnabled as check } from '#shared/checks/inspector/inspector-ecr-enabled.ts';
import { known } from '#shared/domain/observed.ts';
import { inspectorAccount } from '#test/factories/guardduty.ts';
import { denied, judge } from '#test/support/judge.ts';

test('PASSED when ECR scanning is enabled', () => {
  expect(judge(check, inspectorAccount()).status).toBe('PASSED');
});

test.for([['DISABLED'], ['DISABLING'], ['SUSPENDED'], ['SUSPENDING']])('FAILED when ECR scanning is %s', ([status]) => {
  expect(judge(check, inspectorAccount({ ecrScanning: known(status as string) }))).toMatchObject({
    status: 'FAILED',
    severity: 'MEDIUM',
    reason: 'Amazon Inspector does not scan container images',
    evidence: [{ path: 'resourceState.ecr.status', observed: status, expected: 'ENABLED' }],
  });
});

test.for([['ENABLING'], ['PAUSED']])('UNKNOWN while ECR scanning is %s', ([status]) => {
  expect(judge(check, inspectorAccount({ ecrScanning: known(status as string) })).unknown).toMatchObject({
    kind: 'undecidable',
  });
});

test('UNKNOWN when it could not be read', () => {
  const finding = judge(check, inspectorAccount({ ecrScanning: denied('inspector2:BatchGetAccountStatus') }));

  expect(finding.unknown).toMatchObject({ missingPermission: 'inspector2:BatchGetAccountStatus' });
});
