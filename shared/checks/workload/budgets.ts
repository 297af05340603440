import type { PodContainer, PodSpec, ResourceBudget } from '../../domain/pod-spec.ts';
import { isPositiveQuantity } from '../../domain/quantity.ts';
import { failed, passed, unknownBecause, type Verdict } from '../../domain/verdict.ts';

/** The containers that can have resources: ephemeral ones take of what is there. */
export const BUDGETED: readonly PodContainer['list'][] = ['initContainers', 'containers'];

/**
 * Whether a container has a request or a limit of a resource: its own, or the pod's as a whole.
 *
 * @param reason of the failure
 * @see https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/
 */
export function judgeBudget(
  container: PodContainer,
  spec: PodSpec,
  kind: keyof ResourceBudget,
  resource: 'cpu' | 'memory',
  reason: string,
): Verdict {
  const written = [container.resources, spec.resources]
    .flatMap((budget) => (budget === undefined ? [] : amounts(budget, kind)))
    .flatMap((byName) => (Object.hasOwn(byName, resource) ? (byName[resource] ?? []) : []));
  if (written.some((amount) => isPositiveQuantity(amount) === true)) return passed();
  const evidence = [
    { path: `${container.path}.resources.${kind}.${resource}`, observed: written[0] ?? null, expected: 'an amount' },
  ];
  const unreadable = written.some((amount) => isPositiveQuantity(amount) === undefined);
  return unreadable
    ? unknownBecause({ kind: 'undecidable', message: 'The amount of a resource is no quantity.' }, evidence)
    : failed(reason, evidence);
}

/** A limit alone is a request as well: the API server fills it in. */
function amounts(budget: ResourceBudget, kind: keyof ResourceBudget): readonly Readonly<Record<string, string>>[] {
  return kind === 'requests' ? [budget.requests, budget.limits] : [budget.limits];
}
