import { z } from 'zod';
import { defineCheck } from '../../domain/check.ts';
import { type Audience, grantsOf } from '../../domain/iam-audience.ts';
import { failed, passed, worstOf } from '../../domain/verdict.ts';
import { evidenceOfGrant } from './grant-evidence.ts';
import { policiesOf } from './repository-policies.ts';

const parameters = z.strictObject({
  trustedAccounts: z
    .array(z.string().regex(/^\d{12}$/))
    .default([])
    .describe('Other accounts that may push, such as the one builds run in.'),
  trustedOrganizations: z
    .array(z.string().regex(/^o-[a-z0-9]+$/))
    .default([])
    .describe('Organizations whose accounts may all push.'),
});

/** Who can put images, and who can give itself that right. */
const PUSH_ACTIONS = ['ecr:PutImage', 'ecr:SetRepositoryPolicy'];

/** Whoever can push decides what the cluster runs next. */
export const ecrRepositoryNoForeignPush = defineCheck({
  id: 'ecr-repository-no-foreign-push',
  title: 'ECR repositories should not let other accounts push images',
  resourceType: 'AwsEcrRepository',
  baseSeverity: 'HIGH',
  rationale:
    'An account that can push images, or change the policy that says who can, decides what is deployed from the repository: a break-in there becomes one here.',
  limits:
    'Looks at the repository and registry policies: roles of the own account and cross-account replication (ecr:ReplicateImage) are not judged.',
  remediation: {
    text: 'Remove ecr:PutImage, ecr:SetRepositoryPolicy and wildcards that include them from statements for other accounts, or list the accounts that build your images in the parameter trustedAccounts.',
    url: 'https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policies.html',
  },
  frameworks: { 'nist-800-190': ['4.2.3'] },
  relatedControls: { 'cis-eks-1.8.0': ['5.1.2'], 'nist-800-190': ['4.1.5'] },
  parameters,
  evaluate: (repository, context) => {
    const { trustedAccounts, trustedOrganizations } = context.parameters;
    const trusted = new Set([repository.accountId, ...trustedAccounts, ...trustedOrganizations]);
    const { documents, paths, unread } = policiesOf(repository);
    const evidence = PUSH_ACTIONS.flatMap((action) => grantsOf(documents, { action, resource: repository.uid }))
      .filter(({ audience }) => isForeign(audience, trusted))
      .map((grant) => evidenceOfGrant(paths[grant.document] ?? '', grant, 'no push by other accounts'));
    return evidence.length > 0
      ? failed('a policy lets other accounts push images', evidence)
      : worstOf(unread, passed());
  },
});

function isForeign(audience: Audience, trusted: ReadonlySet<string>): boolean {
  switch (audience.kind) {
    case 'everyone':
      return true;
    case 'account':
      // `${aws:ResourceAccount}` is the repository's own account.
      return /^\d+$/.test(audience.accountId) && !trusted.has(audience.accountId);
    case 'organization':
      return !trusted.has(audience.id);
    case 'conditioned':
    case 'other':
      return false;
  }
}
