import type {
  Resource as AsffResource,
  AwsEcsTaskDefinitionDetails,
  Partition,
  ResourceDetails,
} from '@aws-sdk/client-securityhub';
import type { Resource, ResourceBase, ResourceByType, ResourceReference } from '../../domain/resource.ts';
import { importRegion } from './import-scope.ts';

/** Resource types that Security Hub itself knows; all others are `Other`. */
const NATIVE_TYPES: ReadonlySet<string> = new Set([
  'AwsAccount',
  'AwsEcrContainerImage',
  'AwsEcrRepository',
  'AwsEcsCluster',
  'AwsEcsContainer',
  'AwsEcsService',
  'AwsEcsTask',
  'AwsEcsTaskDefinition',
  'AwsEksCluster',
  'AwsGuardDutyDetector',
  'AwsIamRole',
  'AwsKmsKey',
]);
const MAX_TAGS = 50;
const MAX_CONTAINERS = 20;

/**
 * The one resource of a finding, with its native type and typed details where Security Hub has them (SH-12).
 *
 * @param whole the resource itself, where it is at hand: adds tags and what only it knows
 * @see https://docs.aws.amazon.com/securityhub/latest/userguide/asff-resources-attributes.html
 */
export function asffResource(reference: ResourceReference, whole?: Resource): AsffResource {
  const base = whole as ResourceBase<string> | undefined;
  const native = NATIVE_TYPES.has(reference.type);
  const details = native ? nativeDetails(reference, whole) : { Other: otherDetails(reference) };
  const tags = base?.tags?.known === true ? Object.entries(base.tags.value).slice(0, MAX_TAGS) : [];
  return {
    Type: native ? reference.type : 'Other',
    Id: reference.arn ?? reference.uid,
    Partition: reference.partition as Partition,
    Region: importRegion(reference),
    ...(details === undefined ? {} : { Details: details }),
    ...(tags.length === 0 ? {} : { Tags: Object.fromEntries(tags) }),
  };
}

function otherDetails(reference: ResourceReference): Record<string, string> {
  return {
    type: reference.type,
    name: reference.name,
    uid: reference.uid,
    ...(reference.cluster === undefined ? {} : { cluster: reference.cluster }),
    ...(reference.namespace === undefined ? {} : { namespace: reference.namespace }),
  };
}

function nativeDetails(reference: ResourceReference, whole?: Resource): ResourceDetails | undefined {
  const { name } = reference;
  const arn = reference.arn ?? reference.uid;
  switch (reference.type) {
    case 'AwsEcrRepository':
      return { AwsEcrRepository: { Arn: arn, RepositoryName: name } };
    case 'AwsEcrContainerImage':
      return { AwsEcrContainerImage: { RegistryId: reference.accountId, RepositoryName: name } };
    case 'AwsEcsCluster':
      return { AwsEcsCluster: { ClusterArn: arn, ClusterName: name } };
    case 'AwsEcsService':
      return {
        AwsEcsService: {
          ServiceArn: arn,
          ServiceName: name,
          ...(reference.cluster === undefined ? {} : { Cluster: reference.cluster }),
        },
      };
    case 'AwsEcsTaskDefinition':
      return { AwsEcsTaskDefinition: taskDefinitionDetails(name, whole) };
    case 'AwsEksCluster':
      return { AwsEksCluster: { Arn: arn, Name: name } };
    case 'AwsIamRole':
      return { AwsIamRole: { RoleName: name } };
    default:
      return undefined;
  }
}

/** Shows the revision the resource's ARN names: a revision in use, else the latest active one. No free text. */
function taskDefinitionDetails(family: string, whole?: Resource): AwsEcsTaskDefinitionDetails {
  const resource = whole as ResourceBase<string> | undefined;
  if (resource?.type !== 'AwsEcsTaskDefinition') return { Family: family };
  const definitions = whole as ResourceByType['AwsEcsTaskDefinition'];
  const known = [...definitions.revisionsInUse.map((used) => used.definition), definitions.latestActive].flatMap(
    (definition) => (definition.known && definition.value !== null ? [definition.value] : []),
  );
  const shown = known.find((definition) => definition.arn === resource.arn) ?? known[0];
  if (shown === undefined) return { Family: family };
  return {
    Family: shown.family,
    NetworkMode: shown.networkMode,
    PidMode: shown.pidMode,
    IpcMode: shown.ipcMode,
    RequiresCompatibilities: [...shown.requiresCompatibilities],
    TaskRoleArn: shown.taskRoleArn,
    ExecutionRoleArn: shown.executionRoleArn,
    ContainerDefinitions: shown.containers.slice(0, MAX_CONTAINERS).map((container) => ({
      Name: container.name,
      Image: container.image,
      User: container.user,
      Privileged: container.privileged,
      ReadonlyRootFilesystem: container.readonlyRootFilesystem,
    })),
  };
}
