import type { IamRole, RolePolicy, RoleUse } from '#shared/collectors/iam/model.ts';
import { type PolicyDocument, readPolicy } from '#shared/domain/iam-policy.ts';
import { known } from '#shared/domain/observed.ts';
import { ACCOUNT, REGION, resourceBase } from './resource.ts';

export const ISSUER = `oidc.eks.${REGION}.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE`;
export const OIDC_PROVIDER_ARN = `arn:aws:iam::${ACCOUNT}:oidc-provider/${ISSUER}`;
export const SUBJECT = 'system:serviceaccount:shop:shop';
export const ROLE_ARN = `arn:aws:iam::${ACCOUNT}:role/shop`;

/** A policy document from statements as they are written in JSON. */
export function policyDocument(...statements: readonly object[]): PolicyDocument {
  const read = readPolicy(JSON.stringify({ Version: '2012-10-17', Statement: statements }));
  if (!read.known) throw new Error('The statements of the test are no policy.');
  return read.value;
}

/** The statement of a role for one service account, with other conditions or anything else. */
export function trustStatement(condition: object | null, change: object = {}): object {
  return {
    Effect: 'Allow',
    Principal: { Federated: OIDC_PROVIDER_ARN },
    Action: 'sts:AssumeRoleWithWebIdentity',
    ...(condition === null ? {} : { Condition: condition }),
    ...change,
  };
}

export const GOOD_CONDITION = {
  StringEquals: { [`${ISSUER}:sub`]: SUBJECT, [`${ISSUER}:aud`]: 'sts.amazonaws.com' },
};

export function inlinePolicy(...statements: readonly object[]): RolePolicy {
  return { kind: 'inline', name: 'app', document: known(policyDocument(...statements)) };
}

export const SERVICE_ACCOUNT_USE: RoleUse = {
  use: 'service-account',
  user: `arn:aws:eks:${REGION}:${ACCOUNT}:cluster/harbour/shop/ServiceAccount/shop`,
  cluster: 'harbour',
  clusterArn: `arn:aws:eks:${REGION}:${ACCOUNT}:cluster/harbour`,
  namespace: 'shop',
  serviceAccount: 'shop',
  issuer: ISSUER,
};

/** The role of one service account, which may read one prefix of one bucket. */
export function iamRole(change: Partial<IamRole> = {}): IamRole {
  return {
    ...resourceBase('AwsIamRole', ROLE_ARN, 'shop'),
    exists: known(true),
    trustPolicy: known(policyDocument(trustStatement(GOOD_CONDITION))),
    policies: known([
      inlinePolicy({ Effect: 'Allow', Action: ['s3:GetObject'], Resource: 'arn:aws:s3:::my-app-config/*' }),
    ]),
    permissionsBoundary: known(null),
    uses: known([SERVICE_ACCOUNT_USE]),
    usesListed: known(true),
    ...change,
  };
}

/** The same role with another trust policy. */
export function roleTrusting(...statements: readonly object[]): IamRole {
  return iamRole({ trustPolicy: known(policyDocument(...statements)) });
}
