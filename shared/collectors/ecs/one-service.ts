import { known } from '../../domain/observed.ts';
import type { CollectorContext, FactCorrection } from '../../domain/ports.ts';
import type { Resource } from '../../domain/resource.ts';
import { AWS_PROVIDERS, type CapacityProviders, readCapacityProviders } from './capacity-providers.ts';
import { type ClusterScope, describeClusters } from './clusters.ts';
import { collectUses } from './collect-uses.ts';
import { readSecurityGroups } from './ec2.ts';
import type { ReadFamily } from './families.ts';
import type { TaskDefinitionUseFact } from './model.ts';
import { runningImageFacts } from './running-images.ts';
import { definitionFor, familyOf } from './service-definition.ts';
import { placementOf, securityGroupIdsOf, serviceFrom, taskSetsOf } from './service-resources.ts';
import { type DescribedService, describeServices, readServiceRevisions } from './services.ts';
import { readTasks } from './tasks.ts';
import { useFacts } from './use-facts.ts';

/** A look at one service. */
export interface ServiceLook {
  /** Null where it is gone. */
  readonly service: DescribedService | null;
  readonly uses: readonly TaskDefinitionUseFact[];
  readonly correction: FactCorrection;
  /** The service and its task sets, once the families it runs are read. */
  resources(families: readonly ReadFamily[]): readonly Resource[];
}

/**
 * Reads one service: its description, its tasks, its revision and its security groups. Its cluster and capacity
 * providers are asked only where the service itself does not say where its tasks run.
 *
 * @returns undefined where it could not be read, which is a gap
 */
export async function oneService(
  context: CollectorContext,
  wanted: {
    readonly cluster: string;
    readonly name: string;
    readonly uid: string;
    /** What was last known of its uses. */
    readonly earlier: readonly TaskDefinitionUseFact[];
  },
): Promise<ServiceLook | undefined> {
  const { partition, region, accountId } = context;
  const arn = `arn:${partition}:ecs:${region}:${accountId}:cluster/${wanted.cluster}`;
  const described = await describeServices(context, { arn, name: wanted.cluster }, [wanted.name]);
  const [service] = described.items;
  if (service === undefined) {
    if (!described.complete.known) return undefined;
    const correction = { subject: wanted.uid, kinds: ['running-image', 'task-definition-use'] as const, facts: [] };
    return { service: null, uses: [], correction, resources: () => [] };
  }
  const { scope, providers } = await placeOf(context, { arn, name: wanted.cluster }, service);
  const tasks = await readTasks(context, scope, service.serviceName);
  const revisions = await readServiceRevisions(context, [service]);
  const securityGroups = await readSecurityGroups(context, securityGroupIdsOf(service));
  const contents = { scope, services: described, tasks, instances: { items: [], complete: known(true as const) } };
  const uses = useFacts(context, collectUses(context, [contents], providers, [], [])).map(asBefore(wanted.earlier));
  const images = runningImageFacts(context, [contents], { revisions: revisions.items, daemons: [] });
  const areImagesKnown = tasks.complete.known && revisions.complete.known;
  const join = {
    scope,
    providers,
    tasks: tasks.complete.known ? known(tasks.items) : tasks.complete,
    revisionsByArn: new Map(revisions.items.map(({ images: found }) => [found.revisionArn, found])),
    revisionsComplete: revisions.complete,
    securityGroups,
  };
  return {
    service,
    uses,
    correction: {
      subject: wanted.uid,
      kinds: [...(areImagesKnown ? ['running-image' as const] : []), 'task-definition-use'],
      facts: [...(areImagesKnown ? images : []), ...uses],
    },
    resources(families) {
      const family = families.find(({ name }) => name === familyOf(context, service));
      const definition = family === undefined ? known(null) : definitionFor(context, service, family);
      return [serviceFrom(context, service, join, definition), ...taskSetsOf(context, service, scope)];
    },
  };
}

/**
 * Whether the instances are Windows is not looked at again: they are not what changed. What was not known of them is
 * not known now either.
 */
function asBefore(earlier: readonly TaskDefinitionUseFact[]): (fact: TaskDefinitionUseFact) => TaskDefinitionUseFact {
  const ranOnWindows = earlier.some(({ use }) => use.onWindows === true);
  const platformUnknown = earlier.find(({ use }) => use.platformUnknown !== undefined)?.use.platformUnknown;
  return (fact) => {
    if (fact.use.launchTypes.includes('FARGATE')) return fact;
    return {
      ...fact,
      use: {
        ...fact.use,
        ...(ranOnWindows ? { onWindows: true } : {}),
        ...(platformUnknown === undefined ? {} : { platformUnknown }),
      },
    };
  };
}

async function placeOf(
  context: CollectorContext,
  named: ClusterScope,
  service: DescribedService,
): Promise<{ readonly scope: ClusterScope; readonly providers: CapacityProviders }> {
  const placement = placementOf(service);
  const strategy = placement.capacityProviderStrategy ?? [];
  if (placement.launchType === undefined && strategy.length === 0) {
    // The default strategy of the cluster decides.
    const [scope = named] = (await describeClusters(context, [named.arn])).items;
    return { scope, providers: await readCapacityProviders(context, [scope]) };
  }
  const isOnAwsProviders = strategy.every(
    ({ capacityProvider = '' }) => AWS_PROVIDERS.launchTypeOf(capacityProvider, named.arn) !== undefined,
  );
  return { scope: named, providers: isOnAwsProviders ? AWS_PROVIDERS : await readCapacityProviders(context, [named]) };
}
