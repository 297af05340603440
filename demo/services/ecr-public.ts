import {
  DescribeRepositories$,
  type DescribeRepositoriesCommandInput,
  type DescribeRepositoriesCommandOutput,
} from '@aws-sdk/client-ecr-public';
import { page } from '../paging.ts';
import { type Call, operation, type Reply, type Service } from '../service.ts';
import { ServiceError } from '../service-error.ts';

export const ecrPublic: Service = {
  signingName: 'ecr-public',
  protocol: 'json',
  invalidInputCode: 'InvalidParameterException',
  operations: [operation(DescribeRepositories$, describeRepositories)],
};

/** The public registry is served from us-east-1 only. */
function describeRepositories(
  call: Call,
  input: DescribeRepositoriesCommandInput,
): Reply<DescribeRepositoriesCommandOutput> {
  if (call.region.name !== 'us-east-1') {
    throw new ServiceError('UnsupportedCommandException', `The command is not supported in ${call.region.name}`);
  }
  const { repositoryNames } = input;
  const wanted = call.account.publicRepositories.filter(
    ({ repositoryName }) => repositoryNames === undefined || repositoryNames.includes(repositoryName ?? ''),
  );
  const { items, nextToken } = page(call, wanted, {
    token: input.nextToken,
    requested: input.maxResults,
    usual: 100,
    most: 1000,
  });
  return { repositories: items, nextToken };
}
