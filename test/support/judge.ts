import type { Check, CheckContext } from '#shared/domain/check.ts';
import type { Fact, FactKind } from '#shared/domain/fact.ts';
import type { Finding } from '#shared/domain/finding.ts';
import type { Observed } from '#shared/domain/observed.ts';
import type { Resource } from '#shared/domain/resource.ts';
import { judge as judgeOne } from '#shared/engine/evaluate.ts';
import { FactStore } from '#shared/engine/fact-store.ts';
import { ACCOUNT, REGION } from '../factories/resource.ts';

/** The time every unit test of a check lives in. */
export const NOW = new Date('2026-11-23T00:00:00.000Z');

export interface JudgeOptions {
  readonly parameters?: unknown;
  readonly facts?: readonly Fact[];
  /** Kinds whose units have stated everything; all kinds that `facts` holds by default. */
  readonly completeKinds?: readonly FactKind[];
  readonly now?: Date;
}

/** Judges one resource the way the engine does, with parsed default parameters, and returns the finding. */
export function judge(check: Check, resource: Resource, options: JudgeOptions = {}): Finding {
  return judgeOne(check, resource, contextFor(check, options));
}

/** A check context in the test account and region. */
export function contextFor(check: Check, options: JudgeOptions = {}): CheckContext {
  const facts = options.facts ?? [];
  const complete = options.completeKinds ?? [...new Set(facts.map((fact) => (fact as { kind: FactKind }).kind))];
  const target = { accountId: ACCOUNT, region: REGION, partition: 'aws' };
  const store = new FactStore([target], new Map(complete.map((kind) => [kind, ['test']])));
  for (const kind of complete) store.markComplete({ kind, accountId: ACCOUNT, region: REGION, service: 'test' });
  for (const fact of facts) store.add(fact);
  return {
    now: options.now ?? NOW,
    facts: store,
    parameters: check.parameters === undefined ? undefined : check.parameters.parse(options.parameters ?? {}),
  };
}

/** A field that could not be read because a permission is missing. */
export function denied(operation: string): Observed<never> {
  return {
    known: false,
    reason: {
      kind: 'unreadable',
      cause: 'denied',
      operation,
      message: `${operation} was denied: allow ${operation} in the policy of the reading role.`,
      missingPermission: operation,
    },
  };
}
