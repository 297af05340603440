import { namesAction, type PolicyCondition, type PolicyDocument, type PolicyStatement } from './iam-policy.ts';

/** One issuer that one statement of a trust policy lets in. */
export interface WebIdentityGrant {
  readonly statement: PolicyStatement;
  /** `oidc.eks.<region>.<suffix>/id/<id>`, from the statement itself; `*` where it lets every provider in. */
  readonly issuer: string;
  /** Negated conditions of Deny statements on the same issuer: whoever does not match them is kept out. */
  readonly denials: readonly PolicyCondition[];
}

const ACTION = 'sts:AssumeRoleWithWebIdentity';
/** `oidc.eks.<region>.<suffix>`, and the dual-stack name `oidc-eks.<region>.api.aws`. */
const EKS_PROVIDER = /:oidc-provider\/(oidc[.-]eks[.-][^/]+\/id\/[^/]+)$/i;

/**
 * The EKS issuers that a trust policy lets in, statement by statement: conditions of one statement never help another
 * (T51).
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/associate-service-account-role.html
 */
export function webIdentityGrants({ statements }: PolicyDocument): readonly WebIdentityGrant[] {
  const denying = statements.filter(({ effect }) => effect === 'Deny').filter((one) => namesAction(one, ACTION));
  return statements
    .filter((statement) => statement.effect === 'Allow' && namesAction(statement, ACTION))
    .flatMap((statement) =>
      issuersOf(statement).map((issuer) => ({
        statement,
        issuer,
        denials: denying
          .filter((denial) => deniesIssuer(denial, issuer))
          .flatMap(({ conditions }) =>
            // Every condition of a Deny must be true: only one alone keeps everybody else out.
            conditions.length === 1 ? conditions : [],
          ),
      })),
    );
}

function issuersOf({ effect, principals = [], notPrincipals }: PolicyStatement): readonly string[] {
  // An Allow with NotPrincipal lets in everybody whom it does not name.
  if (effect === 'Allow' && notPrincipals !== undefined) return ['*'];
  return principals.flatMap(({ type, value }) => {
    if (value === '*') return ['*'];
    const [, issuer] = type === 'Federated' ? (EKS_PROVIDER.exec(value) ?? []) : [];
    return issuer === undefined ? [] : [issuer];
  });
}

function deniesIssuer(denial: PolicyStatement, issuer: string): boolean {
  return issuersOf(denial).some((denied) => denied === '*' || denied.toLowerCase() === issuer.toLowerCase());
}

/** What the conditions of a grant leave of the values a claim may have. */
export interface ClaimLimit {
  /**
   * `none`: every value is let in. `never`: nothing is. `values`: these patterns, with `*` and `?` as wildcards where
   * `wildcards` is true.
   */
  readonly kind: 'none' | 'never' | 'values';
  readonly values: readonly ClaimPattern[];
  /** Conditions on the claim that limit nothing, and why. */
  readonly idle: readonly string[];
}

export interface ClaimPattern {
  readonly value: string;
  readonly wildcards: boolean;
}

/**
 * What a grant asks of a claim (`sub`, `aud`) of its own issuer. Operators and keys are compared without case (T52);
 * what lets a missing claim through limits nothing (T49); a wildcard under StringEquals is an ordinary character (T48);
 * a condition on another issuer's claim is never true, unless a missing key satisfies it (T51).
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
 */
export function claimLimit({ statement, issuer, denials }: WebIdentityGrant, claim: 'sub' | 'aud'): ClaimLimit {
  const key = `${issuer}:${claim}`.toLowerCase();
  const idle: string[] = [];
  const limits: (readonly ClaimPattern[])[] = [];
  for (const condition of statement.conditions) {
    if (!condition.key.endsWith(`:${claim}`)) {
      if (isForeign(condition, issuer) && mustBePresent(condition)) return { kind: 'never', values: [], idle };
      continue;
    }
    if (condition.key !== key) {
      if (issuer !== '*' && mustBePresent(condition)) return { kind: 'never', values: [], idle };
      idle.push('it is about another issuer, and true when the claim is missing');
      continue;
    }
    const limit = limitOf(condition);
    if (typeof limit === 'string') idle.push(limit);
    else limits.push(limit);
  }
  for (const condition of denials) {
    const positive = NEGATED[condition.operator];
    if (condition.key === key && positive !== undefined && condition.quantifier === undefined) {
      limits.push(patterns(positive, condition.values));
    }
  }
  if (limits.length === 0) return { kind: 'none', values: [], idle };
  // All conditions must hold: the narrowest speaks for them.
  const narrowest = limits.reduce((left, right) => (width(right) < width(left) ? right : left));
  return { kind: narrowest.length === 0 ? 'never' : 'values', values: narrowest, idle };
}

const POSITIVE = new Set(['stringequals', 'stringequalsignorecase', 'stringlike']);
const NEGATED: Readonly<Record<string, string>> = {
  stringnotequals: 'stringequals',
  stringnotequalsignorecase: 'stringequals',
  stringnotlike: 'stringlike',
};

/** A condition on a claim of another EKS issuer. */
function isForeign({ key }: PolicyCondition, issuer: string): boolean {
  return issuer !== '*' && /^oidc[.-]eks[.-]/.test(key) && !key.startsWith(`${issuer.toLowerCase()}:`);
}

/** Whether a condition is false when its key is missing. */
function mustBePresent({ operator, ifExists, quantifier, values }: PolicyCondition): boolean {
  if (operator === 'null') return values.some((value) => value.toLowerCase() === 'false');
  return POSITIVE.has(operator) && !ifExists && quantifier !== 'forallvalues';
}

function limitOf({ operator, ifExists, quantifier, values }: PolicyCondition): readonly ClaimPattern[] | string {
  if (operator === 'null') return 'it asks only whether the claim is there';
  if (ifExists) return 'IfExists is true when the claim is missing';
  if (quantifier === 'forallvalues') return 'ForAllValues is true when the claim is missing';
  if (!POSITIVE.has(operator)) return 'it only excludes values';
  return patterns(operator, values);
}

/** A policy variable stands for what the request says: it may be the claim itself. */
const VARIABLE = /\$\{[^{}]*\}/g;
/** Variables that stand for the characters themselves. */
const ESCAPED = /\$\{[*?$]\}/;

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html */
function patterns(operator: string, values: readonly string[]): readonly ClaimPattern[] {
  return values.flatMap((value) => {
    const isLike = operator === 'stringlike';
    // A literal asterisk is in no claim.
    if (ESCAPED.test(value) || (!isLike && /[*?]/.test(value.replace(VARIABLE, '')))) return [];
    const opened = value.replace(VARIABLE, '*');
    return [{ value: opened, wildcards: /[*?]/.test(opened) }];
  });
}

/** How much a list of patterns lets in, as a rank: nothing, exact values, some of a namespace, more. */
function width(list: readonly ClaimPattern[]): number {
  return Math.max(0, ...list.map(({ value, wildcards }) => (wildcards ? 2_000 - value.search(/[*?]/) : 1)));
}

/** Whom a pattern of a subject lets in. */
export type SubjectReach = 'one account' | 'one namespace' | 'any namespace' | 'nobody';

const PREFIX = 'system:serviceaccount:';

/**
 * @param pattern of the claim `sub`, which is `system:serviceaccount:<namespace>:<name>`
 * @returns `any namespace` where a wildcard can stand for (a part of) the namespace: whoever may create a namespace of
 *   that name is let in
 */
export function subjectReach({ value, wildcards }: ClaimPattern): SubjectReach {
  if (!wildcards) return /^system:serviceaccount:[^:]+:[^:]+$/.test(value) ? 'one account' : 'nobody';
  const fixed = value.slice(0, value.search(/[*?]/));
  if (!fixed.startsWith(PREFIX)) return PREFIX.startsWith(fixed) ? 'any namespace' : 'nobody';
  return fixed.slice(PREFIX.length).includes(':') ? 'one namespace' : 'any namespace';
}
