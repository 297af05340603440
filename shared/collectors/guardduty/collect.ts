import type { FactAnswer, FactByKind } from '../../domain/fact.ts';
import { allKnown, known, mapObserved, type Observed, unknown } from '../../domain/observed.ts';
import type { CollectedItem, Collector, CollectorContext, RecheckedItem } from '../../domain/ports.ts';
import type { InUse } from '../../domain/resource.ts';
import type { Touched } from '../../domain/trigger.ts';
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
import { guarddutyTriggers } from './triggers.ts';

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
  resourcesFollowFacts: ['ecs-cluster', 'eks-cluster'],
  collect,
  triggers: guarddutyTriggers,
  recheckableTypes: ['AwsGuardDutyDetector', 'ClusterRuntimeCoverage'],
  collectOne,
};

async function* collect(context: CollectorContext): AsyncGenerator<CollectedItem> {
  const situation = situationOf(context);
  const id = await readDetectorId(context);
  const detector = await detectorOf(context, id, situation);
  yield { resource: detector };
  if (situation.clusters.length === 0) return;
  const coverage = await coverageOf(context, id, detector.detector);
  for (const cluster of situation.clusters) yield { resource: clusterCoverage(context, cluster, coverage) };
}

/** The detector without what it covers, or one cluster's coverage without the rest of the detector. */
async function* collectOne(
  context: CollectorContext,
  { resource: { type, name } }: Required<Touched>,
): AsyncGenerator<RecheckedItem> {
  const situation = situationOf(context);
  const id = await readDetectorId(context);
  if (type === 'AwsGuardDutyDetector') {
    yield { resource: await detectorOf(context, id, situation) };
    return;
  }
  const clusters = situation.clusters.filter((cluster) => cluster.name === name);
  if (clusters.length === 0) return;
  // The event says that something is covered or no longer is: whether the detector is on need not be asked.
  const coverage =
    id.known && id.value !== null ? await readCoverage(context, id.value) : mapObserved(id, () => new Map());
  for (const cluster of clusters) yield { resource: clusterCoverage(context, cluster, coverage) };
}

/** What there is to protect. */
interface Situation {
  readonly clusters: readonly (EcsClusterFact | EksClusterFact)[];
  readonly workloads: GuardDutyWorkloads;
  readonly inUse: InUse;
}

function situationOf(context: CollectorContext): Situation {
  const ecs = context.facts.about('ecs-cluster', undefined, context);
  const eks = context.facts.about('eks-cluster', undefined, context);
  const anyCluster = exists([known(ecs.facts.length + eks.facts.length > 0)], ecs, eks);
  const workloads: GuardDutyWorkloads = {
    ecsOnFargate: exists(
      ecs.facts.map((cluster) => known(cluster.runsOnFargate)),
      ecs,
    ),
    eksClusters: exists([known(eks.facts.length > 0)], eks),
    eksNodes: exists(eks.facts.map(hasNodes), eks),
    onEc2: exists(
      [...ecs.facts.map((cluster) => known(cluster.runsOnEc2)), ...eks.facts.map((cluster) => cluster.runsOnEc2)],
      ecs,
      eks,
    ),
  };
  const inUse = anyCluster.known ? (anyCluster.value ? 'yes' : 'no') : 'unknown';
  return { clusters: [...ecs.facts, ...eks.facts], workloads, inUse };
}

async function detectorOf(
  context: CollectorContext,
  id: Observed<string | null>,
  { workloads, inUse }: Situation,
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
  const isEcs = cluster.kind === 'ecs-cluster';
  const coverable = isEcs ? hasTasksForAgent(context, cluster) : hasNodes(cluster);
  const platform = isEcs ? 'ECS' : 'EKS';
  return {
    type: 'ClusterRuntimeCoverage',
    uid: cluster.key,
    name: cluster.name,
    arn: cluster.key,
    accountId: context.accountId,
    region: context.region,
    partition: context.partition,
    cluster: cluster.name,
    inUse: !isEcs || cluster.hasTasks ? 'yes' : coverable.known ? 'no' : 'unknown',
    platform,
    coverable,
    coverage: mapObserved(coverage, (byCluster) => byCluster.get(coverageKey(platform, cluster.name)) ?? null),
  };
}

/** No task that an agent could watch was seen: there is none only where everything could be read. */
function hasTasksForAgent(context: CollectorContext, cluster: EcsClusterFact): Observed<boolean> {
  const { key, hasTasks, watchableTasks } = cluster;
  const seen = exists([known(watchableTasks === true)], context.facts.about('ecs-cluster', key, context));
  // Tasks that the cluster counts and no listing has may be of any kind.
  return mapObserved(seen, (isSeen) => isSeen || (hasTasks && watchableTasks === undefined));
}

/** An agent runs on nodes; a cluster on Fargate alone has none. One that shows no nodes at all may get some. */
function hasNodes(cluster: EksClusterFact): Observed<boolean> {
  if (cluster.autoMode || (cluster.runsOnEc2.known && cluster.runsOnEc2.value)) return known(true);
  if (cluster.runsOnFargate.known && !cluster.runsOnFargate.value) return known(true);
  return mapObserved(allKnown([cluster.runsOnEc2, cluster.runsOnFargate]), () => false);
}

/** True as soon as one is proven; false only when all are known and everybody who could state more has. */
function exists(
  proofs: readonly Observed<boolean>[],
  ...answers: readonly FactAnswer<'ecs-cluster' | 'eks-cluster'>[]
): Observed<boolean> {
  if (proofs.some((proof) => proof.known && proof.value)) return known(true);
  const incomplete = answers.find(({ whyIncomplete }) => whyIncomplete !== undefined)?.whyIncomplete;
  return incomplete === undefined ? mapObserved(allKnown(proofs), () => false) : unknown(incomplete);
}

function isOff(detector: Observed<GuardDutySettings | null>): boolean {
  return detector.known && (detector.value === null || detector.value.status === 'DISABLED');
}
