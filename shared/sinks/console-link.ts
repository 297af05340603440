import type { ResourceReference } from '../domain/resource.ts';

/**
 * The address of a resource in the AWS console of its own partition, or undefined where the console has no page of
 * its own for it (objects inside a cluster, account-wide settings).
 *
 * @see https://docs.aws.amazon.com/general/latest/gr/mgmt-console.html
 */
export function consoleLink(resource: ResourceReference): string | undefined {
  const path = pathOf(resource);
  const host = hostOf(resource);
  return path === undefined || host === undefined ? undefined : `https://${host}${path}`;
}

/** The address of an object of a bucket in the console, or undefined where the partition's console is not known. */
export function objectLink(
  place: Pick<ResourceReference, 'partition' | 'region'>,
  bucket: string,
  key: string,
): string | undefined {
  const host = hostOf(place);
  const object = `/s3/object/${encodeURIComponent(bucket)}?region=${encodeURIComponent(place.region)}`;
  return host === undefined ? undefined : `https://${host}${object}&prefix=${encodeURIComponent(key)}`;
}

function hostOf({ partition, region }: Pick<ResourceReference, 'partition' | 'region'>): string | undefined {
  if (partition === 'aws')
    return /^[a-z]{2}(-[a-z]+)+-\d+$/.test(region) ? `${region}.console.aws.amazon.com` : 'console.aws.amazon.com';
  if (partition === 'aws-cn') return 'console.amazonaws.cn';
  if (partition === 'aws-us-gov') return 'console.amazonaws-us-gov.com';
  return undefined;
}

function pathOf(resource: ResourceReference): string | undefined {
  const name = encodeURIComponent(resource.name.toWellFormed());
  const region = `region=${encodeURIComponent(resource.region)}`;
  const cluster = resource.cluster === undefined ? undefined : encodeURIComponent(resource.cluster.toWellFormed());
  switch (resource.type) {
    case 'AwsEcrRepository':
    case 'AwsEcrContainerImage':
      return `/ecr/repositories/private/${resource.accountId}/${encodeURI(resource.name.toWellFormed())}?${region}`;
    case 'AwsEcsTaskDefinition':
      return `/ecs/v2/task-definitions/${name}?${region}`;
    case 'AwsEcsCluster':
      return `/ecs/v2/clusters/${name}?${region}`;
    case 'AwsEcsService':
      return cluster === undefined ? undefined : `/ecs/v2/clusters/${cluster}/services/${name}?${region}`;
    case 'AwsEksCluster':
      return `/eks/clusters/${name}?${region}`;
    case 'AwsGuardDutyDetector':
      return `/guardduty/home?${region}#/settings`;
    case 'AwsIamRole':
      return `/iam/home#/roles/details/${name}`;
    default:
      return undefined;
  }
}
