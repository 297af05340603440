import { defineCheck } from '../../domain/check.ts';
import { judgeRole, POD_USES } from './judge-role.ts';
import { escalationOffences } from './role-offences.ts';

export const identityRoleNoPrivilegeEscalation = defineCheck({
  id: 'identity-role-no-privilege-escalation',
  title: 'IAM roles of Kubernetes service accounts should not be able to gain further rights',
  resourceType: 'AwsIamRole',
  baseSeverity: 'HIGH',
  rationale:
    'A pod that may change policies, pass roles to what it starts, or use a sensitive service as a whole is an administrator by one detour.',
  limits:
    'Service control policies, resource policies and session policies are not read. A statement with conditions is UNKNOWN: whether they hold cannot be told.',
  remediation: {
    text: 'Name the roles, users and resources in the statements; take iam:PassRole on every role, policy changes and wildcards of whole services away.',
    url: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege',
  },
  frameworks: {},
  relatedControls: { 'aws-fsbp': ['IAM.21', 'KMS.1', 'KMS.2'] },
  evaluate: (role) => judgeRole(role, POD_USES, escalationOffences, 'no way to more rights'),
});
