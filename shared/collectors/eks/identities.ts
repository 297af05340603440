import {
  DescribeIdentityProviderConfigCommand,
  DescribePodIdentityAssociationCommand,
  type PodIdentityAssociationSummary,
  paginateListIdentityProviderConfigs,
  paginateListPodIdentityAssociations,
} from '@aws-sdk/client-eks';
import { GetOpenIDConnectProviderCommand, IAMClient, ListOpenIDConnectProvidersCommand } from '@aws-sdk/client-iam';
import { known, mapObserved, type Observed } from '../../domain/observed.ts';
import type { CollectorContext } from '../../domain/ports.ts';
import { type ClusterScope, GONE } from './cluster-scope.ts';
import type { EksIdentityProvider, EksOidcProvider, EksPodIdentityAssociation } from './model.ts';
import { readEach, readOptionalList, reportUnnamed, whenPresent } from './read-list.ts';
import { withoutUndefined } from './without-undefined.ts';

/** Which service accounts take which roles by EKS Pod Identity; null when the cluster is gone. */
export async function readPodIdentityAssociations(
  scope: ClusterScope,
): Promise<Observed<readonly EksPodIdentityAssociation[] | null>> {
  const { context, client, clusterName, options } = scope;
  const listed = await readOptionalList(
    context,
    'eks:ListPodIdentityAssociations',
    GONE,
    () => paginateListPodIdentityAssociations({ client, pageSize: 100 }, { clusterName }),
    (page) =>
      page.associations?.map((summary) =>
        summary.associationId === undefined ? undefined : { ...summary, associationId: summary.associationId },
      ),
    options,
  );
  return whenPresent(listed, async (summaries) => {
    const associations = await readEach(summaries, (summary) => readAssociation(scope, summary));
    return [...associations].sort((left, right) => (left.id < right.id ? -1 : 1));
  });
}

async function readAssociation(
  { context, client, clusterName, options }: ClusterScope,
  summary: PodIdentityAssociationSummary & { readonly associationId: string },
): Promise<EksPodIdentityAssociation | null> {
  const { associationId, namespace, serviceAccount, ownerArn } = summary;
  const answer = await context.readOptional(
    'eks:DescribePodIdentityAssociation',
    GONE,
    () => client.send(new DescribePodIdentityAssociationCommand({ clusterName, associationId })),
    options,
  );
  if (answer.known && answer.value === null) return null;
  return {
    id: associationId,
    ...withoutUndefined({ namespace, serviceAccount, ownerArn }),
    details: mapObserved(answer, (described) => {
      const { roleArn, targetRoleArn, disableSessionTags } = described?.association ?? {};
      return { ...withoutUndefined({ roleArn, targetRoleArn }), disableSessionTags: disableSessionTags ?? false };
    }),
  };
}

/** The identity providers, besides IAM, that the cluster accepts users from; null when the cluster is gone. */
export async function readIdentityProviders(
  scope: ClusterScope,
): Promise<Observed<readonly EksIdentityProvider[] | null>> {
  const { context, client, clusterName, options } = scope;
  const listed = await readOptionalList(
    context,
    'eks:ListIdentityProviderConfigs',
    GONE,
    () => paginateListIdentityProviderConfigs({ client, pageSize: 100 }, { clusterName }),
    (page) =>
      page.identityProviderConfigs?.map(({ name, type }) =>
        name === undefined || type === undefined ? undefined : { name, type },
      ),
    options,
  );
  return whenPresent(listed, async (configs) => {
    const providers = await readEach(configs, (config) => readIdentityProvider(scope, config));
    return [...providers].sort((left, right) => (left.name < right.name ? -1 : 1));
  });
}

async function readIdentityProvider(
  { context, client, clusterName, options }: ClusterScope,
  identityProviderConfig: { readonly name: string; readonly type: string },
): Promise<EksIdentityProvider | null> {
  const answer = await context.readOptional(
    'eks:DescribeIdentityProviderConfig',
    GONE,
    () => client.send(new DescribeIdentityProviderConfigCommand({ clusterName, identityProviderConfig })),
    options,
  );
  if (answer.known && answer.value === null) return null;
  return {
    ...identityProviderConfig,
    details: mapObserved(answer, (described) => {
      const { issuerUrl, clientId, status } = described?.identityProviderConfig?.oidc ?? {};
      return withoutUndefined({ issuerUrl, clientId, status });
    }),
  };
}

/**
 * IAM's OIDC providers for the given issuers, by issuer. Others are listed with the same call but not looked at.
 *
 * @param issuers `https://oidc.eks.<region>.<suffix>/id/<id>`
 * @see https://docs.aws.amazon.com/eks/latest/userguide/enable-iam-roles-for-service-accounts.html
 */
export async function readOidcProviders(
  context: CollectorContext,
  issuers: readonly string[],
): Promise<Observed<ReadonlyMap<string, EksOidcProvider>>> {
  if (issuers.length === 0) return known(new Map());
  const client = context.clientFor(IAMClient);
  const answer = await context.read('iam:ListOpenIDConnectProviders', () =>
    client.send(new ListOpenIDConnectProvidersCommand({})),
  );
  if (!answer.known) return answer;
  const arnByIssuer = new Map<string, string>();
  for (const { Arn } of answer.value.OpenIDConnectProviderList ?? []) {
    if (Arn === undefined) reportUnnamed(context, 'iam:ListOpenIDConnectProviders');
    else arnByIssuer.set(`https://${Arn.slice(Arn.indexOf('oidc-provider/') + 'oidc-provider/'.length)}`, Arn);
  }
  const providers = await readEach(issuers, async (issuer) => {
    const arn = arnByIssuer.get(issuer);
    if (arn === undefined) return null;
    const provider = await context.readOptional(
      'iam:GetOpenIDConnectProvider',
      ['NoSuchEntityException', 'NoSuchEntity'],
      () => client.send(new GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn: arn })),
      { resource: arn },
    );
    if (provider.known && provider.value === null) return null;
    const clientIds = mapObserved(provider, (described) => [...(described?.ClientIDList ?? [])].sort());
    return [issuer, { arn, clientIds }] as const;
  });
  return known(new Map(providers));
}
