import type { FactByKind } from '../../domain/fact.ts';
import { known, mapObserved, type Observed } from '../../domain/observed.ts';
import type { CollectedItem, Collector, CollectorContext } from '../../domain/ports.ts';
import type { InUse } from '../../domain/resource.ts';
import { type CoverageByCluster, coverageKey, readCoverage } from './coverage.ts';
import { readDetectorId, readOrganization, readSettings } from './detector.ts';
import { readUrgentFindings } from './findings.ts';
import type {
  ClusterRuntimeCoverage,
  GuardDutyDetector,
  GuardDutySettings,
  GuardDutyUrgentFindings,
  GuardDutyWorkloads,
} from './model.ts';

type EcsClusterFact = FactByKind['ecs-cluster'];
type EksClusterFact = FactByKind['eks-cluster'];

const NO_FINDINGS: GuardDutyUrgentFindings = { total: 0, oldest: [] };

/** GuardDuty of one account and region, and what it covers of the clusters that others have found there. */
export const guarddutyCollector: Collector = {
  service: 'guardduty',
  resourceTypes: ['AwsGuardDutyDetector', 'ClusterRuntimeCoverage'],
  permissions: [
    'guardduty:DescribeOrganizationConfiguration',
    'guardduty:GetDetector',
    'guardduty:GetFindings',
    'guardduty:ListCoverage',
    'guardduty:ListDetectors',
    'guardduty:ListFindings',
  ],
  producesFacts: [],
  needsFacts: ['ecs-cluster', 'eks-cluster'],
  collect,
};

async function* collect(context: CollectorContext): AsyncGenerator<CollectedItem> {
  const ecs = context.facts.about('ecs-cluster', undefined, context);
  const eks = context.facts.about('eks-cluster', undefined, context);
  const workloads: GuardDutyWorkloads = {
    ecsOnFargate: existence(
      ecs.facts.some((cluster) => cluster.runsOnFargate),
      ecs.complete,
    ),
    eksClusters: existence(eks.facts.length > 0, eks.complete),
    eksNodes: existence(eks.facts.some(hasNodes), eks.complete),
    onEc2: existence(
      [...ecs.facts, ...eks.facts].some((cluster) => cluster.runsOnEc2),
      ecs.complete && eks.complete,
    ),
  };
  const inUse = existence(ecs.facts.length + eks.facts.length > 0, ecs.complete && eks.complete);

  const id = await readDetectorId(context);
  const detector = await detectorOf(context, id, workloads, inUse);
  yield { resource: detector };

  const clusters = [...ecs.facts, ...eks.facts];
  if (clusters.length === 0) return;
  const coverage = await coverageOf(context, id, detector.detector);
  for (const cluster of clusters) yield { resource: clusterCoverage(context, cluster, coverage) };
}

async function detectorOf(
  context: CollectorContext,
  id: Observed<string | null>,
  workloads: GuardDutyWorkloads,
  inUse: InUse,
): Promise<GuardDutyDetector> {
  const { accountId, region, partition } = context;
  const uid = `arn:${partition}:guardduty:${region}:${accountId}:detector`;
  const base = {
    type: 'AwsGuardDutyDetector',
    uid,
    name: `GuardDuty in ${region}`,
    accountId,
    region,
    partition,
  } as const;
  if (!id.known) return { ...base, detector: id, organization: id, urgentFindings: id, workloads, inUse };
  if (id.value === null) {
    const none = known(null);
    return { ...base, detector: none, organization: none, urgentFindings: known(NO_FINDINGS), workloads, inUse };
  }
  const detector = await readSettings(context, id.value, uid);
  return {
    ...base,
    arn: `${uid}/${id.value}`,
    detector,
    organization: await readOrganization(context, id.value, uid),
    urgentFindings: isOff(detector) ? known(NO_FINDINGS) : await readUrgentFindings(context, id.value, uid),
    workloads,
    inUse,
  };
}

/** Nothing is covered by a detector that is not there or off; asking would only cost a call. */
async function coverageOf(
  context: CollectorContext,
  id: Observed<string | null>,
  detector: Observed<GuardDutySettings | null>,
): Promise<Observed<CoverageByCluster>> {
  if (!id.known) return id;
  return id.value === null || isOff(detector) ? known(new Map()) : readCoverage(context, id.value);
}

function clusterCoverage(
  context: CollectorContext,
  cluster: EcsClusterFact | EksClusterFact,
  coverage: Observed<CoverageByCluster>,
): ClusterRuntimeCoverage {
  const platform = cluster.kind === 'ecs-cluster' ? 'ECS' : 'EKS';
  const coverable = cluster.kind === 'ecs-cluster' ? cluster.hasTasks : hasNodes(cluster);
  return {
    type: 'ClusterRuntimeCoverage',
    uid: cluster.key,
    name: cluster.name,
    arn: cluster.key,
    accountId: context.accountId,
    region: context.region,
    partition: context.partition,
    cluster: cluster.name,
    inUse: cluster.kind === 'ecs-cluster' && !cluster.hasTasks ? 'no' : 'yes',
    platform,
    coverable,
    coverage: mapObserved(coverage, (byCluster) => byCluster.get(coverageKey(platform, cluster.name)) ?? null),
  };
}

/** An agent runs on nodes; a cluster on Fargate alone has none. One that shows no nodes at all may get some. */
function hasNodes(cluster: EksClusterFact): boolean {
  return cluster.runsOnEc2 || cluster.autoMode || !cluster.runsOnFargate;
}

function existence(seen: boolean, complete: boolean): InUse {
  if (seen) return 'yes';
  return complete ? 'no' : 'unknown';
}

function isOff(detector: Observed<GuardDutySettings | null>): boolean {
  return detector.known && (detector.value === null || detector.value.status === 'DISABLED');
}
