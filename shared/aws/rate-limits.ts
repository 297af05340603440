/** A token bucket that AWS keeps per account and region. */
export interface RateBucket {
  /** Name of the bucket; operations of one bucket share its tokens. */
  readonly name: string;
  readonly burst: number;
  readonly perSecond: number;
}

const bucket = (name: string, burst: number, perSecond: number): RateBucket => ({ name, burst, perSecond });

/**
 * Published request rates of Amazon ECS.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/request-throttling.html
 */
const ECS_TASK_DEFINITIONS = bucket('ecs task definition reads', 50, 20);
const ECS_CLUSTERS = bucket('ecs cluster reads', 50, 20);
const ECS_SERVICES = bucket('ecs service reads', 100, 20);
const ECS_RESOURCES = bucket('ecs task and instance reads', 100, 20);
const ECS_DEPLOYMENTS = bucket('ecs deployment reads', 50, 20);
const ECS_REVISIONS = bucket('ecs revision reads', 50, 20);
const ECS_OTHER = bucket('ecs other reads', 50, 20);

const ECS_BUCKETS: Readonly<Record<string, RateBucket>> = {
  DescribeTaskDefinition: ECS_TASK_DEFINITIONS,
  ListTaskDefinitions: ECS_TASK_DEFINITIONS,
  ListTaskDefinitionFamilies: ECS_TASK_DEFINITIONS,
  DescribeClusters: ECS_CLUSTERS,
  ListClusters: ECS_CLUSTERS,
  DescribeServices: ECS_SERVICES,
  ListServices: ECS_SERVICES,
  DescribeTasks: ECS_RESOURCES,
  ListTasks: ECS_RESOURCES,
  DescribeContainerInstances: ECS_RESOURCES,
  ListContainerInstances: ECS_RESOURCES,
  DescribeServiceDeployments: ECS_DEPLOYMENTS,
  ListServiceDeployments: ECS_DEPLOYMENTS,
  DescribeServiceRevisions: ECS_REVISIONS,
};

/**
 * Services that publish no rates for their read operations get a careful start; adaptive retries find the rest.
 * BatchImportFindings: 10 per second, burst 30 (https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_BatchImportFindings.html).
 */
const SERVICE_BUCKETS: Readonly<Record<string, RateBucket>> = {
  ecr: bucket('ecr reads', 40, 20),
  'ecr-public': bucket('ecr-public reads', 10, 5),
  eks: bucket('eks reads', 20, 10),
  ec2: bucket('ec2 reads', 100, 20),
  iam: bucket('iam reads', 20, 10),
  kms: bucket('kms reads', 100, 50),
  securityhub: bucket('securityhub', 30, 10),
};
const DEFAULT_BUCKET = (service: string) => bucket(`${service} reads`, 20, 10);

/**
 * The bucket an operation draws from.
 *
 * @param action an IAM action such as `ecs:DescribeServices`
 */
export function bucketOf(action: string): RateBucket {
  const [service = '', operation = ''] = action.split(':');
  if (service === 'ecs') return ECS_BUCKETS[operation] ?? ECS_OTHER;
  return SERVICE_BUCKETS[service] ?? DEFAULT_BUCKET(service);
}
