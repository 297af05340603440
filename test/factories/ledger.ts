import type { Fact } from '#shared/domain/fact.ts';
import type { LedgerRow, LedgerScope, NewRow, RowKey, UnitFacts } from '#shared/domain/ledger.ts';
import type { Look } from '#shared/engine/transitions.ts';
import { applyLook } from '#shared/engine/transitions.ts';
import { finding, taskDefinitionReference } from './finding.ts';
import { ACCOUNT, REGION } from './resource.ts';

export const ECS_SCOPE: LedgerScope = { accountId: ACCOUNT, region: REGION, service: 'ecs' };

/** The time of the n-th look, an hour apart. */
export function hour(n: number): string {
  return new Date(Date.UTC(2026, 10, 23, n)).toISOString();
}

export function look(n: number, overrides: Partial<Look['finding']> = {}): Look {
  return { scope: ECS_SCOPE, finding: finding(overrides), observedAt: hour(n) };
}

/** A row as the ledger gives it back. */
export function stored(row: NewRow, version = 1): LedgerRow {
  return { ...row, version };
}

/** The row of a failure that was first seen at hour 0 and told. */
export function publishedRow(overrides: Partial<LedgerRow> = {}, ofFinding: Partial<Look['finding']> = {}): LedgerRow {
  const row = applyLook(look(0, ofFinding), undefined);
  if (row === undefined) throw new Error('a first look gives a row');
  return stored({
    ...row,
    publish: { state: 'published', transition: 'opened' },
    publishedAs: 'ACTIVE',
    lastPublishedAt: hour(0),
    ...overrides,
  });
}

/** A row of the task definition of that name, to be written. */
export function taskRow(name: string): NewRow {
  const uid = `arn:aws:ecs:${REGION}:${ACCOUNT}:task-definition/${name}`;
  const { version: _, ...row } = publishedRow({}, finding({ resource: taskDefinitionReference({ uid, name }) }));
  return row;
}

export function taskRowKey(name: string): RowKey {
  return { ...ECS_SCOPE, findingId: taskRow(name).finding.id };
}

/** Facts of one unit, with nothing but their keys. */
export function unitFacts(n: number, keys: readonly string[]): UnitFacts {
  const facts = keys.map((key) => ({
    kind: 'running-image',
    key,
    accountId: ACCOUNT,
    region: REGION,
    observedAt: hour(n),
  }));
  return { ...ECS_SCOPE, observedAt: hour(n), completeKinds: [], facts: facts as unknown as Fact[] };
}
