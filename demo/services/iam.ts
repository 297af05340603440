import type {
  GetOpenIDConnectProviderCommandInput,
  GetOpenIDConnectProviderCommandOutput,
  ListOpenIDConnectProvidersCommandOutput,
} from '@aws-sdk/client-iam';
import { GetOpenIDConnectProvider$, ListOpenIDConnectProviders$ } from '@aws-sdk/client-iam';
import { type Call, operation, type Reply, type Service } from '../service.ts';
import { ServiceError } from '../service-error.ts';
import { roleOperations } from './iam-roles.ts';

export const iam: Service = {
  signingName: 'iam',
  protocol: 'query',
  xmlNamespace: 'https://iam.amazonaws.com/doc/2010-05-08/',
  invalidInputCode: 'ValidationError',
  operations: [
    operation(ListOpenIDConnectProviders$, listOpenIdConnectProviders),
    operation(GetOpenIDConnectProvider$, getOpenIdConnectProvider),
    ...roleOperations,
  ],
};

function listOpenIdConnectProviders({ account }: Call): Reply<ListOpenIDConnectProvidersCommandOutput> {
  return { OpenIDConnectProviderList: account.oidcProviders.map(({ arn }) => ({ Arn: arn })) };
}

function getOpenIdConnectProvider(
  { account }: Call,
  input: GetOpenIDConnectProviderCommandInput,
): Reply<GetOpenIDConnectProviderCommandOutput> {
  const found = account.oidcProviders.find(({ arn }) => arn === input.OpenIDConnectProviderArn);
  if (!found) {
    const message = `OpenIDConnect Provider not found for arn ${input.OpenIDConnectProviderArn}`;
    throw new ServiceError('NoSuchEntity', message, 404);
  }
  const { arn, ...provider } = found;
  return provider;
}
