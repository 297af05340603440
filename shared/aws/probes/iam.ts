import {
  GetAccountAuthorizationDetailsCommand,
  GetOpenIDConnectProviderCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  IAMClient,
  ListAttachedRolePoliciesCommand,
  ListOpenIDConnectProvidersCommand,
  ListRolePoliciesCommand,
} from '@aws-sdk/client-iam';
import { NOTHING, type PermissionProbe, type ProbePlace } from './probe.ts';

const RoleName = NOTHING;
const refusals = ['NoSuchEntity', 'NoSuchEntityException'];
const iam = ({ clientFor }: ProbePlace) => clientFor(IAMClient);
const arnOf = ({ partition, accountId }: ProbePlace, resource: string) =>
  `arn:${partition}:iam::${accountId}:${resource}/${NOTHING}`;

/** @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_Operations.html */
export const iamProbes = {
  'iam:GetAccountAuthorizationDetails': {
    call: (place) =>
      iam(place).send(new GetAccountAuthorizationDetailsCommand({ Filter: ['LocalManagedPolicy'], MaxItems: 1 })),
  },
  'iam:GetOpenIDConnectProvider': {
    call: (place) =>
      iam(place).send(
        new GetOpenIDConnectProviderCommand({
          OpenIDConnectProviderArn: `${arnOf(place, 'oidc-provider')}.example.com`,
        }),
      ),
    refusals,
  },
  'iam:GetPolicy': {
    call: (place) => iam(place).send(new GetPolicyCommand({ PolicyArn: arnOf(place, 'policy') })),
    refusals,
  },
  'iam:GetPolicyVersion': {
    call: (place) =>
      iam(place).send(new GetPolicyVersionCommand({ PolicyArn: arnOf(place, 'policy'), VersionId: 'v1' })),
    refusals,
  },
  'iam:GetRole': {
    call: (place) => iam(place).send(new GetRoleCommand({ RoleName })),
    refusals,
  },
  'iam:GetRolePolicy': {
    call: (place) => iam(place).send(new GetRolePolicyCommand({ RoleName, PolicyName: NOTHING })),
    refusals,
  },
  'iam:ListAttachedRolePolicies': {
    call: (place) => iam(place).send(new ListAttachedRolePoliciesCommand({ RoleName, MaxItems: 1 })),
    refusals,
  },
  'iam:ListOpenIDConnectProviders': {
    call: (place) => iam(place).send(new ListOpenIDConnectProvidersCommand({})),
  },
  'iam:ListRolePolicies': {
    call: (place) => iam(place).send(new ListRolePoliciesCommand({ RoleName, MaxItems: 1 })),
    refusals,
  },
} as const satisfies Record<string, PermissionProbe>;
