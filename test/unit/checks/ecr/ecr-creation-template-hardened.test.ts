import { expect, test } from 'vitest';
import { ecrCreationTemplateHardened as check } from '#shared/checks/ecr/ecr-creation-template-hardened.ts';
import type { EcrCreationTemplate } from '#shared/collectors/ecr/model.ts';
import { known } from '#shared/domain/observed.ts';
import { creationTemplate, EXPIRE_UNTAGGED, lifecycle, registry } from '#test/factories/ecr.ts';
import { denied, judge } from '#test/support/judge.ts';

const withTemplate = (overrides: Partial<EcrCreationTemplate>) =>
  registry({ creationTemplates: known([creationTemplate(), creationTemplate({ prefix: 'lax', ...overrides })]) });
const excluding = (filter: string) => ({
  tagMutability: 'IMMUTABLE_WITH_EXCLUSION',
  tagMutabilityExclusions: [{ type: 'WILDCARD', filter }],
});

test('PASSED when every template is immutable and expires images', () => {
  expect(judge(check, registry()).status).toBe('PASSED');
});

test('PASSED when a template excludes only a cache from immutability (T29)', () => {
  expect(judge(check, withTemplate(excluding('buildcache'))).status).toBe('PASSED');
});

test('FAILED when a template creates repositories with mutable tags', () => {
  expect(judge(check, withTemplate({ tagMutability: 'MUTABLE' }))).toMatchObject({
    status: 'FAILED',
    severity: 'LOW',
    reason: 'a template creates repositories with mutable tags',
    evidence: [{ path: 'creationTemplates[lax].imageTagMutability', observed: 'MUTABLE', expected: 'IMMUTABLE' }],
  });
});

test.for(['*', 'v*'])('FAILED when a template excludes %s from immutability (T29)', (filter) => {
  expect(judge(check, withTemplate(excluding(filter)))).toMatchObject({
    status: 'FAILED',
    reason: 'a template leaves release tags mutable',
    evidence: [{ observed: [filter] }],
  });
});

test.for([
  ['has no lifecycle policy', known(null)],
  ['expires only untagged images', lifecycle(EXPIRE_UNTAGGED)],
] as const)('FAILED when a template %s', ([, lifecyclePolicy]) => {
  expect(judge(check, withTemplate({ lifecyclePolicy }))).toMatchObject({
    status: 'FAILED',
    reason: 'a template creates repositories in which tagged images never expire',
    evidence: [{ path: 'creationTemplates[lax].lifecyclePolicy' }],
  });
});

test('UNKNOWN when the templates could not be read, or hold a setting that AWS added later', () => {
  const creationTemplates = denied('ecr:DescribeRepositoryCreationTemplates');

  expect(judge(check, registry({ creationTemplates })).status).toBe('UNKNOWN');
  expect(judge(check, withTemplate({ tagMutability: 'FROZEN' })).status).toBe('UNKNOWN');
});

test('NOT_APPLICABLE when the registry has no templates', () => {
  expect(judge(check, registry({ creationTemplates: known([]) })).status).toBe('NOT_APPLICABLE');
});
