import type { Check, ControlMap } from '../domain/check.ts';
import type { Framework, FrameworkRequirement } from '../domain/framework.ts';

/** What a mapping needs to know of a check. */
export type MappedCheck = Pick<Check, 'id' | 'resourceType' | 'frameworks' | 'relatedControls'>;

/** The checks that answer a requirement. */
export interface Answers {
  /** Ids of those that judge the same thing. */
  readonly same: readonly string[];
  /** Ids of those that may give another verdict. */
  readonly related: readonly string[];
  /** Ids of those that judge files before they are built: `hullcheck lint` runs them, and no scan does. */
  readonly lint: readonly string[];
}

/** Which controls of AWS stand for requirements of other frameworks. */
const AWS = ['aws-fsbp', 'aws-security-hub'] as const;

/**
 * Joins checks and requirements, whichever side names the other: a check its controls, a requirement its checks, or
 * the documentation of AWS a requirement beside one of its controls; then the checks stand for it that judge the same
 * as that control, or, where there are none, those that are related to it. Every list is in the order of `checks`.
 */
export function answersOf(
  framework: Framework,
  requirement: FrameworkRequirement,
  checks: readonly MappedCheck[],
): Answers {
  const names = (controls: ControlMap | undefined) => controls?.[framework.id]?.includes(requirement.id) === true;
  const standing = new Set(
    requirement.through?.flatMap((control) => {
      const of = (controls: ControlMap | undefined) => AWS.some((id) => controls?.[id]?.includes(control) === true);
      const exact = checks.filter(({ frameworks }) => of(frameworks));
      return exact.length > 0 ? exact : checks.filter(({ relatedControls }) => of(relatedControls));
    }),
  );
  const same = checks.filter(({ id, frameworks }) => names(frameworks) || requirement.checks?.includes(id) === true);
  const related = checks.filter(
    (check) =>
      !same.includes(check) &&
      (names(check.relatedControls) || requirement.related?.includes(check.id) === true || standing.has(check)),
  );
  const all = checks.filter((check) => same.includes(check) || related.includes(check));
  const scanned = (list: readonly MappedCheck[]) => list.filter((check) => !isLintOnly(check)).map(({ id }) => id);
  return {
    ...(framework.relatedOnly === true
      ? { same: [], related: scanned(all) }
      : { same: scanned(same), related: scanned(related) }),
    lint: all.filter(isLintOnly).map(({ id }) => id),
  };
}

/** A Dockerfile is in no account. */
function isLintOnly({ resourceType }: MappedCheck): boolean {
  return resourceType === 'Dockerfile';
}

/** One requirement that a check has to do with. */
export interface Mapping {
  readonly framework: Framework;
  readonly requirement: FrameworkRequirement;
  /** Checks that only `hullcheck lint` runs are related: what they pass may be built otherwise. */
  readonly kind: 'same' | 'related';
}

/** The requirements by id of the check, in the order of the frameworks. */
export function mappingsByCheck(
  frameworks: readonly Framework[],
  checks: readonly MappedCheck[],
): ReadonlyMap<string, readonly Mapping[]> {
  const mappings = new Map<string, Mapping[]>(checks.map(({ id }) => [id, []]));
  for (const framework of frameworks) {
    for (const requirement of framework.requirements) {
      const { same, related, lint } = answersOf(framework, requirement, checks);
      for (const id of same) mappings.get(id)?.push({ framework, requirement, kind: 'same' });
      for (const id of [...related, ...lint]) mappings.get(id)?.push({ framework, requirement, kind: 'related' });
    }
  }
  return mappings;
}
