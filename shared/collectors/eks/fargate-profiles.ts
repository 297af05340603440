import { DescribeFargateProfileCommand, paginateListFargateProfiles } from '@aws-sdk/client-eks';
import { mapObserved, type Observed } from '../../domain/observed.ts';
import { type ClusterScope, GONE } from './cluster-scope.ts';
import type { EksFargateProfile } from './model.ts';
import { readEach, readOptionalList, whenPresent } from './read-list.ts';
import { withoutUndefined } from './without-undefined.ts';

/** The Fargate profiles of a cluster, by name; null when the cluster is gone. */
export async function readFargateProfiles(scope: ClusterScope): Promise<Observed<readonly EksFargateProfile[] | null>> {
  const { context, client, clusterName, options } = scope;
  const names = await readOptionalList(
    context,
    'eks:ListFargateProfiles',
    GONE,
    () => paginateListFargateProfiles({ client, pageSize: 100 }, { clusterName }),
    (page) => page.fargateProfileNames,
    options,
  );
  return whenPresent(names, (listed) => readEach([...listed].sort(), (name) => readFargateProfile(scope, name)));
}

async function readFargateProfile(scope: ClusterScope, name: string): Promise<EksFargateProfile | null> {
  const { context, client, clusterName, options } = scope;
  const answer = await context.readOptional(
    'eks:DescribeFargateProfile',
    GONE,
    () => client.send(new DescribeFargateProfileCommand({ clusterName, fargateProfileName: name })),
    options,
  );
  if (answer.known && answer.value === null) return null;
  const details = mapObserved(answer, (described) => {
    const { fargateProfileArn, status, podExecutionRoleArn, subnets, selectors } = described?.fargateProfile ?? {};
    return {
      ...withoutUndefined({ arn: fargateProfileArn, status, podExecutionRoleArn }),
      subnetIds: [...(subnets ?? [])].sort(),
      selectors: (selectors ?? []).map(({ namespace, labels }) => ({
        ...withoutUndefined({ namespace }),
        labels: labels ?? {},
      })),
    };
  });
  return { name, details };
}
