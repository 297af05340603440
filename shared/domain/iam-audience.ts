import { type Restriction, restrictionLeftByDeny, restrictionOf } from './iam-conditions.ts';
import {
  accountOf,
  isEveryone,
  matchesAction,
  namesAction,
  namesResource,
  type PolicyDocument,
  type PolicyPrincipal,
  type PolicyStatement,
} from './iam-policy.ts';
import { matchesWildcard } from './wildcard.ts';

/** Who is let in. */
export type Audience =
  /** Anybody with an AWS account (or nobody's at all, where a service takes unsigned requests). */
  | { readonly kind: 'everyone' }
  | { readonly kind: 'account'; readonly accountId: string; readonly principal: string }
  | { readonly kind: 'organization'; readonly id: string }
  /** Everybody, bound by a condition that names no account: a network, a calling service. */
  | { readonly kind: 'conditioned'; readonly key: string; readonly values: readonly string[] }
  /** A service, an identity provider, a canonical user, a principal that was deleted. */
  | { readonly kind: 'other'; readonly principal: string };

/** One Allow statement that lets an audience do something, after all Deny statements. */
export interface Grant {
  /** The index of the statement's document in the list that was asked about. */
  readonly document: number;
  readonly statement: PolicyStatement;
  readonly audience: Audience;
  /** The action that was asked about, or the statement's own patterns that are not denied. */
  readonly actions: readonly string[];
}

export interface GrantQuestion {
  /** Only grants of this action; left out = of any. */
  readonly action?: string;
  /** Only statements about this resource; left out = whatever the statements name. */
  readonly resource?: string;
}

/**
 * Everybody whom the policies let in. Documents that apply to the same resource are asked together, because a Deny in
 * one counts against an Allow in another. A Deny counts only where it certainly covers what is allowed, so the answer
 * may name an audience too many, never one too few.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export function grantsOf(documents: readonly PolicyDocument[], question: GrantQuestion = {}): readonly Grant[] {
  const { resource } = question;
  const about = (statement: PolicyStatement) => resource === undefined || namesResource(statement, resource);
  const denials = documents
    .flatMap(({ statements }) => statements)
    .filter((statement) => statement.effect === 'Deny' && about(statement));
  return documents.flatMap(({ statements }, document) =>
    statements
      .filter((statement) => statement.effect === 'Allow' && about(statement))
      .flatMap((statement) => grantsOfStatement(statement, denials, question, document)),
  );
}

/** The grants of which anybody at all can make use. */
export function publicGrantsOf(documents: readonly PolicyDocument[], question: GrantQuestion = {}): readonly Grant[] {
  return grantsOf(documents, question).filter(({ audience }) => audience.kind === 'everyone');
}

function grantsOfStatement(
  statement: PolicyStatement,
  denials: readonly PolicyStatement[],
  { action, resource }: GrantQuestion,
  document: number,
): Grant[] {
  const byAudience = new Map<string, Grant>();
  for (const allowed of allowedActions(statement, action)) {
    const covering = denials.filter(
      (denial) => coversAction(denial, allowed) && coversResource(denial, statement, resource),
    );
    for (const audience of audiencesOf(statement)) {
      const left = covering.reduce<readonly Audience[]>(
        (remaining, denial) => remaining.flatMap((one) => afterDenial(one, denial)),
        [audience],
      );
      for (const one of left) {
        const key = JSON.stringify(one);
        const actions = [...(byAudience.get(key)?.actions ?? []), allowed];
        byAudience.set(key, { document, statement, audience: one, actions });
      }
    }
  }
  return [...byAudience.values()];
}

function allowedActions(statement: PolicyStatement, action: string | undefined): readonly string[] {
  if (action !== undefined) return namesAction(statement, action) ? [action] : [];
  return statement.actions ?? (statement.notActions === undefined ? [] : ['*']);
}

function coversAction(denial: PolicyStatement, allowed: string): boolean {
  if (denial.actions !== undefined) return denial.actions.some((pattern) => matchesAction(pattern, allowed));
  // A pattern may reach into what NotAction excepts, so only a whole action can be certain.
  return !allowed.includes('*') && !allowed.includes('?') && namesAction(denial, allowed);
}

function coversResource(denial: PolicyStatement, allow: PolicyStatement, resource: string | undefined): boolean {
  if (resource !== undefined) return true;
  if (denial.resources === undefined) return denial.notResources === undefined;
  const { resources: denied } = denial;
  return (
    allow.resources?.every((wanted) =>
      denied.some((pattern) => matchesWildcard(pattern, wanted, { questionMark: true })),
    ) ?? denied.includes('*')
  );
}

function audiencesOf(statement: PolicyStatement): readonly Audience[] {
  const restrictions = statement.conditions.flatMap((condition) => restrictionOf(condition) ?? []);
  if (statement.notPrincipals !== undefined) return everyoneWithin(restrictions);
  return (statement.principals ?? []).flatMap((principal) =>
    isEveryone(principal) ? everyoneWithin(restrictions) : named(principal, restrictions),
  );
}

/** Conditions are all true at once, so the most telling of them says who is left. */
function everyoneWithin(restrictions: readonly Restriction[]): Audience[] {
  const telling =
    restrictions.find(({ kind }) => kind === 'accounts') ??
    restrictions.find(({ kind }) => kind === 'organizations') ??
    restrictions[0];
  return telling === undefined ? [{ kind: 'everyone' }] : within(telling);
}

function within(restriction: Restriction): Audience[] {
  switch (restriction.kind) {
    case 'accounts':
      return restriction.values.map((accountId) => ({ kind: 'account', accountId, principal: accountId }));
    case 'organizations':
      return restriction.values.map((id) => ({ kind: 'organization', id }));
    case 'other':
      return [{ kind: 'conditioned', key: restriction.key, values: restriction.values }];
  }
}

function named(principal: PolicyPrincipal, restrictions: readonly Restriction[]): Audience[] {
  const accountId = accountOf(principal);
  if (accountId === undefined) return [{ kind: 'other', principal: principal.value }];
  const excluded = restrictions.some(
    (restriction) =>
      restriction.kind === 'accounts' &&
      !restriction.values.some((value) => value === accountId || !/^\d+$/.test(value)),
  );
  return excluded ? [] : [{ kind: 'account', accountId, principal: principal.value }];
}

/** Who of an audience is left after one Deny. */
function afterDenial(audience: Audience, denial: PolicyStatement): readonly Audience[] {
  const unconditional = denial.conditions.length === 0;
  if (denial.notPrincipals !== undefined) {
    return unconditional ? afterDenyingAllBut(denial.notPrincipals, audience) : [audience];
  }
  if (denial.principals?.some(isEveryone) === true) {
    return unconditional ? [] : afterDenyingOutsiders(restrictionLeftByDeny(denial.conditions), audience);
  }
  const deniedByName =
    audience.kind === 'account' &&
    denial.principals?.some(
      (principal) =>
        principal.value === audience.principal ||
        // The account itself (its root) stands for everybody in it.
        (accountOf(principal) === audience.accountId && /^(\d{12}|.*:root)$/.test(principal.value)),
    ) === true;
  return unconditional && deniedByName ? [] : [audience];
}

function afterDenyingAllBut(spared: readonly PolicyPrincipal[], audience: Audience): readonly Audience[] {
  if (audience.kind === 'account') {
    return spared.some((principal) => accountOf(principal) === audience.accountId) ? [audience] : [];
  }
  if (audience.kind === 'other') return [audience];
  return [{ kind: 'conditioned', key: 'NotPrincipal', values: spared.map(({ value }) => value) }];
}

function afterDenyingOutsiders(left: Restriction | undefined, audience: Audience): readonly Audience[] {
  if (left === undefined) return [audience];
  if (audience.kind === 'everyone') return within(left);
  const outside = audience.kind === 'account' && left.kind === 'accounts' && !left.values.includes(audience.accountId);
  return outside ? [] : [audience];
}
