import { expect, test } from 'vitest';
import { ecrRegistryScanningCoversAll as check } from '#shared/checks/ecr/ecr-registry-scanning-covers-all.ts';
import { known } from '#shared/domain/observed.ts';
import { registry, sample } from '#test/factories/ecr.ts';
import { denied, judge } from '#test/support/judge.ts';

const rule = (frequency: string, ...filters: string[]) => ({
  frequency,
  filters: filters.map((filter) => ({ type: 'WILDCARD', filter })),
});
const scanning = (scanType: string, ...rules: ReturnType<typeof rule>[]) => known({ scanType, rules });

test('PASSED when a rule scans everything', () => {
  expect(judge(check, registry()).status).toBe('PASSED');
});

test('PASSED when one of two rules scans everything', () => {
  const both = scanning('ENHANCED', rule('CONTINUOUS_SCAN', 'prod'), rule('SCAN_ON_PUSH', '*'));

  expect(judge(check, registry({ scanning: both })).status).toBe('PASSED');
});

test('FAILED when enhanced scanning is on and a repository matches no filter (T21)', () => {
  const partial = registry({
    scanning: scanning('ENHANCED', rule('CONTINUOUS_SCAN', 'prod*')),
    unscannedRepositories: known(sample('batch', 'tools')),
  });

  expect(judge(check, partial)).toMatchObject({
    status: 'FAILED',
    severity: 'MEDIUM',
    reason: 'no scanning rule covers all repositories',
    evidence: [
      {
        path: 'scanningConfiguration',
        observed: { scanType: 'ENHANCED', filters: ['prod* (CONTINUOUS_SCAN)'] },
        expected: 'a rule for *',
      },
      { path: 'unscannedRepositories', observed: ['batch', 'tools'], expected: [] },
    ],
  });
});

test('FAILED when the registry has no rule at all', () => {
  const none = registry({ scanning: scanning('BASIC'), unscannedRepositories: known(sample('batch')) });

  expect(judge(check, none).status).toBe('FAILED');
});

test('FAILED as LOW when every repository of today is scanned all the same', () => {
  expect(judge(check, registry({ scanning: scanning('BASIC', rule('SCAN_ON_PUSH', 'app*')) }))).toMatchObject({
    status: 'FAILED',
    severity: 'LOW',
    severityReason: 'every repository that exists today is scanned',
  });
});

test('FAILED although the scanning of the repositories could not be read', () => {
  const unscannedRepositories = denied('ecr:BatchGetRepositoryScanningConfiguration');

  expect(judge(check, registry({ scanning: scanning('BASIC'), unscannedRepositories }))).toMatchObject({
    status: 'FAILED',
    severity: 'MEDIUM',
  });
});

test('NOT_APPLICABLE when the registry has no repositories', () => {
  expect(judge(check, registry({ scanning: scanning('BASIC'), repositoryCount: known(0) })).status).toBe(
    'NOT_APPLICABLE',
  );
});

test('UNKNOWN when the configuration, or whether there are repositories, could not be read', () => {
  const unread = denied('ecr:GetRegistryScanningConfiguration');
  const unlisted = denied('ecr:DescribeRepositories');

  expect(judge(check, registry({ scanning: unread })).status).toBe('UNKNOWN');
  expect(judge(check, registry({ scanning: scanning('BASIC'), repositoryCount: unlisted })).status).toBe('UNKNOWN');
});

test('UNKNOWN when the rule for everything has a frequency that AWS added later', () => {
  expect(judge(check, registry({ scanning: scanning('ENHANCED', rule('HOURLY', '*')) })).status).toBe('UNKNOWN');
});
