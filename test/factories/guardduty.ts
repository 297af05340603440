import type { EcsClusterFact } from '#shared/collectors/ecs/model.ts';
import type { EksClusterFact } from '#shared/collectors/eks/model.ts';
import type {
  ClusterRuntimeCoverage,
  GuardDutyDetector,
  GuardDutyFeature,
  GuardDutySettings,
  GuardDutyWorkloads,
} from '#shared/collectors/guardduty/model.ts';
import type { InspectorAccount } from '#shared/collectors/inspector/model.ts';
import { known } from '#shared/domain/observed.ts';
import { ACCOUNT, REGION, resourceBase } from './resource.ts';

/** A feature, `ENABLED` with the given additional configuration enabled as well. */
export function feature(name: string, additional: readonly string[] = [], status = 'ENABLED'): GuardDutyFeature {
  return { name, status, additional: additional.map((each) => ({ name: each, status: 'ENABLED' })) };
}

/** A feature that is off, with additional configuration that is on: it does not matter then. */
export function featureOff(name: string, additional: readonly string[] = []): GuardDutyFeature {
  return feature(name, additional, 'DISABLED');
}

/** Runtime monitoring with all agents managed. */
export function runtimeMonitoring(): GuardDutyFeature {
  return feature('RUNTIME_MONITORING', [
    'EC2_AGENT_MANAGEMENT',
    'ECS_FARGATE_AGENT_MANAGEMENT',
    'EKS_ADDON_MANAGEMENT',
  ]);
}

export function settings(overrides: Partial<GuardDutySettings> = {}): GuardDutySettings {
  return {
    status: 'ENABLED',
    features: known([
      feature('EBS_MALWARE_PROTECTION'),
      feature('EKS_AUDIT_LOGS'),
      featureOff('EKS_RUNTIME_MONITORING'),
      runtimeMonitoring(),
    ]),
    ...overrides,
  };
}

/** A detector with every feature on, in the delegated administrator, where containers run on everything. */
export function guardDutyDetector(overrides: Partial<GuardDutyDetector> = {}): GuardDutyDetector {
  const uid = `arn:aws:guardduty:${REGION}:${ACCOUNT}:detector`;
  return {
    ...resourceBase('AwsGuardDutyDetector', uid, `GuardDuty in ${REGION}`),
    arn: `${uid}/12abc34d567e8fa901bc2d34e56789f0`,
    detector: known(settings()),
    organization: known({ autoEnableMembers: 'ALL' }),
    urgentFindings: known({ total: 0, oldest: [] }),
    workloads: workloads(),
    ...overrides,
  };
}

export function workloads(overrides: Partial<GuardDutyWorkloads> = {}): GuardDutyWorkloads {
  return {
    ecsOnFargate: known(true),
    eksClusters: known(true),
    eksNodes: known(true),
    onEc2: known(true),
    ...overrides,
  };
}

/** The detector with these features and no others. */
export function detectorWith(...features: readonly GuardDutyFeature[]): GuardDutyDetector {
  return guardDutyDetector({ detector: known(settings({ features: known(features) })) });
}

/** A cluster that GuardDuty covers. */
export function clusterCoverage(overrides: Partial<ClusterRuntimeCoverage> = {}): ClusterRuntimeCoverage {
  return {
    ...resourceBase('ClusterRuntimeCoverage', `arn:aws:eks:${REGION}:${ACCOUNT}:cluster/shop`, 'shop'),
    cluster: 'shop',
    platform: 'EKS',
    coverable: known(true),
    coverage: known({ status: 'HEALTHY', managementType: 'AUTO_MANAGED' }),
    ...overrides,
  };
}

/** An account whose images Amazon Inspector scans. */
export function inspectorAccount(overrides: Partial<InspectorAccount> = {}): InspectorAccount {
  const uid = `arn:aws:inspector2:${REGION}:${ACCOUNT}:account`;
  return {
    ...resourceBase('InspectorAccount', uid, `Amazon Inspector in ${REGION}`),
    ecrScanning: known('ENABLED'),
    ...overrides,
  };
}

export function ecsClusterFact(overrides: Partial<EcsClusterFact> = {}): EcsClusterFact {
  return {
    kind: 'ecs-cluster',
    key: `arn:aws:ecs:${REGION}:${ACCOUNT}:cluster/prod`,
    accountId: ACCOUNT,
    region: REGION,
    observedAt: '2026-11-23T00:00:00.000Z',
    name: 'prod',
    runsOnFargate: true,
    runsOnEc2: false,
    hasTasks: true,
    ...overrides,
  };
}

export function eksClusterFact(overrides: Partial<EksClusterFact> = {}): EksClusterFact {
  return {
    kind: 'eks-cluster',
    key: `arn:aws:eks:${REGION}:${ACCOUNT}:cluster/shop`,
    accountId: ACCOUNT,
    region: REGION,
    observedAt: '2026-11-23T00:00:00.000Z',
    name: 'shop',
    runsOnEc2: known(true),
    runsOnFargate: known(false),
    autoMode: false,
    ...overrides,
  };
}
