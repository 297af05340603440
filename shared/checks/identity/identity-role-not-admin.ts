import { defineCheck } from '../../domain/check.ts';
import { judgeRole, POD_USES } from './judge-role.ts';
import { adminOffences } from './role-offences.ts';

export const identityRoleNotAdmin = defineCheck({
  id: 'identity-role-not-admin',
  title: 'IAM roles of Kubernetes service accounts should not be administrators',
  resourceType: 'AwsIamRole',
  baseSeverity: 'CRITICAL',
  rationale: 'A pod that may do everything hands the whole account to whoever breaks into it.',
  limits:
    'Service control policies, resource policies and session policies are not read. A statement with conditions is UNKNOWN: whether they hold cannot be told.',
  remediation: {
    text: 'Replace the policy by one that allows the actions and resources the workload uses; IAM Access Analyzer can write one from what the role did.',
    url: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege',
  },
  frameworks: {},
  relatedControls: { 'aws-fsbp': ['IAM.1', 'IAM.21', 'KMS.1', 'KMS.2'], 'cis-aws-5.0.0': ['1.15'] },
  evaluate: (role) => judgeRole(role, POD_USES, adminOffences, 'actions and resources by name'),
});
