import { expect, test } from 'vitest';
import { ecrRegistrySigningConfigured as check } from '#shared/checks/ecr/ecr-registry-signing-configured.ts';
import { known } from '#shared/domain/observed.ts';
import { registry } from '#test/factories/ecr.ts';
import { denied, judge } from '#test/support/judge.ts';

const parameters = { signing: { expected: true } };

test('PASSED when a signing rule exists', () => {
  expect(judge(check, registry(), { parameters }).status).toBe('PASSED');
});

test.for([
  ['no signing configuration', null],
  ['a signing configuration without rules', []],
] as const)('FAILED when there is %s', ([, signing]) => {
  expect(judge(check, registry({ signing: known(signing) }), { parameters })).toMatchObject({
    status: 'FAILED',
    severity: 'LOW',
    reason: 'the registry signs no images',
    evidence: [{ path: 'signingConfiguration', observed: signing, expected: 'at least one signing rule' }],
  });
});

test('UNKNOWN when the configuration could not be read', () => {
  expect(judge(check, registry({ signing: denied('ecr:GetSigningConfiguration') }), { parameters }).status).toBe(
    'UNKNOWN',
  );
});

test('NOT_APPLICABLE until signing.expected is set', () => {
  expect(judge(check, registry({ signing: known(null) })).status).toBe('NOT_APPLICABLE');
});
