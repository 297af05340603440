import { expect, test } from 'vitest';
import { ClosingScope } from '#shared/engine/closing-scope.ts';
import { COVERAGE_CHECK_ID } from '#shared/engine/coverage-findings.ts';
import { coverageEntry, taskDefinitionReference } from '#test/factories/finding.ts';
import { ECS_SCOPE, publishedRow } from '#test/factories/ledger.ts';

const CHECK = 'ecs-task-root-filesystem-readonly';
const row = publishedRow();
const inCluster = (cluster: string) => publishedRow({}, { resource: taskDefinitionReference({ cluster }) });

test('a scope that was read to its end is closed in, for the checks that ran', () => {
  const closing = new ClosingScope([coverageEntry()], [CHECK]);

  expect(closing.scopes).toEqual([ECS_SCOPE]);
  expect(closing.covers(row)).toBe(true);
  expect(closing.covers(inCluster('prod'))).toBe(true);
});

test.for(['partial', 'failed', 'excluded'] as const)('SH-2c: a scope that is %s is not closed in', (status) => {
  expect(new ClosingScope([coverageEntry({ status })], [CHECK]).scopes).toEqual([]);
});

test('SH-1, D23: nothing of a check that did not run is closed', () => {
  expect(new ClosingScope([coverageEntry()], ['another-check']).covers(row)).toBe(false);
});

test('a cluster that could not be read is left alone, the others are not', () => {
  const closing = new ClosingScope([coverageEntry(), coverageEntry({ cluster: 'prod', status: 'partial' })], [CHECK]);

  expect(closing.covers(inCluster('prod'))).toBe(false);
  expect(closing.covers(inCluster('test'))).toBe(true);
});

test('a scope whose resources follow from what others have not said is not closed in', () => {
  expect(new ClosingScope([coverageEntry()], [CHECK], [ECS_SCOPE]).scopes).toEqual([]);
});

test('coverage findings of a scope that reads fully are closed, whichever checks ran', () => {
  const coverage = publishedRow({}, { checkId: COVERAGE_CHECK_ID });

  expect(new ClosingScope([coverageEntry()], []).covers(coverage)).toBe(true);
});
