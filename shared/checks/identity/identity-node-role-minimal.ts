import { z } from 'zod';
import { defineCheck } from '../../domain/check.ts';
import { type Evidence, failed, notApplicable, passed, whenKnown } from '../../domain/verdict.ts';
import { usersOf, whenThere } from './judge-role.ts';

/** What the node may do, every pod that reaches its metadata service may do. */
export const identityNodeRoleMinimal = defineCheck({
  id: 'identity-node-role-minimal',
  title: 'IAM roles of container nodes should hold only what nodes need',
  resourceType: 'AwsIamRole',
  baseSeverity: 'HIGH',
  rationale:
    'Pods and tasks that reach the metadata service of their node act with its role: every policy added to it is given to all of them.',
  limits: 'The policies are judged by name; what a policy of your own in the allowed list holds is not read here.',
  remediation: {
    text: 'Leave the worker, CNI, registry-read and SSM policies on the role; give pods their rights by Pod Identity or IRSA and tasks by task roles, and move everything else there.',
    url: 'https://docs.aws.amazon.com/eks/latest/userguide/create-node-role.html',
  },
  frameworks: { 'cis-eks-1.8.0': ['5.1.3'] },
  relatedControls: { 'nist-800-190': ['4.2.3'] },
  parameters: z.strictObject({
    allowedPolicies: z.array(z.string().min(1)).default([]).describe('Names of further policies that nodes may hold.'),
  }),
  evaluate: (role, { parameters: { allowedPolicies } }) =>
    whenThere(role, () =>
      whenKnown(usersOf(role, ['eks-node', 'ecs-instance']), (nodes) => {
        if (nodes.length === 0) return notApplicable('no node of containers uses the role');
        return whenKnown(role.policies, (policies) => {
          const further = policies.filter(({ name, kind, arn }) => {
            if (allowedPolicies.includes(name)) return false;
            return kind === 'inline' || !isOfAws(arn) || !NODE_POLICIES.has(name);
          });
          if (further.length === 0) return passed();
          return failed(
            'the role holds more than nodes need',
            further.map(
              ({ kind, name }): Evidence => ({
                path: `policies[${name}]`,
                observed: `${kind} policy`,
                expected: 'on the roles of the pods or tasks that need it',
              }),
            ),
          );
        });
      }),
    ),
});

function isOfAws(arn: string | undefined): boolean {
  return arn !== undefined && /^arn:[^:]+:iam::aws:policy\//.test(arn);
}

/** @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/instance_IAM_role.html */
const NODE_POLICIES: ReadonlySet<string> = new Set([
  'AmazonEKSWorkerNodePolicy',
  'AmazonEKSWorkerNodeMinimalPolicy',
  'AmazonEKS_CNI_Policy',
  'AmazonEC2ContainerRegistryReadOnly',
  'AmazonEC2ContainerRegistryPullOnly',
  'AmazonEC2ContainerServiceforEC2Role',
  'AmazonSSMManagedInstanceCore',
]);
