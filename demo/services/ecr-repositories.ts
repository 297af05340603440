import {
  BatchGetRepositoryScanningConfiguration$,
  type BatchGetRepositoryScanningConfigurationCommandInput,
  type BatchGetRepositoryScanningConfigurationCommandOutput,
  DescribeRepositories$,
  type DescribeRepositoriesCommandInput,
  type DescribeRepositoriesCommandOutput,
  GetLifecyclePolicy$,
  type GetLifecyclePolicyCommandInput,
  type GetLifecyclePolicyCommandOutput,
  GetRepositoryPolicy$,
  type GetRepositoryPolicyCommandInput,
  type GetRepositoryPolicyCommandOutput,
  ListTagsForResource$,
  type ListTagsForResourceCommandInput,
  type ListTagsForResourceCommandOutput,
  type RepositoryScanningConfiguration,
} from '@aws-sdk/client-ecr';
import { page } from '../paging.ts';
import { type Call, operation, type Reply } from '../service.ts';
import { ServiceError } from '../service-error.ts';
import type { EcrState, RepositoryState } from '../world/ecr-state.ts';

/** The repositories and their settings. */
export const repositoryOperations = [
  operation(DescribeRepositories$, describeRepositories),
  operation(BatchGetRepositoryScanningConfiguration$, batchGetRepositoryScanningConfiguration),
  operation(GetLifecyclePolicy$, getLifecyclePolicy),
  operation(GetRepositoryPolicy$, getRepositoryPolicy),
  operation(ListTagsForResource$, listTagsForResource),
];

/**
 * The repository a request names.
 *
 * @throws ServiceError when it does not exist, or lies in another account's registry
 */
export function repositoryOf(
  call: Call,
  input: { registryId?: string | undefined; repositoryName: string | undefined },
) {
  const registryId = input.registryId ?? call.account.id;
  if (registryId !== call.account.id) {
    const arn = `arn:aws:ecr:${call.region.name}:${registryId}:repository/${input.repositoryName}`;
    throw new ServiceError(
      'AccessDeniedException',
      `User: ${call.caller.arn} is not authorized to perform: ecr:${call.operation} on resource: ${arn} because no resource-based policy allows the ecr:${call.operation} action`,
    );
  }
  const found = call.region.ecr.repositories.find(
    ({ repository }) => repository.repositoryName === input.repositoryName,
  );
  if (!found) throw repositoryNotFound(registryId, input.repositoryName ?? '');
  return found;
}

function repositoryNotFound(registryId: string, name: string): ServiceError {
  return new ServiceError(
    'RepositoryNotFoundException',
    `The repository with name '${name}' does not exist in the registry with id '${registryId}'`,
  );
}

function describeRepositories(
  call: Call,
  input: DescribeRepositoriesCommandInput,
): Reply<DescribeRepositoriesCommandOutput> {
  const { repositoryNames } = input;
  if (repositoryNames) {
    if (repositoryNames.length > 100 || input.maxResults !== undefined) {
      throw new ServiceError(
        'InvalidParameterException',
        "Invalid parameter at 'repositoryNames' failed to satisfy constraint",
      );
    }
    const repositories = repositoryNames.map(
      (repositoryName) => repositoryOf(call, { ...input, repositoryName }).repository,
    );
    return { repositories };
  }
  const { items, nextToken } = page(call, call.region.ecr.repositories, {
    token: input.nextToken,
    requested: input.maxResults,
    usual: 100,
    most: 1000,
  });
  return { repositories: items.map(({ repository }) => repository), nextToken };
}

function getLifecyclePolicy(call: Call, input: GetLifecyclePolicyCommandInput): Reply<GetLifecyclePolicyCommandOutput> {
  const { repository, lifecyclePolicy } = repositoryOf(call, input);
  if (lifecyclePolicy === undefined) {
    throw new ServiceError(
      'LifecyclePolicyNotFoundException',
      `Lifecycle policy does not exist for the repository with name '${repository.repositoryName}' in the registry with id '${call.account.id}'`,
    );
  }
  return {
    registryId: call.account.id,
    repositoryName: repository.repositoryName,
    lifecyclePolicyText: lifecyclePolicy,
    lastEvaluatedAt: new Date('2026-11-01T04:00:00Z'),
  };
}

function getRepositoryPolicy(
  call: Call,
  input: GetRepositoryPolicyCommandInput,
): Reply<GetRepositoryPolicyCommandOutput> {
  const { repository, policy } = repositoryOf(call, input);
  if (policy === undefined) {
    throw new ServiceError(
      'RepositoryPolicyNotFoundException',
      `Repository policy does not exist for the repository with name '${repository.repositoryName}' in the registry with id '${call.account.id}'`,
    );
  }
  return { registryId: call.account.id, repositoryName: repository.repositoryName, policyText: policy };
}

function listTagsForResource(
  call: Call,
  input: ListTagsForResourceCommandInput,
): Reply<ListTagsForResourceCommandOutput> {
  const repositoryName = input.resourceArn?.split(':repository/')[1];
  return { tags: repositoryOf(call, { repositoryName }).tags };
}

function batchGetRepositoryScanningConfiguration(
  { account, region }: Call,
  input: BatchGetRepositoryScanningConfigurationCommandInput,
): Reply<BatchGetRepositoryScanningConfigurationCommandOutput> {
  const names = input.repositoryNames ?? [];
  if (names.length < 1 || names.length > 25) {
    throw new ServiceError(
      'InvalidParameterException',
      "Invalid parameter at 'repositoryNames' failed to satisfy constraint: 'Member must have length between 1 and 25'",
    );
  }
  const output: Required<Reply<BatchGetRepositoryScanningConfigurationCommandOutput>> = {
    scanningConfigurations: [],
    failures: [],
  };
  for (const repositoryName of names) {
    const found = region.ecr.repositories.find(({ repository }) => repository.repositoryName === repositoryName);
    if (found) output.scanningConfigurations?.push(effectiveScanning(region.ecr, found));
    else {
      output.failures?.push({
        repositoryName,
        failureCode: 'REPOSITORY_NOT_FOUND',
        failureReason: repositoryNotFound(account.id, repositoryName).message,
      });
    }
  }
  return output;
}

/**
 * Registry rules supersede the repository's own setting; continuous scanning wins over scan on push; a repository that
 * no rule matches is scanned only by hand.
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning-filters.html
 */
export function effectiveScanning(
  { scanning }: EcrState,
  { repository }: RepositoryState,
): RepositoryScanningConfiguration {
  const identity = { repositoryArn: repository.repositoryArn, repositoryName: repository.repositoryName };
  const rules = scanning.rules ?? [];
  if (scanning.scanType === 'BASIC' && rules.length === 0) {
    const scanOnPush = repository.imageScanningConfiguration?.scanOnPush ?? false;
    return { ...identity, scanOnPush, scanFrequency: scanOnPush ? 'SCAN_ON_PUSH' : 'MANUAL', appliedScanFilters: [] };
  }
  const applied = rules.flatMap((rule) =>
    (rule.repositoryFilters ?? [])
      .filter(({ filter }) => matchesFilter(repository.repositoryName, filter ?? ''))
      .map((filter) => ({ frequency: rule.scanFrequency, filter })),
  );
  const frequencies = applied.map(({ frequency }) => frequency);
  const winner = frequencies.includes('CONTINUOUS_SCAN')
    ? 'CONTINUOUS_SCAN'
    : frequencies.includes('SCAN_ON_PUSH')
      ? 'SCAN_ON_PUSH'
      : 'MANUAL';
  return {
    ...identity,
    scanOnPush: winner !== 'MANUAL',
    scanFrequency: winner,
    appliedScanFilters: applied.filter(({ frequency }) => frequency === winner).map(({ filter }) => filter),
  };
}

/** A filter without an asterisk matches names that contain it; with one it must match the whole name. */
function matchesFilter(name: string, filter: string): boolean {
  if (!filter.includes('*')) return name.includes(filter);
  const pattern = filter.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${pattern.join('.*')}$`).test(name);
}
