import { defineCheck } from '../../domain/check.ts';
import { judgeRole, POD_USES } from './judge-role.ts';
import { dataOffences } from './role-offences.ts';

export const identityRoleDataScoped = defineCheck({
  id: 'identity-role-data-scoped',
  title: 'IAM roles of Kubernetes service accounts should read only the data they need',
  resourceType: 'AwsIamRole',
  baseSeverity: 'MEDIUM',
  rationale:
    'A pod that may read every secret, parameter, key or object turns one broken workload into a leak of all data of the account.',
  limits:
    'Service control policies, resource policies and session policies are not read. A statement with conditions is UNKNOWN: whether they hold cannot be told.',
  remediation: {
    text: 'Name the secrets, parameters, keys, buckets and tables in the Resource of the statement; replace AWS policies for full access by your own.',
    url: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege',
  },
  frameworks: {},
  relatedControls: { 'aws-fsbp': ['KMS.1', 'KMS.2'] },
  evaluate: (role) => judgeRole(role, POD_USES, dataOffences, 'resources by name'),
});
