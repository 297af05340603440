import type { StaticOperationSchema, StaticStructureSchema } from '@smithy/types';
import { page } from '../paging.ts';
import { type Call, operation, type Reply, type Service } from '../service.ts';
import { ServiceError } from '../service-error.ts';

interface Tag {
  Key?: string | undefined;
  Value?: string | undefined;
}

interface GetResourcesInput {
  PaginationToken?: string;
  TagFilters?: { Key?: string; Values?: string[] }[];
  ResourcesPerPage?: number;
  ResourceTypeFilters?: string[];
  ResourceARNList?: string[];
}

interface GetResourcesOutput {
  PaginationToken: string;
  ResourceTagMappingList: { ResourceARN: string; Tags: Tag[] }[];
}

// The project has no client for the tagging API, so its one operation is described here in the SDK's own terms.
const namespace = 'com.amazonaws.resourcegroupstaggingapi';
const tag: StaticStructureSchema = [3, namespace, 'Tag', 0, ['Key', 'Value'], [0, 0]];
const tagFilter: StaticStructureSchema = [3, namespace, 'TagFilter', 0, ['Key', 'Values'], [0, 64]];
const mapping: StaticStructureSchema = [
  3,
  namespace,
  'ResourceTagMapping',
  0,
  ['ResourceARN', 'Tags'],
  [0, [1, namespace, 'TagList', 0, () => tag]],
];
const getResourcesSchema: StaticOperationSchema = [
  9,
  namespace,
  'GetResources',
  0,
  [
    3,
    namespace,
    'GetResourcesInput',
    0,
    ['PaginationToken', 'TagFilters', 'ResourcesPerPage', 'ResourceTypeFilters', 'ResourceARNList'],
    [0, [1, namespace, 'TagFilterList', 0, () => tagFilter], 1, 64, 64],
  ],
  [
    3,
    namespace,
    'GetResourcesOutput',
    0,
    ['PaginationToken', 'ResourceTagMappingList'],
    [0, [1, namespace, 'ResourceTagMappingList', 0, () => mapping]],
  ],
];

export const tagging: Service = {
  signingName: 'tagging',
  iamPrefix: 'tag',
  protocol: 'json',
  invalidInputCode: 'InvalidParameterException',
  operations: [operation<GetResourcesInput, GetResourcesOutput>(getResourcesSchema, getResources)],
};

function getResources(call: Call, input: GetResourcesInput): Reply<GetResourcesOutput> {
  if (input.ResourceARNList && (input.ResourcesPerPage !== undefined || input.TagFilters !== undefined)) {
    throw new ServiceError('InvalidParameterException', 'ResourceARNList cannot be combined with other filters');
  }
  const wanted = taggedResources(call).filter(
    ({ ResourceARN, Tags }) =>
      (input.ResourceARNList?.includes(ResourceARN) ?? true) &&
      (input.ResourceTypeFilters?.some((type) => isOfType(ResourceARN, type)) ?? true) &&
      (input.TagFilters ?? []).every(({ Key, Values }) =>
        Tags.some(
          (one) => one.Key === Key && (Values === undefined || Values.length === 0 || Values.includes(one.Value ?? '')),
        ),
      ),
  );
  const { items, nextToken } = page(call, wanted, {
    token: input.PaginationToken,
    requested: input.ResourcesPerPage,
    usual: 50,
    most: 100,
    badTokenCode: 'PaginationTokenExpiredException',
  });
  return { PaginationToken: nextToken ?? '', ResourceTagMappingList: items };
}

/** A filter names a service (`ecr`) or a service and a resource type (`ecs:cluster`). */
function isOfType(arn: string, filter: string): boolean {
  const [service, type] = filter.split(':');
  const parts = arn.split(':');
  return parts[2] === service && (type === undefined || parts[5]?.split('/')[0] === type);
}

/** The API lists what is tagged, or once was; here only what carries a tag. */
function taggedResources({ region }: Call): { ResourceARN: string; Tags: Tag[] }[] {
  const fromMap = (tags: Record<string, string> | undefined): Tag[] =>
    Object.entries(tags ?? {}).map(([Key, Value]) => ({ Key, Value }));
  const fromEcs = (tags: { key?: string | undefined; value?: string | undefined }[] | undefined): Tag[] =>
    (tags ?? []).map(({ key, value }) => ({ Key: key, Value: value }));
  const all = [
    ...region.ecr.repositories.map(({ repository, tags }) => ({ ResourceARN: repository.repositoryArn, Tags: tags })),
    ...region.ecs.clusters.flatMap(({ cluster, services }) => [
      { ResourceARN: cluster.clusterArn, Tags: fromEcs(cluster.tags) },
      ...services.map(({ serviceArn, tags }) => ({ ResourceARN: serviceArn, Tags: fromEcs(tags) })),
    ]),
    ...region.ecs.taskDefinitions.map(({ taskDefinition, tags }) => ({
      ResourceARN: taskDefinition.taskDefinitionArn,
      Tags: fromEcs(tags),
    })),
    ...region.eks.clusters.map(({ cluster }) => ({ ResourceARN: cluster.arn, Tags: fromMap(cluster.tags) })),
  ];
  return all.filter(({ Tags }) => Tags.length > 0);
}
