import { z } from 'zod';
import { known, type Observed, undecidable } from './observed.ts';
import { parseJson } from './parse-json.ts';
import { matchesWildcard } from './wildcard.ts';

/** Who a statement names: `AWS`, `Service`, `Federated` or `CanonicalUser`, and the value. */
export interface PolicyPrincipal {
  readonly type: string;
  readonly value: string;
}

/** One condition: an operator on one key, taken apart. Keys and operators are in lower case, as IAM ignores case. */
export interface PolicyCondition {
  /** Without its quantifier and `IfExists`, for example `stringequals`. */
  readonly operator: string;
  readonly quantifier?: 'forallvalues' | 'foranyvalue';
  readonly ifExists: boolean;
  readonly key: string;
  readonly values: readonly string[];
}

/**
 * One statement in one shape: single values are lists, `"Principal": "*"` is `{AWS: "*"}`. Of each pair
 * (`principals`/`notPrincipals` …) at most one is set; neither means that the statement has no such element.
 */
export interface PolicyStatement {
  /** `Statement[<Sid>]`, or `Statement[<index>]` where it has no Sid. */
  readonly path: string;
  readonly effect: 'Allow' | 'Deny';
  readonly principals?: readonly PolicyPrincipal[];
  readonly notPrincipals?: readonly PolicyPrincipal[];
  readonly actions?: readonly string[];
  readonly notActions?: readonly string[];
  readonly resources?: readonly string[];
  readonly notResources?: readonly string[];
  readonly conditions: readonly PolicyCondition[];
}

export interface PolicyDocument {
  readonly statements: readonly PolicyStatement[];
}

const strings = z.union([z.string().transform((value) => [value]), z.array(z.string())]);
const principal = z.union([
  z.string().transform((value) => [{ type: 'AWS', value }]),
  z
    .record(z.string(), strings)
    .transform((byType) =>
      Object.entries(byType).flatMap(([type, values]) => values.map((value) => ({ type, value }))),
    ),
]);
const scalar = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const conditions = z
  .record(z.string(), z.record(z.string(), z.union([scalar.transform((value) => [value]), z.array(scalar)])))
  .transform((byOperator) =>
    Object.entries(byOperator).flatMap(([operator, byKey]) =>
      Object.entries(byKey).map(([key, values]) => conditionOf(operator, key, values)),
    ),
  );
const statement = z.object({
  Sid: z.string().optional(),
  Effect: z.enum(['Allow', 'Deny']),
  Principal: principal.optional(),
  NotPrincipal: principal.optional(),
  Action: strings.optional(),
  NotAction: strings.optional(),
  Resource: strings.optional(),
  NotResource: strings.optional(),
  Condition: conditions.optional(),
});
const document = z.object({
  Statement: z.union([statement.transform((only) => [only]), z.array(statement)]),
});

/**
 * Reads a policy document of any kind: a resource policy, a role's trust policy, an identity policy.
 *
 * @param text JSON, already URL-decoded where the API encodes it
 * @returns undecidable for a text that is not a policy; never throws
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 */
export function readPolicy(text: string): Observed<PolicyDocument> {
  const parsed = document.safeParse(parseJson(text));
  if (!parsed.success) return undecidable('The policy is not a document that IAM could evaluate.');
  return known({ statements: parsed.data.Statement.map(statementOf) });
}

function statementOf(raw: z.infer<typeof statement>, index: number): PolicyStatement {
  return {
    path: `Statement[${raw.Sid || index}]`,
    effect: raw.Effect,
    ...(raw.Principal === undefined ? {} : { principals: raw.Principal }),
    ...(raw.NotPrincipal === undefined ? {} : { notPrincipals: raw.NotPrincipal }),
    ...(raw.Action === undefined ? {} : { actions: raw.Action }),
    ...(raw.NotAction === undefined ? {} : { notActions: raw.NotAction }),
    ...(raw.Resource === undefined ? {} : { resources: raw.Resource }),
    ...(raw.NotResource === undefined ? {} : { notResources: raw.NotResource }),
    conditions: raw.Condition ?? [],
  };
}

/** Takes `ForAnyValue:StringLikeIfExists` apart. */
function conditionOf(operatorText: string, key: string, values: readonly string[]): PolicyCondition {
  const [first = '', second] = operatorText.toLowerCase().split(':');
  const operator = second ?? first;
  const quantifier = second === undefined ? undefined : first;
  return {
    operator: operator.replace(/ifexists$/, ''),
    ...(quantifier === 'forallvalues' || quantifier === 'foranyvalue' ? { quantifier } : {}),
    ifExists: operator.endsWith('ifexists'),
    key: key.toLowerCase(),
    values,
  };
}

/** Whether a statement speaks about an action; IAM ignores case and knows `*` and `?`. */
export function namesAction({ actions, notActions }: PolicyStatement, action: string): boolean {
  const matches = (pattern: string) => matchesAction(pattern, action);
  if (actions !== undefined) return actions.some(matches);
  return notActions !== undefined && !notActions.some(matches);
}

/**
 * Whether an action pattern covers an action, or everything that another pattern covers: a pattern that matches the
 * text of another one matches at least what that one matches.
 */
export function matchesAction(pattern: string, action: string): boolean {
  return matchesWildcard(pattern.toLowerCase(), action.toLowerCase(), { questionMark: true });
}

/**
 * Whether a statement speaks about a resource. A statement without Resource and NotResource (repository policies,
 * trust policies) speaks about the resource it is attached to.
 */
export function namesResource({ resources, notResources }: PolicyStatement, arn: string): boolean {
  const matches = (pattern: string) => matchesWildcard(pattern, arn, { questionMark: true });
  if (resources !== undefined) return resources.some(matches);
  return notResources === undefined || !notResources.some(matches);
}

/** `*`, alone or among others; IAM allows no partial wildcards in principals, so one counts as the whole. */
export function isEveryone({ type, value }: PolicyPrincipal): boolean {
  return value === '*' || (type === 'AWS' && value.includes('*'));
}

/** The account of an `AWS` principal: a bare account id, or the account field of an ARN. */
export function accountOf({ type, value }: PolicyPrincipal): string | undefined {
  if (type !== 'AWS') return undefined;
  const id = value.startsWith('arn:') ? value.split(':')[4] : value;
  return id !== undefined && /^\d{12}$/.test(id) ? id : undefined;
}
