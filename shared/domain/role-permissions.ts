import { matchesAction, namesAction, type PolicyDocument, type PolicyStatement } from './iam-policy.ts';

/** A policy of a role, read. */
export interface AttachedPolicy {
  readonly name: string;
  readonly document: PolicyDocument;
}

/** Everything that decides what a role may do, as far as its account tells. */
export interface RolePolicies {
  readonly policies: readonly AttachedPolicy[];
  /** Null where there is none. */
  readonly boundary: PolicyDocument | null;
}

/** An Allow statement with the policy it stands in. */
export interface RoleGrant {
  /** `app: Statement[0]`. */
  readonly path: string;
  readonly statement: PolicyStatement;
  /** True where conditions bind it: whether they hold cannot be told. */
  readonly conditional: boolean;
}

/** All Allow statements of a role's own policies. */
export function grantsOfRole({ policies }: RolePolicies): readonly RoleGrant[] {
  return policies.flatMap(({ name, document }) =>
    document.statements
      .filter(({ effect }) => effect === 'Allow')
      .map((statement) => ({
        path: `${name}: ${statement.path}`,
        statement,
        conditional: statement.conditions.length > 0,
      })),
  );
}

/**
 * Whether a statement reaches every resource of a kind: `*`, or an ARN whose last part is nothing but a wildcard
 * (`arn:aws:s3:::*`, `arn:aws:iam::111122223333:role/*`). A statement with NotResource reaches nearly everything.
 */
export function isBroad({ resources, notResources }: PolicyStatement): boolean {
  if (notResources !== undefined) return true;
  return (resources ?? []).some((pattern) => {
    const [, , service, , , ...rest] = pattern.split(':');
    // A wildcard also stands for colons: `arn:aws:s3:*` is everything of S3.
    if (rest.length === 0) return pattern.endsWith('*');
    const name = rest.join(':');
    // What stands before the slash is a bucket in S3, and a type of resource elsewhere.
    return service === 's3' ? name.startsWith('*') : /^(?:[a-z-]+[/:])?[*?/]*\*$/.test(name);
  });
}

/**
 * The grants of one action on every resource, after what Deny statements take away for certain and within the
 * permissions boundary.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export function broadGrantsOf(role: RolePolicies, action: string): readonly RoleGrant[] {
  if (isDenied(role, action) || !isWithinBoundary(role, action)) return [];
  return grantsOfRole(role).filter(
    ({ statement }) => (namesAction(statement, action) || namesEverything(statement)) && isBroad(statement),
  );
}

/** Whether a Deny without conditions takes an action (or a whole pattern of them) away on every resource. */
export function isDenied({ policies, boundary }: RolePolicies, action: string): boolean {
  const documents = [...policies.map(({ document }) => document), ...(boundary === null ? [] : [boundary])];
  return documents.some(({ statements }) =>
    statements.some(
      (statement) =>
        statement.effect === 'Deny' &&
        statement.conditions.length === 0 &&
        (statement.resources ?? []).some((pattern) => /^\*+$/.test(pattern)) &&
        covers(statement, action),
    ),
  );
}

/** Whether the boundary lets an action through on every resource. */
function isWithinBoundary({ boundary }: RolePolicies, action: string): boolean {
  if (boundary === null) return true;
  return boundary.statements.some(
    (statement) => statement.effect === 'Allow' && isBroad(statement) && covers(statement, action),
  );
}

/** Whether a statement names an action, or everything a pattern of actions names. */
function covers(statement: PolicyStatement, action: string): boolean {
  const { actions, notActions } = statement;
  if (namesEverything(statement)) return true;
  if (actions !== undefined) return actions.some((pattern) => matchesAction(pattern, action));
  // What is excepted may be a part of the pattern.
  return (
    notActions !== undefined &&
    !notActions.some((pattern) => matchesAction(pattern, action) || matchesAction(action, pattern))
  );
}

/** Whether a statement names every action: `*`, also written `*:*` or `?*`. */
export function namesEverything({ actions }: PolicyStatement): boolean {
  return actions?.some((action) => /^\?*\*[*?]*(?::\?*\*[*?]*)?$/.test(action)) === true;
}
