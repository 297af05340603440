import { defineCheck } from '../../domain/check.ts';
import { isBounded } from '../../domain/ecr-lifecycle.ts';
import { failed, passed, whenKnown } from '../../domain/verdict.ts';

/** An image loses its tag when the tag moves on, and stays for ever unless a rule takes it. */
export const ecrRepositoryUntaggedExpire = defineCheck({
  id: 'ecr-repository-untagged-expire',
  title: 'ECR repositories should expire untagged images',
  resourceType: 'AwsEcrRepository',
  baseSeverity: 'LOW',
  rationale:
    'Untagged images are left over from builds and moved tags: nobody looks at them, anybody who knows the digest can still deploy them, and storage is paid for them.',
  limits: 'The children of a multi-architecture image are untagged and stay as long as their index does.',
  remediation: {
    text: 'Add a lifecycle rule with tagStatus untagged (or any) and the action expire.',
    url: 'https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_examples.html',
  },
  frameworks: { 'nist-800-190': ['4.2.2'] },
  evaluate: ({ lifecyclePolicy }) =>
    whenKnown(lifecyclePolicy, (policy) => {
      if (policy !== null && isBounded(policy, [])) return passed();
      const observed = policy?.rules.map(({ tagStatus, action }) => ({ tagStatus, action })) ?? null;
      const expected = 'a rule that expires untagged images';
      return failed('no lifecycle rule expires untagged images', [{ path: 'lifecyclePolicy', observed, expected }]);
    }),
});
