import type { Check, CheckContext } from '../domain/check.ts';
import type { FactLookup } from '../domain/fact.ts';
import { type Finding, findingId } from '../domain/finding.ts';
import { compareCodeUnits } from '../domain/order.ts';
import { type Resource, type ResourceBase, referenceTo } from '../domain/resource.ts';
import { compareSeverity, oneStepHigher, oneStepLower, type Severity } from '../domain/severity.ts';
import { unknownBecause, type Verdict } from '../domain/verdict.ts';
import type { CheckRegistry } from './registry.ts';

/** What evaluation needs besides the resources: the clock of the scan, facts, and the parameters of each check. */
export interface EvaluationContext {
  readonly now: Date;
  readonly facts: FactLookup;
  /** Parsed parameters by check id; a check without an entry gets `undefined`. */
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** Why a severity is one step lower when nothing uses the resource; always the last of the reasons. */
const NOT_IN_USE = 'not in use';

/** The prefix of the reason of a verdict that exists only because a check threw. */
export const CHECK_ERROR_PREFIX = 'internal error: ';

/**
 * Judges resources with all checks of a registry. Never throws: a check that does becomes UNKNOWN for that pair only.
 * Findings come in order of (check id, resource uid), one at a time, so that the same world gives the same stream.
 */
export function* evaluate(
  registry: CheckRegistry,
  resources: readonly Resource[],
  context: EvaluationContext,
): Generator<Finding> {
  const byType = groupByType(resources);
  for (const check of registry.checks) {
    const checkContext: CheckContext = {
      now: context.now,
      facts: context.facts,
      parameters: context.parameters[check.id],
    };
    for (const resource of byType.get(check.resourceType) ?? []) {
      yield judge(check, resource, checkContext);
    }
  }
}

/** One check on one resource, as a finding. */
export function judge(check: Check, resource: Resource, context: CheckContext): Finding {
  const base = resource as ResourceBase<string>;
  const verdict = verdictOf(check, resource, context);
  const { severity, because } = effectiveSeverity(check, base, verdict);
  return {
    id: findingId(check.id, base),
    checkId: check.id,
    status: verdict.status,
    severity,
    ...(because === undefined ? {} : { severityReason: because }),
    resource: referenceTo(base),
    inUse: base.inUse,
    ...(base.usedBy === undefined ? {} : { usedBy: base.usedBy }),
    ...(base.usedByCount === undefined ? {} : { usedByCount: base.usedByCount }),
    reason: verdict.status === 'UNKNOWN' ? verdict.reason.message : (verdict.reason ?? ''),
    ...(verdict.status === 'UNKNOWN' ? { unknown: verdict.reason } : {}),
    evidence: verdict.evidence,
  };
}

function verdictOf(check: Check, resource: Resource, context: CheckContext): Verdict {
  try {
    // The registry holds checks of all resource types; the caller pairs each with resources of its own type.
    return check.evaluate(resource as never, context);
  } catch (error) {
    const name = error instanceof Error ? error.name : typeof error;
    // Only the error's name: its message may quote what the resource says.
    return unknownBecause({
      kind: 'undecidable',
      message: `${CHECK_ERROR_PREFIX}check ${check.id} threw ${name}; please report it.`,
    });
  }
}

function effectiveSeverity(
  check: Check,
  resource: ResourceBase<string>,
  verdict: Verdict,
): { severity: Severity; because?: string } {
  if (verdict.status !== 'FAILED') return { severity: check.baseSeverity };
  const reasons: string[] = [];
  let severity = check.baseSeverity;
  if (verdict.lowered !== undefined && compareSeverity(verdict.lowered.severity, severity) < 0) {
    severity = verdict.lowered.severity;
    reasons.push(verdict.lowered.because);
  }
  if (resource.inUse === 'no' && check.severityIndependentOfUse !== true) {
    const lower = oneStepLower(severity);
    if (lower !== severity) reasons.push(NOT_IN_USE);
    severity = lower;
  }
  return reasons.length === 0 ? { severity } : { severity, because: reasons.join('; ') };
}

/** The severity a finding would have if its resource were in use: a change of use alone does not change it. */
export function severityRegardlessOfUse({ severity, severityReason }: Pick<Finding, 'severity' | 'severityReason'>) {
  return severityReason?.split('; ').at(-1) === NOT_IN_USE ? oneStepHigher(severity) : severity;
}

function groupByType(resources: readonly Resource[]): Map<string, Resource[]> {
  const byType = new Map<string, Resource[]>();
  for (const resource of resources) {
    const { type } = resource as ResourceBase<string>;
    const group = byType.get(type) ?? [];
    byType.set(type, group);
    group.push(resource);
  }
  for (const group of byType.values()) group.sort(compareResources);
  return byType;
}

function compareResources(left: Resource, right: Resource): number {
  const [a, b] = [left as ResourceBase<string>, right as ResourceBase<string>];
  return (
    compareCodeUnits(a.uid, b.uid) || compareCodeUnits(a.accountId, b.accountId) || compareCodeUnits(a.region, b.region)
  );
}
