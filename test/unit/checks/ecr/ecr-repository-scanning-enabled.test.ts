import { expect, test } from 'vitest';
import { ecrRepositoryScanningEnabled as check } from '#shared/checks/ecr/ecr-repository-scanning-enabled.ts';
import { known } from '#shared/domain/observed.ts';
import { repository } from '#test/factories/ecr.ts';
import { denied, judge } from '#test/support/judge.ts';

const scanning = (frequency: string) => known({ frequency, appliedFilters: [] });

test.for(['SCAN_ON_PUSH', 'CONTINUOUS_SCAN'])(
  'PASSED when %s is in effect, whatever the own setting of the repository says (T20, D5)',
  (frequency) => {
    expect(judge(check, repository({ scanning: scanning(frequency) })).status).toBe('PASSED');
  },
);

test('FAILED when the repository itself decides and scans only by hand', () => {
  const lax = repository({ scanning: scanning('MANUAL'), scanningDecidedBy: known('repository') });

  expect(judge(check, lax)).toMatchObject({
    status: 'FAILED',
    severity: 'HIGH',
    reason: 'images are not scanned on push',
    evidence: [{ path: 'scanFrequency', observed: 'MANUAL' }],
  });
});

test('FAILED, pointing to the registry, when no rule of the registry matches (T21)', () => {
  const finding = judge(check, repository({ scanning: scanning('MANUAL'), scanningDecidedBy: known('registry') }));

  expect(finding).toMatchObject({
    status: 'FAILED',
    severity: 'LOW',
    reason: 'no scanning rule of the registry matches the repository',
  });
  expect(finding.severityReason).toContain('ecr-registry-scanning-covers-all');
});

test('FAILED with full severity when it is not known who decides', () => {
  const scanningDecidedBy = denied('ecr:GetRegistryScanningConfiguration');

  expect(judge(check, repository({ scanning: scanning('MANUAL'), scanningDecidedBy }))).toMatchObject({
    status: 'FAILED',
    severity: 'HIGH',
  });
});

test('UNKNOWN when the scanning in effect could not be read', () => {
  const unread = denied('ecr:BatchGetRepositoryScanningConfiguration');

  expect(judge(check, repository({ scanning: unread })).status).toBe('UNKNOWN');
});

test('UNKNOWN when the frequency is one that AWS added later', () => {
  expect(judge(check, repository({ scanning: scanning('HOURLY') }))).toMatchObject({
    status: 'UNKNOWN',
    unknown: { kind: 'undecidable' },
  });
});
