import type { ResourceReference } from '../../domain/resource.ts';

const REGION = /^[a-z]{2}(?:-[a-z]+)+-\d+$/;
/** Where the global services of a partition (IAM) have their home. */
const HOME_REGION: Readonly<Record<string, string>> = {
  aws: 'us-east-1',
  'aws-cn': 'cn-north-1',
  'aws-us-gov': 'us-gov-west-1',
};

/** The region a finding is imported into: its resource's own; for global resources the home of the partition. */
export function importRegion(resource: Pick<ResourceReference, 'region' | 'partition'>): string {
  return REGION.test(resource.region) ? resource.region : (HOME_REGION[resource.partition] ?? 'us-east-1');
}
