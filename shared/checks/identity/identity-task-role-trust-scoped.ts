import { defineCheck } from '../../domain/check.ts';
import { restrictionOf } from '../../domain/iam-conditions.ts';
import type { PolicyStatement } from '../../domain/iam-policy.ts';
import { namesAction } from '../../domain/iam-policy.ts';
import { type Evidence, failed, notApplicable, passed, whenKnown } from '../../domain/verdict.ts';
import { whenThere } from './judge-role.ts';

/** ECS acts for many accounts: the trust policy says for which. */
export const identityTaskRoleTrustScoped = defineCheck({
  id: 'identity-task-role-trust-scoped',
  title: 'IAM roles of ECS tasks should trust ECS for their own account only',
  resourceType: 'AwsIamRole',
  baseSeverity: 'LOW',
  rationale:
    'A trust policy that names the service alone leaves it to the service for whom it acts; the conditions on the source keep other accounts out should it ever be deceived.',
  limits: 'Whether the values of the conditions are the right ones is not judged.',
  remediation: {
    text: 'Add the conditions aws:SourceAccount (StringEquals) and aws:SourceArn (ArnLike) to the statement that trusts ecs-tasks.amazonaws.com.',
    url: 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html',
  },
  frameworks: {},
  evaluate: (role) =>
    whenThere(role, () =>
      whenKnown(role.trustPolicy, ({ statements }) => {
        const trusting = statements.filter(trustsEcs);
        if (trusting.length === 0) return notApplicable('the role does not trust ECS tasks');
        const open = trusting.filter((statement) => !isScoped(statement));
        if (open.length === 0) return passed();
        return failed(
          'the trust does not name the account that ECS acts for',
          open.map(
            ({ path }): Evidence => ({
              path: `trustPolicy.${path}.Condition`,
              observed: 'no condition on the source',
              expected: 'aws:SourceAccount or aws:SourceArn',
            }),
          ),
        );
      }),
    ),
});

function trustsEcs(statement: PolicyStatement): boolean {
  return (
    statement.effect === 'Allow' &&
    namesAction(statement, 'sts:AssumeRole') &&
    statement.principals?.some(({ type, value }) => type === 'Service' && value === 'ecs-tasks.amazonaws.com') === true
  );
}

const SOURCE_KEYS = new Set(['aws:sourceaccount', 'aws:sourcearn', 'aws:sourceorgid', 'aws:sourceorgpaths']);

/** A wildcard where the owner stands names nobody. */
function isScoped({ conditions }: PolicyStatement): boolean {
  return conditions.some((condition) => SOURCE_KEYS.has(condition.key) && restrictionOf(condition) !== undefined);
}
