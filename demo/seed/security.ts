import type { CoverageResource, DetectorFeatureConfigurationResult, Finding } from '@aws-sdk/client-guardduty';
import type { SecurityState } from '../world/security-state.ts';
import type { RegionState } from '../world/world.ts';
import { homeAccount, idOf } from './tidewater.ts';

const detectorId = idOf('detector', 32);

/** Security Hub CSPM, switched on in a Region. */
export function hubOf(account: string, region: string): SecurityState['hub'] {
  return {
    HubArn: `arn:aws:securityhub:${region}:${account}:hub/default`,
    SubscribedAt: '2024-02-01T12:00:00.000Z',
    AutoEnableControls: true,
    ControlFindingGenerator: 'SECURITY_CONTROL',
  };
}

/** GuardDuty and Inspector in us-east-1 only; Security Hub in both Regions. */
export function seedSecurity(usEast1: RegionState, euWest1: RegionState): void {
  usEast1.security.hub = hubOf(homeAccount, 'us-east-1');
  euWest1.security.hub = hubOf(homeAccount, 'eu-west-1');
  const nothing = { errorCode: undefined, errorMessage: undefined };
  usEast1.security.inspector = {
    ec2: { status: 'DISABLED', ...nothing },
    ecr: { status: 'ENABLED', ...nothing },
    lambda: { status: 'ENABLED', ...nothing },
    lambdaCode: { status: 'DISABLED', ...nothing },
    codeRepository: { status: 'DISABLED', ...nothing },
  };
  usEast1.security.detector = {
    id: detectorId,
    detector: {
      CreatedAt: '2024-02-01T12:10:00.000Z',
      UpdatedAt: '2026-03-03T09:00:00.000Z',
      Status: 'ENABLED',
      FindingPublishingFrequency: 'FIFTEEN_MINUTES',
      ServiceRole: `arn:aws:iam::${homeAccount}:role/aws-service-role/guardduty.amazonaws.com/AWSServiceRoleForAmazonGuardDuty`,
      Features: features(),
      Tags: {},
    },
    coverage: coverage(),
    findings: findings(),
    organization: undefined,
  };
}

function features(): DetectorFeatureConfigurationResult[] {
  const UpdatedAt = new Date('2026-03-03T09:00:00Z');
  const on = [
    'CLOUD_TRAIL',
    'DNS_LOGS',
    'FLOW_LOGS',
    'S3_DATA_EVENTS',
    'EKS_AUDIT_LOGS',
    'EBS_MALWARE_PROTECTION',
  ] as const;
  const off = ['RDS_LOGIN_EVENTS', 'LAMBDA_NETWORK_LOGS', 'EKS_RUNTIME_MONITORING'] as const;
  return [
    ...on.map((Name) => ({ Name, Status: 'ENABLED' as const, UpdatedAt })),
    ...off.map((Name) => ({ Name, Status: 'DISABLED' as const, UpdatedAt })),
    {
      Name: 'RUNTIME_MONITORING',
      Status: 'ENABLED',
      UpdatedAt,
      AdditionalConfiguration: [
        { Name: 'EKS_ADDON_MANAGEMENT', Status: 'ENABLED', UpdatedAt },
        { Name: 'ECS_FARGATE_AGENT_MANAGEMENT', Status: 'DISABLED', UpdatedAt },
        { Name: 'EC2_AGENT_MANAGEMENT', Status: 'DISABLED', UpdatedAt },
      ],
    },
  ];
}

/** The cluster of container instances is missing, which is how GuardDuty shows what it does not cover. */
function coverage(): CoverageResource[] {
  const UpdatedAt = new Date('2026-11-18T08:00:00Z');
  const eks = (name: string, healthy: boolean, nodes: number): CoverageResource => ({
    ResourceId: idOf(`coverage ${name}`, 32),
    DetectorId: detectorId,
    AccountId: homeAccount,
    CoverageStatus: healthy ? 'HEALTHY' : 'UNHEALTHY',
    ...(healthy ? {} : { Issue: 'Addon aws-guardduty-agent is not installed' }),
    UpdatedAt,
    ResourceDetails: {
      ResourceType: 'EKS',
      EksClusterDetails: {
        ClusterName: name,
        CoveredNodes: healthy ? nodes : 0,
        CompatibleNodes: nodes,
        ...(healthy ? { AddonDetails: { AddonVersion: 'v1.12.1-eksbuild.2', AddonStatus: 'ACTIVE' } } : {}),
        ManagementType: healthy ? 'AUTO_MANAGED' : 'DISABLED',
      },
    },
  });
  return [
    eks('tide-prod', true, 2),
    eks('tide-open', false, 2),
    eks('tide-auto', true, 3),
    {
      ResourceId: idOf('coverage harbor-fargate', 32),
      DetectorId: detectorId,
      AccountId: homeAccount,
      CoverageStatus: 'HEALTHY',
      UpdatedAt,
      ResourceDetails: {
        ResourceType: 'ECS',
        EcsClusterDetails: {
          ClusterName: 'harbor-fargate',
          FargateDetails: { Issues: [], ManagementType: 'MANUAL' },
        },
      },
    },
  ];
}

function findings(): (Finding & { Id: string })[] {
  const finding = (id: string, type: string, severity: number, createdAt: string, archived: boolean) => ({
    Id: idOf(id, 32),
    Arn: `arn:aws:guardduty:us-east-1:${homeAccount}:detector/${detectorId}/finding/${idOf(id, 32)}`,
    AccountId: homeAccount,
    Partition: 'aws',
    Region: 'us-east-1',
    SchemaVersion: '2.0',
    Type: type,
    Title: 'A container behaves as containers of this cluster do not.',
    Description: 'A process in a container of the EKS cluster tide-open behaved suspiciously.',
    Severity: severity,
    CreatedAt: createdAt,
    UpdatedAt: createdAt,
    Resource: {
      ResourceType: 'EKSCluster',
      EksClusterDetails: {
        Name: 'tide-open',
        Arn: `arn:aws:eks:us-east-1:${homeAccount}:cluster/tide-open`,
        Status: 'ACTIVE',
        CreatedAt: new Date('2025-05-20T07:45:12Z'),
        Tags: [],
      },
    },
    Service: { Archived: archived, Count: 3, DetectorId: detectorId, ServiceName: 'guardduty', ResourceRole: 'TARGET' },
  });
  return [
    finding('anonymous', 'Policy:Kubernetes/AnonymousAccessGranted', 8, '2026-09-02T04:11:09.000Z', false),
    finding('miner', 'CryptoCurrency:Runtime/BitcoinTool.B', 8, '2026-08-11T22:40:00.000Z', true),
    finding('discovery', 'Discovery:Kubernetes/SuccessfulAnonymousAccess', 5, '2026-10-21T13:05:00.000Z', false),
  ];
}
