import {
  type AssociatedAccessPolicy,
  DescribeAccessEntryCommand,
  paginateListAccessEntries,
  paginateListAssociatedAccessPolicies,
} from '@aws-sdk/client-eks';
import { known, mapObserved, type Observed } from '../../domain/observed.ts';
import { type ClusterScope, GONE } from './cluster-scope.ts';
import type { EksAccessEntry, EksAccessPolicy } from './model.ts';
import { readEach, readList, readOptionalList, whenPresent } from './read-list.ts';
import { withoutUndefined } from './without-undefined.ts';

/**
 * Who may enter a cluster by its access entries; null where the authentication mode has none. Policies are asked for
 * only where an entry can have them: entries of nodes cannot.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/access-entries.html
 */
export async function readAccessEntries(
  scope: ClusterScope,
  authenticationMode: string | undefined,
): Promise<Observed<readonly EksAccessEntry[] | null>> {
  // EKS refuses the question in this mode; not asking spares the account's trail an error.
  if (authenticationMode === 'CONFIG_MAP') return known(null);
  const { context, client, clusterName, options } = scope;
  const principals = await readOptionalList(
    context,
    'eks:ListAccessEntries',
    ['InvalidRequestException', ...GONE],
    () => paginateListAccessEntries({ client, pageSize: 100 }, { clusterName }),
    (page) => page.accessEntries,
    options,
  );
  return whenPresent(principals, (arns) =>
    readEach([...arns].sort(), (principalArn) => readAccessEntry(scope, principalArn)),
  );
}

async function readAccessEntry(scope: ClusterScope, principalArn: string): Promise<EksAccessEntry | null> {
  const { context, client, clusterName, options } = scope;
  const answer = await context.readOptional(
    'eks:DescribeAccessEntry',
    GONE,
    () => client.send(new DescribeAccessEntryCommand({ clusterName, principalArn })),
    options,
  );
  if (answer.known && answer.value === null) return null;
  const details = mapObserved(answer, (described) => {
    const { type, username, kubernetesGroups = [] } = described?.accessEntry ?? {};
    return { ...withoutUndefined({ type, username }), kubernetesGroups: [...kubernetesGroups].sort() };
  });
  const ofNode = details.known && details.value.type !== undefined && details.value.type !== 'STANDARD';
  return { principalArn, details, policies: ofNode ? known([]) : await readPolicies(scope, principalArn) };
}

async function readPolicies(scope: ClusterScope, principalArn: string): Promise<Observed<readonly EksAccessPolicy[]>> {
  const { context, client, clusterName, options } = scope;
  const listed = await readList(
    context,
    'eks:ListAssociatedAccessPolicies',
    () => paginateListAssociatedAccessPolicies({ client, pageSize: 100 }, { clusterName, principalArn }),
    (page) => page.associatedAccessPolicies?.map(accessPolicyOf),
    options,
  );
  return mapObserved(listed, (policies) => [...policies].sort((left, right) => (left.arn < right.arn ? -1 : 1)));
}

function accessPolicyOf({ policyArn, accessScope }: AssociatedAccessPolicy): EksAccessPolicy | undefined {
  if (policyArn === undefined) return undefined;
  return {
    arn: policyArn,
    ...withoutUndefined({ scope: accessScope?.type }),
    namespaces: [...(accessScope?.namespaces ?? [])].sort(),
  };
}
