import { defineCheck } from '../../domain/check.ts';
import { publicGrantsOf } from '../../domain/iam-audience.ts';
import { failed, passed, whenKnown } from '../../domain/verdict.ts';
import { evidenceOfGrant } from './grant-evidence.ts';

/** A registry policy applies to every repository of the registry, those that will be created included. */
export const ecrRegistryPolicyNotPublic = defineCheck({
  id: 'ecr-registry-policy-not-public',
  title: 'ECR registry policies should not let everybody in',
  resourceType: 'EcrRegistry',
  baseSeverity: 'HIGH',
  rationale:
    'A registry policy applies to all repositories of the region: a statement for everybody lets any AWS account pull, replicate into or create repositories in it.',
  limits:
    'A condition on a network (aws:SourceVpce, aws:SourceIp up to /8) counts as a restriction; whose network it is cannot be seen.',
  remediation: {
    text: 'Name the accounts or roles in the Principal of the registry policy, or restrict the statement by aws:PrincipalOrgID with the exact organization id.',
    url: 'https://docs.aws.amazon.com/AmazonECR/latest/userguide/registry-permissions.html',
  },
  frameworks: { 'nist-800-190': ['4.2.3'] },
  relatedControls: { 'cis-eks-1.8.0': ['5.1.2'] },
  evaluate: (registry) =>
    whenKnown(registry.policy, (policy) => {
      if (policy === null) return passed('the registry has no policy');
      const grants = publicGrantsOf([policy]);
      if (grants.length === 0) return passed();
      return failed(
        'the registry policy lets everybody in',
        grants.map((grant) => evidenceOfGrant('policy', grant, 'named principals or a restricting condition')),
      );
    }),
});
