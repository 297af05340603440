import { known, type Observed } from '../../domain/observed.ts';
import type { ResourceByType } from '../../domain/resource.ts';
import { type Evidence, notApplicable, type Verdict, whenKnown, worstOf } from '../../domain/verdict.ts';

export type Cluster = ResourceByType['AwsEcsCluster'];
export type ContainerInstance = Extract<Cluster['containerInstances'], { known: true }>['value'][number];

/** A cluster of a thousand equal instances needs no thousand lines to be believed. */
const MAX_EVIDENCE = 10;
/** Instances in these states run tasks; the others are on their way in or out. */
const RUNNING_STATES = new Set(['ACTIVE', 'DRAINING']);

/**
 * Judges a cluster by its worst container instance. Instances come and go, so the finding is the cluster's; the first
 * ten instances with the winning verdict are its evidence.
 *
 * @param applies which instances are judged
 * @param otherwise why the check does not apply when none is
 * @param judge gets the instance and the evidence path that names it
 */
export function judgeInstances(
  cluster: Cluster,
  applies: (instance: ContainerInstance) => boolean,
  otherwise: string,
  judge: (instance: ContainerInstance, path: string) => Verdict,
): Verdict {
  // The cluster's own count proves that there is nothing to list.
  const listed: Observed<readonly ContainerInstance[]> =
    cluster.registeredContainerInstancesCount === 0 ? known([]) : cluster.containerInstances;
  return whenKnown(listed, (instances) => {
    const judged = instances.filter((instance) => RUNNING_STATES.has(instance.status) && applies(instance));
    const worst = worstOf(
      judged.map((instance) => judge(instance, `containerInstances[${nameOf(instance)}]`)),
      notApplicable(otherwise),
    );
    return { ...worst, evidence: firstOf(worst.evidence) };
  });
}

/** True for instances that are EC2 instances of the account: AWS patches managed ones, external ones have no AMI. */
export function isOwnEc2Instance(instance: ContainerInstance): boolean {
  return instance.capacityKind !== 'MANAGED_INSTANCES' && instance.capacityKind !== 'EXTERNAL';
}

/** The EC2 instance id, else the last part of the container instance's ARN. */
function nameOf(instance: ContainerInstance): string {
  return instance.ec2InstanceId ?? instance.arn.split('/').at(-1) ?? instance.arn;
}

function firstOf(evidence: readonly Evidence[]): readonly Evidence[] {
  return [...evidence].sort((left, right) => (left.path < right.path ? -1 : 1)).slice(0, MAX_EVIDENCE);
}
