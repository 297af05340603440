import {
  PutImageScanningConfiguration$,
  type PutImageScanningConfigurationCommandInput,
  type PutImageScanningConfigurationCommandOutput,
  PutImageTagMutability$,
  type PutImageTagMutabilityCommandInput,
  type PutImageTagMutabilityCommandOutput,
  PutLifecyclePolicy$,
  type PutLifecyclePolicyCommandInput,
  type PutLifecyclePolicyCommandOutput,
  PutRegistryScanningConfiguration$,
  type PutRegistryScanningConfigurationCommandInput,
  type PutRegistryScanningConfigurationCommandOutput,
} from '@aws-sdk/client-ecr';
import { recordCall } from '../change/cloud-trail.ts';
import { type Call, operation, type Reply } from '../service.ts';
import { ServiceError } from '../service-error.ts';
import type { RepositoryState } from '../world/ecr-state.ts';
import { repositoryOf } from './ecr-repositories.ts';

/** What changes a repository's or the registry's settings. CloudTrail tells of each. */
export const ecrWriteOperations = [
  operation(PutImageScanningConfiguration$, putImageScanningConfiguration),
  operation(PutRegistryScanningConfiguration$, putRegistryScanningConfiguration),
  operation(PutImageTagMutability$, putImageTagMutability),
  operation(PutLifecyclePolicy$, putLifecyclePolicy),
];

function putImageScanningConfiguration(
  call: Call,
  input: PutImageScanningConfigurationCommandInput,
): Reply<PutImageScanningConfigurationCommandOutput> {
  const { repository } = repositoryOf(call, input);
  const { imageScanningConfiguration } = input;
  repository.imageScanningConfiguration = imageScanningConfiguration;
  record(call, input, { repository });
  return { registryId: call.account.id, repositoryName: input.repositoryName, imageScanningConfiguration };
}

/** The whole configuration is replaced: a rule that is not sent is gone. */
function putRegistryScanningConfiguration(
  call: Call,
  input: PutRegistryScanningConfigurationCommandInput,
): Reply<PutRegistryScanningConfigurationCommandOutput> {
  const { scanType = 'BASIC', rules = [] } = input;
  const frequencies = rules.map(({ scanFrequency }) => scanFrequency);
  if (rules.length > 2 || new Set(frequencies).size < rules.length) throw invalid('rules');
  if (rules.some(({ repositoryFilters }) => (repositoryFilters?.length ?? 0) > 100)) throw invalid('repositoryFilters');
  if (scanType === 'BASIC' && frequencies.includes('CONTINUOUS_SCAN')) throw invalid('scanFrequency');
  call.region.ecr.scanning = { scanType, rules };
  record(call, input, undefined);
  return { registryScanningConfiguration: call.region.ecr.scanning };
}

function putImageTagMutability(
  call: Call,
  input: PutImageTagMutabilityCommandInput,
): Reply<PutImageTagMutabilityCommandOutput> {
  const { repository } = repositoryOf(call, input);
  const { imageTagMutability, imageTagMutabilityExclusionFilters } = input;
  if (imageTagMutability?.endsWith('_WITH_EXCLUSION') !== (imageTagMutabilityExclusionFilters !== undefined)) {
    throw invalid('imageTagMutabilityExclusionFilters');
  }
  repository.imageTagMutability = imageTagMutability;
  repository.imageTagMutabilityExclusionFilters = imageTagMutabilityExclusionFilters;
  record(call, input, { repository });
  return { registryId: call.account.id, repositoryName: input.repositoryName, imageTagMutability };
}

function putLifecyclePolicy(call: Call, input: PutLifecyclePolicyCommandInput): Reply<PutLifecyclePolicyCommandOutput> {
  const found = repositoryOf(call, input);
  const { lifecyclePolicyText = '' } = input;
  requireLifecyclePolicy(lifecyclePolicyText);
  found.lifecyclePolicy = lifecyclePolicyText;
  record(call, input, found);
  return { registryId: call.account.id, repositoryName: input.repositoryName, lifecyclePolicyText };
}

interface LifecycleRuleText {
  rulePriority: number;
  selection: { tagStatus: string; storageClass?: string; tagPrefixList?: string[]; tagPatternList?: string[] };
}

/**
 * What ECR refuses in a lifecycle policy, as far as rules disturb each other.
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_parameters.html
 */
function requireLifecyclePolicy(text: string): void {
  if (text.length < 100 || text.length > 30_720) throw invalid('lifecyclePolicyText');
  const { rules } = JSON.parse(text) as { rules: LifecycleRuleText[] };
  const priorities = rules.map(({ rulePriority }) => rulePriority);
  const last = Math.max(...priorities);
  const any = rules.filter(({ selection }) => selection.tagStatus === 'any');
  const kinds = rules
    .filter(({ selection }) => selection.tagStatus !== 'tagged')
    .map(({ selection: { tagStatus, storageClass = 'standard' } }) => `${tagStatus} ${storageClass}`);
  const listed = rules.some(
    ({ selection: { tagStatus, tagPrefixList, tagPatternList } }) =>
      (tagStatus === 'tagged') !== ((tagPrefixList ?? tagPatternList) !== undefined),
  );
  if (
    rules.length > 50 ||
    listed ||
    priorities.some((priority) => priority < 1) ||
    new Set(priorities).size < priorities.length ||
    new Set(kinds).size < kinds.length ||
    any.some(({ rulePriority }) => rulePriority !== last)
  ) {
    throw new ServiceError(
      'InvalidParameterException',
      "Invalid parameter at 'LifecyclePolicyText' failed to satisfy constraint: 'Lifecycle policy validation failure'",
    );
  }
}

function record(call: Call, request: object, found: Pick<RepositoryState, 'repository'> | undefined): void {
  recordCall(call, {
    service: 'ecr',
    name: call.operation,
    request,
    response: null,
    caller: call.caller.arn,
    ...(found === undefined ? {} : { resources: [found.repository.repositoryArn] }),
  });
}

function invalid(name: string): ServiceError {
  return new ServiceError('InvalidParameterException', `Invalid parameter at '${name}' failed to satisfy constraint`);
}
