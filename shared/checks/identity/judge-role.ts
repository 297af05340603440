import { allKnown, known, mapObserved, type Observed } from '../../domain/observed.ts';
import type { ResourceByType } from '../../domain/resource.ts';
import type { RoleGrant, RolePolicies } from '../../domain/role-permissions.ts';
import { type Evidence, failed, notApplicable, passed, unknownBecause, type Verdict } from '../../domain/verdict.ts';

export type Role = ResourceByType['AwsIamRole'];
export type RoleUser = Extract<Role['uses'], { known: true }>['value'][number];
type RoleUseKind = RoleUser['use'];

/**
 * Those who use a role in one of the given ways. That there is none is not said where somebody could not be asked; what
 * was left out of a scan on purpose is not asked for.
 */
export function usersOf(role: Role, wanted: readonly RoleUseKind[]): Role['uses'] {
  const users = mapObserved(role.uses, (all) => all.filter(({ use }) => wanted.includes(use)));
  return users.known && users.value.length === 0 ? mapObserved(unread(role), () => users.value) : users;
}

/** Unknown where somebody who may use the role as well could not be asked. */
export function unread({ usesListed }: Role): Observed<true> {
  return usesListed.known || usesListed.reason.kind === 'undecidable' ? known(true) : usesListed;
}

/** The users that make a role one of pods, or one of tasks. */
export const POD_USES: readonly RoleUseKind[] = ['service-account', 'pod-identity'];
export const TASK_USES: readonly RoleUseKind[] = ['ecs-task'];

/** Grants that break a rule, told apart by why they do. */
export interface Offence {
  /** Short and stable. */
  readonly reason: string;
  readonly grant: RoleGrant;
  /** What is allowed, for the evidence. */
  readonly allows: string;
}

/**
 * Judges what a role may do, if it is used in one of the given ways. A document that could not be read may hold a Deny,
 * so nothing is proven without it; a boundary only takes away, so that a role without an offence passes whatever it is.
 *
 * @param offencesOf what breaks the rule, by policies and boundary
 * @param expected what the evidence asks for
 */
export function judgeRole(
  role: Role,
  wanted: readonly RoleUseKind[],
  offencesOf: (role: RolePolicies) => readonly Offence[],
  expected: string,
): Verdict {
  return whenThere(role, () => judgePermissions(role, wanted, offencesOf, expected));
}

function judgePermissions(
  role: Role,
  wanted: readonly RoleUseKind[],
  offencesOf: (role: RolePolicies) => readonly Offence[],
  expected: string,
): Verdict {
  const { policies, permissionsBoundary } = role;
  const users = usersOf(role, wanted);
  if (users.known && users.value.length === 0) return notApplicable('the role is used by others only');
  const attached = documentsOf(policies);
  if (!attached.known) return unknownBecause(attached.reason);
  if (offencesOf({ policies: attached.value, boundary: null }).length === 0) {
    return users.known ? passed() : unknownBecause(users.reason);
  }
  if (!permissionsBoundary.known) return unknownBecause(permissionsBoundary.reason);
  const boundary = permissionsBoundary.value?.document ?? { known: true, value: null };
  if (!boundary.known) return unknownBecause(boundary.reason);
  if (!users.known) return unknownBecause(users.reason);
  return verdictOf(offencesOf({ policies: attached.value, boundary: boundary.value }), expected);
}

/**
 * Judges a role that is there. Of one that somebody names and that is not, `identity-annotation-resolves` and
 * `identity-association-resolves` tell.
 */
export function whenThere({ exists }: Role, judge: () => Verdict): Verdict {
  if (exists.known) return exists.value ? judge() : notApplicable('the role does not exist');
  const verdict = judge();
  return verdict.status === 'NOT_APPLICABLE' ? verdict : unknownBecause(exists.reason);
}

function documentsOf(policies: Role['policies']): Observed<RolePolicies['policies']> {
  if (!policies.known) return policies;
  return allKnown(
    policies.value.map(({ name, document }) =>
      document.known ? { known: true, value: { name, document: document.value } } : document,
    ),
  );
}

function verdictOf(offences: readonly Offence[], expected: string): Verdict {
  const evidence = (list: readonly Offence[]): readonly Evidence[] => [
    ...new Map(
      list.map(({ grant, allows }) => {
        const path = `policies.${grant.path}`;
        return [`${path} ${allows}`, { path, observed: allows, expected }] as const;
      }),
    ).values(),
  ];
  const certain = offences.filter(({ grant }) => !grant.conditional);
  const [first] = certain;
  if (first !== undefined) return failed(first.reason, evidence(certain));
  if (offences.length === 0) return passed();
  return unknownBecause(
    { kind: 'undecidable', message: 'Whether the conditions of the statement hold cannot be told from the policy.' },
    evidence(offences),
  );
}
