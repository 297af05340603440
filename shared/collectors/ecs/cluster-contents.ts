import { known } from '../../domain/observed.ts';
import type { CollectorContext } from '../../domain/ports.ts';
import { readCurrentAgentVersions } from './agent-baseline.ts';
import type { CapacityProviders } from './capacity-providers.ts';
import { amiIdsOf, type ClusterContents, ec2InstanceIdsOf } from './cluster-resources.ts';
import type { ClusterScope } from './clusters.ts';
import { readContainerInstances } from './container-instances.ts';
import { readAmis, readInstances } from './ec2.ts';
import { readServices } from './services.ts';
import { readTasks } from './tasks.ts';

/** Reads what is in one cluster. */
export async function readContents(
  context: CollectorContext,
  scope: ClusterScope,
  providers: CapacityProviders,
): Promise<ClusterContents> {
  const [services, tasks, instances] = await Promise.all([
    readServices(context, scope),
    readTasks(context, scope),
    readContainerInstances(context, scope, providers),
  ]);
  return { scope, services, tasks, instances };
}

/** What EC2 and Systems Manager say about the container instances; nothing is asked where there are none. */
export async function readInstanceJoin(context: CollectorContext, contents: readonly ClusterContents[]) {
  const ec2 = await readInstances(context, contents.flatMap(ec2InstanceIdsOf));
  const amiIds = contents.flatMap((cluster) => {
    const ids = amiIdsOf(cluster, ec2);
    return ids.known ? ids.value : [];
  });
  const hasInstances = contents.some(({ instances }) => instances.items.length > 0);
  return {
    ec2,
    amis: await readAmis(context, amiIds),
    currentAgentVersions: hasInstances ? await readCurrentAgentVersions(context) : known({}),
  };
}
