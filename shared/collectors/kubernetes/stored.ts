import type { CoverageGap } from '../../domain/coverage.ts';
import type { Fact, FactKind } from '../../domain/fact.ts';
import type { Inventory } from '../../domain/inventory.ts';
import { known, type Observed, type UnreadableCause, unknown } from '../../domain/observed.ts';
import type { CollectedItem, CollectorContext } from '../../domain/ports.ts';
import type { Resource, ResourceBase } from '../../domain/resource.ts';

/** A cluster whose inside is read in its own network, and left in a bucket. */
export interface CollectedCluster {
  /** ARN. */
  readonly cluster: string;
  /** `s3://BUCKET/KEY` */
  readonly inventory: string;
  /** An older inventory says nothing. */
  readonly maxAgeHours: number;
}

/** The insides that are kept. */
export interface StoredClusters {
  readonly collected: readonly CollectedCluster[];
  /** Opens a whole inventory; never throws. */
  readonly open: (place: string) => Promise<Observed<Inventory>>;
}

/** The cluster that an inventory must be of. */
export interface BoundTo {
  readonly arn: string;
  readonly name: string;
}

const SERVICE = 'kubernetes';
const OPERATION = 's3:GetObject';
const HOUR_MS = 3_600_000;
/** Clocks of two machines differ; an inventory of tomorrow would never grow old. */
const CLOCKS_DIFFER_MS = 15 * 60_000;

/**
 * Lets in what a stored inventory says of one cluster, and of nothing else: whoever may write the file speaks for that
 * cluster only.
 *
 * @param types of the resources that are inside of clusters
 * @param kinds of the facts that are stated about them; those that were not all stated are added to `incomplete`
 * @returns the items, or why the file as a whole says nothing, which is reported as a gap of the cluster
 */
export async function storedItems(
  context: CollectorContext,
  bound: BoundTo,
  { cluster: setting, open }: { readonly cluster: CollectedCluster; readonly open: StoredClusters['open'] },
  {
    types,
    kinds,
    incomplete,
  }: {
    readonly types: readonly string[];
    readonly kinds: readonly FactKind[];
    readonly incomplete: Set<FactKind>;
  },
): Promise<Observed<readonly CollectedItem[]>> {
  const opened = await open(setting.inventory);
  const inventory = opened.known ? ofCluster(opened.value, context, bound, setting) : opened;
  if (!inventory.known) {
    reportRefusal(context, bound, inventory);
    return inventory;
  }
  const { resources, facts, coverage, factCompletions } = inventory.value;
  const isHere = ({ accountId, region }: { readonly accountId: string; readonly region: string }) =>
    accountId === context.accountId && region === context.region;
  const inside = resources.filter((resource) => types.includes(resource.type));
  const about = facts.filter((fact) => kinds.includes(fact.kind) && !isFromOutside(fact));
  const own = inside.filter((resource) => isHere(resource) && isInside(resource, context, bound));
  const ownFacts = about.filter((fact) => isHere(fact) && subjectIsIn(fact, bound));
  if (own.length < inside.length || ownFacts.length < about.length) {
    context.reportGap({
      ...gap(bound),
      cause: 'invalid-answer',
      reason: `${setting.inventory} also tells of what is not in this cluster: that was left out.`,
    });
    for (const kind of kinds) incomplete.add(kind);
  }
  for (const entry of coverage.filter((one) => one.service === SERVICE && isHere(one))) {
    for (const one of entry.gaps) if ((one.cluster ?? bound.name) === bound.name) context.reportGap(gapOf(one, bound));
  }
  for (const kind of kinds) {
    const isComplete = factCompletions.some((one) => one.kind === kind && one.service === SERVICE && isHere(one));
    if (!isComplete) incomplete.add(kind);
  }
  return known([...own.map((resource) => ({ resource })), ...ownFacts.map((fact) => ({ fact }))]);
}

/** Whether a stored inventory speaks for a cluster, and still does; if not, why. */
export function ofCluster(
  inventory: Inventory,
  { accountId, region, partition, now }: Pick<CollectorContext, 'accountId' | 'region' | 'partition' | 'now'>,
  { arn }: Pick<BoundTo, 'arn'>,
  { inventory: place, maxAgeHours }: CollectedCluster,
): Observed<Inventory> {
  const isTarget = inventory.targets.some(
    (target) => target.accountId === accountId && target.region === region && target.partition === partition,
  );
  if (!isTarget) return refusal('invalid-answer', `${place} is the inventory of another account or region.`);
  const age = now.getTime() - Date.parse(inventory.startedAt);
  if (age > maxAgeHours * HOUR_MS) {
    return refusal('failed', `${place} was collected too long ago: its cluster is not judged by it any more.`);
  }
  if (age < -CLOCKS_DIFFER_MS) return refusal('invalid-answer', `${place} says that it is of the future.`);
  // The collector always states it, even of a cluster that let nobody in.
  const isOfCluster = inventory.resources.some(({ type, uid }) => type === 'KubernetesCluster' && uid === arn);
  if (!isOfCluster) return refusal('invalid-answer', `${place} is not the inventory of this cluster.`);
  return known(inventory);
}

function isInside(resource: ResourceBase<string> | Resource, { partition }: CollectorContext, bound: BoundTo): boolean {
  if (resource.partition !== partition || resource.cluster !== bound.name) return false;
  return resource.type === 'KubernetesCluster' ? resource.uid === bound.arn : resource.uid.startsWith(`${bound.arn}/`);
}

/** What an inventory of the whole region has from the AWS API: whoever reads the stored one asks that himself. */
function isFromOutside(fact: Fact): boolean {
  return fact.kind === 'role-use' && fact.use !== 'service-account' && fact.use !== 'pod-identity';
}

function subjectIsIn(fact: Fact, { arn }: BoundTo): boolean {
  switch (fact.kind) {
    case 'kubernetes-cluster':
      return fact.key === arn;
    case 'running-image':
      return fact.usedBy.startsWith(`${arn}/`);
    case 'role-use':
      return fact.clusterArn === arn && fact.user.startsWith(`${arn}/`);
    default:
      return false;
  }
}

function refusal(cause: UnreadableCause, message: string) {
  return unknown({ kind: 'unreadable', cause, operation: OPERATION, message });
}

function reportRefusal(context: CollectorContext, bound: BoundTo, refused: Observed<unknown> & { known: false }): void {
  const { reason } = refused;
  if (reason.kind === 'undecidable') {
    context.reportGap({ ...gap(bound), cause: 'failed', reason: reason.message });
    return;
  }
  const { operation, cause, message, missingPermission } = reason;
  context.reportGap({
    ...gap(bound),
    operation,
    cause,
    reason: message,
    ...(missingPermission === undefined ? {} : { missingPermission }),
  });
}

function gap({ arn, name }: BoundTo) {
  return { operation: OPERATION, cluster: name, resource: arn };
}

/** A gap of the whole region may hide this cluster as well. */
function gapOf({ operation, cause, reason, missingPermission, resource }: CoverageGap, { name }: BoundTo) {
  return {
    operation,
    cause,
    reason,
    cluster: name,
    ...(missingPermission === undefined ? {} : { missingPermission }),
    ...(resource === undefined ? {} : { resource }),
  };
}
