import { defineCheck } from '../../domain/check.ts';
import { publicGrantsOf } from '../../domain/iam-audience.ts';
import { failed, passed, worstOf } from '../../domain/verdict.ts';
import { evidenceOfGrant } from './grant-evidence.ts';
import { policiesOf } from './repository-policies.ts';

/** A private repository that anybody with an AWS account can pull from, or push to. */
export const ecrRepositoryNotPublic = defineCheck({
  id: 'ecr-repository-not-public',
  title: 'ECR repositories should not let everybody in',
  resourceType: 'AwsEcrRepository',
  baseSeverity: 'CRITICAL',
  severityIndependentOfUse: true,
  rationale:
    'A policy statement for everybody hands the images, with the code and whatever secrets they hold, to every AWS account in the world, and with a push action lets it replace them.',
  limits:
    'Repositories of the public gallery (ECR Public) are public by design and are not judged. A condition on a network counts as a restriction; whose network it is cannot be seen. A Deny in a policy that could not be read is not taken into account.',
  remediation: {
    text: 'Name the accounts or roles in the Principal of the repository policy, or restrict the statement by aws:PrincipalOrgID with the exact organization id. Remove the public statement only: other statements may be needed.',
    url: 'https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policy-examples.html',
  },
  frameworks: { 'nist-800-190': ['4.2.3'] },
  relatedControls: { 'cis-eks-1.8.0': ['5.1.2'] },
  evaluate: (repository) => {
    const { documents, paths, unread } = policiesOf(repository);
    const grants = publicGrantsOf(documents, { resource: repository.uid });
    const [own, registry] = paths.map((path, index) =>
      grants
        .filter(({ document }) => document === index)
        .map((grant) => evidenceOfGrant(path, grant, 'named principals or a restricting condition')),
    );
    if (own && own.length > 0) return failed('the repository policy lets everybody in', own);
    if (registry && registry.length > 0) {
      return failed('the registry policy lets everybody in', registry, {
        severity: 'HIGH',
        because: 'the cause is the policy of the registry, see its finding of ecr-registry-policy-not-public',
      });
    }
    return worstOf(unread, passed());
  },
});
