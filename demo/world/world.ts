import type { AutoScalingGroup } from '@aws-sdk/client-auto-scaling';
import type { LogGroup } from '@aws-sdk/client-cloudwatch-logs';
import type { Image, Instance, LaunchTemplateVersion, RouteTable, SecurityGroup, Subnet } from '@aws-sdk/client-ec2';
import type { Repository as PublicRepository } from '@aws-sdk/client-ecr-public';
import type { EventBus, Rule, Target } from '@aws-sdk/client-eventbridge';
import type { GetOpenIDConnectProviderResponse } from '@aws-sdk/client-iam';
import type { KeyMetadata } from '@aws-sdk/client-kms';
import type { GetScheduleOutput } from '@aws-sdk/client-scheduler';
import type { Parameter } from '@aws-sdk/client-ssm';
import { type EcrState, emptyEcr } from './ecr-state.ts';
import { type EcsState, emptyEcs } from './ecs-state.ts';
import { type EksState, emptyEks } from './eks-state.ts';
import type { IamState } from './iam-state.ts';
import type { OrganizationState } from './organization-state.ts';
import { emptySecurity, type SecurityState } from './security-state.ts';

/** Everything the demo account knows. Plain, mutable data: change it and the next call sees the change. */
export interface World {
  /** The moment from which relative dates (image pushes, releases) are counted. */
  now: Date;
  accounts: AccountState[];
  /** The organization of the accounts, where they are in one. */
  organization?: OrganizationState;
}

export interface AccountState {
  id: string;
  alias: string;
  regions: RegionState[];
  /** Roles that AssumeRole accepts. */
  roles: AssumableRole[];
  oidcProviders: OidcProvider[];
  iam: IamState;
  publicRepositories: PublicRepository[];
}

interface AssumableRole {
  name: string;
  externalId?: string;
}

interface OidcProvider extends Omit<GetOpenIDConnectProviderResponse, '$metadata'> {
  arn: string;
}

export interface RegionState {
  name: string;
  ecr: EcrState;
  ecs: EcsState;
  eks: EksState;
  security: SecurityState;
  ec2: Ec2State;
  kmsKeys: KmsKey[];
  logGroups: LogGroup[];
  parameters: Parameter[];
  eventBuses: EventBusState[];
  schedules: Schedule[];
  autoScalingGroups: AutoScalingGroup[];
  topics: Topic[];
}

interface Ec2State {
  instances: Instance[];
  securityGroups: SecurityGroup[];
  subnets: Subnet[];
  routeTables: RouteTable[];
  launchTemplateVersions: LaunchTemplateVersion[];
  images: Image[];
}

export interface KmsKey {
  metadata: KeyMetadata & { KeyId: string; Arn: string };
  aliases: string[];
}

export interface EventBusState {
  bus: EventBus & { Name: string; Arn: string };
  rules: { rule: Rule & { Name: string; Arn: string }; targets: Target[] }[];
}

type Schedule = Omit<GetScheduleOutput, '$metadata'> & { Name: string; Arn: string; GroupName: string };

export interface Topic {
  arn: string;
  name: string;
  attributes: Record<string, string>;
  messages: TopicMessage[];
}

interface TopicMessage {
  messageId: string;
  message: string;
  subject: string | undefined;
  messageStructure: string | undefined;
  attributes: Record<string, { type: string; value: string }>;
}

/** A Region with nothing in it but what AWS puts there. */
function emptyRegion(accountId: string, name: string): RegionState {
  return {
    name,
    ecr: emptyEcr(),
    ecs: emptyEcs(),
    eks: emptyEks(),
    security: emptySecurity(),
    ec2: { instances: [], securityGroups: [], subnets: [], routeTables: [], launchTemplateVersions: [], images: [] },
    kmsKeys: [],
    logGroups: [],
    parameters: [],
    eventBuses: [{ bus: { Name: 'default', Arn: `arn:aws:events:${name}:${accountId}:event-bus/default` }, rules: [] }],
    schedules: [],
    autoScalingGroups: [],
    topics: [],
  };
}

/** An account with these Regions enabled, all of them empty. */
export function emptyAccount(id: string, alias: string, regions: readonly string[]): AccountState {
  return {
    id,
    alias,
    regions: regions.map((region) => emptyRegion(id, region)),
    roles: [],
    oidcProviders: [],
    iam: { roles: [], policies: [] },
    publicRepositories: [],
  };
}

/** A Region of an account, if the account has it enabled. */
export function regionOf(account: AccountState, name: string): RegionState | undefined {
  return account.regions.find((region) => region.name === name);
}

/** An account of the world by its id. Throws when there is none, because only code names accounts. */
export function accountOf(world: World, id: string): AccountState {
  const account = world.accounts.find((candidate) => candidate.id === id);
  if (!account) throw new Error(`The world has no account ${id}`);
  return account;
}
