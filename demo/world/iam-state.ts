/** Roles and policies of one account; documents as they were written. */
export interface IamState {
  roles: IamRoleState[];
  policies: IamPolicyState[];
}

export interface IamRoleState {
  name: string;
  arn: string;
  trust: object;
  inline: { name: string; document: object }[];
  /** ARNs of managed policies. */
  attached: string[];
  boundary?: string;
  instanceProfileArn?: string;
  tags: Record<string, string>;
}

/** A managed policy with one version. */
export interface IamPolicyState {
  arn: string;
  document: object;
}
