import { stringify } from 'yaml';
import type { IamAction } from '../../../shared/domain/ports.ts';
import { requireReading, statementsFor } from './policies.ts';
import { pascalCase, type RulePattern } from './rules.ts';

/** What the template of a member account follows from. */
export interface MemberAccount {
  /** Of the collectors and of the search for regions. */
  readonly reading: readonly IamAction[];
  /** What is written into the account's own Security Hub. */
  readonly publishing: readonly IamAction[];
  /** Of the fixes. */
  readonly responding: readonly IamAction[];
  /** What is forwarded, by the name of the rule. */
  readonly patterns: readonly (readonly [name: string, pattern: RulePattern])[];
}

const PATH = 'infra/member-account/template.yml';
const ROLE_ARNS = '^arn:aws[a-z-]*:iam::\\d{12}:role/[\\w+=,.@/-]+$';

/** Answered only where the account is in an organization. */
const ORGANIZATION_ID = {
  'Fn::If': ['InOrganization', { Ref: 'OrganizationId' }, { Ref: 'AWS::NoValue' }],
};

/** `us-east-1:111122223333`, from the ARN of the bus. */
const BUS_PLACE = {
  'Fn::Join': [
    ':',
    [3, 4].map((index) => ({ 'Fn::Select': [index, { 'Fn::Split': [':', { Ref: 'CentralBusArn' }] }] })),
  ],
};

const PARAMETERS = {
  ReaderRoleArns: roleArns('The roles of the functions that read: output ReaderRoleArns of the deployment'),
  PublisherRoleArns: roleArns('The roles of the functions that publish: output PublisherRoleArns of the deployment'),
  ResponderRoleArns: {
    ...roleArns('The roles of the functions that fix: output ResponderRoleArns; left empty nothing can be fixed'),
    Default: '',
    AllowedPattern: `${ROLE_ARNS}|^$`,
  },
  ExternalId: {
    Type: 'String',
    MinLength: 16,
    MaxLength: 1224,
    AllowedPattern: '^[\\w+=,.@:/-]+$',
    Description: 'Made up once for the deployment; the same as scope.memberRoles.externalId in hullcheck.yaml',
  },
  // Without a default: whoever forgets it must not get roles that are open to an account that left the organization.
  OrganizationId: {
    Type: 'String',
    AllowedPattern: '^(?:o-[a-z0-9]{10,32}|none)$',
    Description: 'Only principals of this organization may assume the roles; say none where there is no organization',
  },
  CentralBusArn: {
    Type: 'String',
    AllowedPattern: '^arn:aws[a-z-]*:events:[a-z0-9-]+:\\d{12}:event-bus/[\\w./-]+$',
    Description: 'Where changes are told: output CentralBusArn of the deployment',
  },
  RolesRegion: {
    Type: 'String',
    AllowedPattern: '^[a-z]{2,4}(?:-[a-z]+)+-\\d+$',
    Description: 'The one region whose stack creates the roles, which belong to no region; deploy it first',
  },
  Roles: {
    Type: 'String',
    Default: 'create',
    AllowedValues: ['create', 'forward-only'],
    Description: 'forward-only in the account of the deployment itself, which is read without a role',
  },
};

/**
 * The template of a member account: one for a StackSet, for an account by itself (a StackSet leaves the management account
 * out), and for the other regions of a single account (PE-5).
 *
 * @throws Error for an action that writes in what is meant to read, and for a wildcard
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-orgs-associate-stackset-with-org.html
 */
export function generateMemberAccount(member: MemberAccount): ReadonlyMap<string, string> {
  requireReading(member.reading);
  const template = {
    AWSTemplateFormatVersion: '2010-09-09',
    Description: 'What an account needs to be scanned by Hullcheck: roles, and rules that forward its changes',
    Parameters: PARAMETERS,
    Conditions: {
      InOrganization: { 'Fn::Not': [{ 'Fn::Equals': [{ Ref: 'OrganizationId' }, 'none'] }] },
      InRolesRegion: { 'Fn::Equals': [{ Ref: 'AWS::Region' }, { Ref: 'RolesRegion' }] },
      // There the deployment's own rules listen.
      Forwards: { 'Fn::Not': [{ 'Fn::Equals': [BUS_PLACE, { 'Fn::Sub': '${AWS::Region}:${AWS::AccountId}' }] }] },
      CreatesRoles: {
        'Fn::And': [{ Condition: 'InRolesRegion' }, { 'Fn::Equals': [{ Ref: 'Roles' }, 'create'] }],
      },
      CreatesResponder: {
        'Fn::And': [
          { Condition: 'CreatesRoles' },
          { 'Fn::Not': [{ 'Fn::Equals': [{ 'Fn::Join': ['', { Ref: 'ResponderRoleArns' }] }, ''] }] },
        ],
      },
    },
    Resources: {
      ReadRole: role('hullcheck-read', 'ReaderRoleArns', 'CreatesRoles', {
        Description: 'Hullcheck reads what it judges',
        statements: statementsFor(member.reading),
      }),
      PublishRole: role('hullcheck-publish', 'PublisherRoleArns', 'CreatesRoles', {
        Description: 'Hullcheck publishes findings about this account into its own Security Hub',
        statements: statementsFor(member.publishing),
      }),
      RespondRole: role('hullcheck-respond', 'ResponderRoleArns', 'CreatesResponder', {
        Description: 'Hullcheck fixes what somebody asks it to',
        statements: statementsFor(member.responding),
      }),
      ForwardRole: {
        Type: 'AWS::IAM::Role',
        Condition: 'InRolesRegion',
        Properties: {
          RoleName: 'hullcheck-forward',
          Description: 'EventBridge forwards changes to Hullcheck',
          AssumeRolePolicyDocument: {
            Version: '2012-10-17',
            Statement: [
              {
                Effect: 'Allow',
                Principal: { Service: 'events.amazonaws.com' },
                Action: 'sts:AssumeRole',
                Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
              },
            ],
          },
          Policies: [policyOf([{ Effect: 'Allow', Action: ['events:PutEvents'], Resource: { Ref: 'CentralBusArn' } }])],
        },
      },
      ...Object.fromEntries(
        member.patterns.map(([name, pattern]) => [`${pascalCase(name)}Rule`, forwardingRule(name, pattern)]),
      ),
    },
    Outputs: {
      ReadRoleArn: { Condition: 'CreatesRoles', Value: { 'Fn::GetAtt': ['ReadRole', 'Arn'] } },
      PublishRoleArn: { Condition: 'CreatesRoles', Value: { 'Fn::GetAtt': ['PublishRole', 'Arn'] } },
    },
  };
  const text = stringify(template, { version: '1.1', lineWidth: 0, aliasDuplicateObjects: false });
  return new Map([
    [
      PATH,
      `# Generated by \`npm run generate\` from what the code declares: do not edit. How to use it: README.md.\n${text}`,
    ],
  ]);
}

/** A role that only the named functions may take, who know the external id and are of the organization. */
function role(
  name: string,
  trusted: keyof typeof PARAMETERS,
  condition: string,
  { Description, statements }: { readonly Description: string; readonly statements: readonly object[] },
): object {
  return {
    Type: 'AWS::IAM::Role',
    Condition: condition,
    Properties: {
      RoleName: name,
      Description,
      AssumeRolePolicyDocument: {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Principal: { AWS: { Ref: trusted } },
            Action: 'sts:AssumeRole',
            Condition: {
              StringEquals: { 'sts:ExternalId': { Ref: 'ExternalId' }, 'aws:PrincipalOrgID': ORGANIZATION_ID },
            },
          },
        ],
      },
      Policies: [policyOf(statements)],
    },
  };
}

function policyOf(statements: readonly object[]): object {
  return { PolicyName: 'hullcheck', PolicyDocument: { Version: '2012-10-17', Statement: statements } };
}

/** Forwards to a bus that may be in another account and region, which only a role may do. */
function forwardingRule(name: string, pattern: RulePattern): object {
  return {
    Type: 'AWS::Events::Rule',
    Condition: 'Forwards',
    Properties: {
      Name: `hullcheck-forward-${name}`,
      EventPattern: pattern,
      State: 'ENABLED',
      Targets: [
        {
          Id: 'hullcheck',
          Arn: { Ref: 'CentralBusArn' },
          RoleArn: { 'Fn::Sub': 'arn:${AWS::Partition}:iam::${AWS::AccountId}:role/hullcheck-forward' },
        },
      ],
    },
  };
}

function roleArns(description: string): object {
  return { Type: 'CommaDelimitedList', AllowedPattern: ROLE_ARNS, Description: description };
}
