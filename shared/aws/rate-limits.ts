/** A token bucket that AWS keeps per account and region. */
export interface RateBucket {
  /** Name of the bucket; operations of one bucket share its tokens. */
  readonly name: string;
  readonly burst: number;
  readonly perSecond: number;
  /** True where AWS publishes the rate; the others are our own careful choice and are not shared further. */
  readonly published: boolean;
}

const bucket = (name: string, burst: number, perSecond: number): RateBucket => ({
  name,
  burst,
  perSecond,
  published: true,
});

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
 * Published rates of what gives out the contents of images; the other reads of ECR have none.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/service-quotas.html
 */
const ECR_BUCKETS: Readonly<Record<string, RateBucket>> = {
  BatchGetImage: bucket('ecr manifests', 2000, 2000),
  GetDownloadUrlForLayer: bucket('ecr layers', 3000, 3000),
};

/** @see https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_BatchImportFindings.html */
const SECURITY_HUB = bucket('securityhub', 30, 10);

/**
 * Services that publish no rates for their reads, and throttle each operation for itself: a careful start, which
 * adaptive retries slow down further where an account has less.
 */
const CAREFUL: Readonly<Record<string, { readonly burst: number; readonly perSecond: number }>> = {
  ecr: { burst: 40, perSecond: 20 },
  ec2: { burst: 40, perSecond: 20 },
  kms: { burst: 40, perSecond: 20 },
};
const CAREFUL_ELSEWHERE = { burst: 20, perSecond: 10 };

/**
 * The bucket an operation draws from.
 *
 * @param action an IAM action such as `ecs:DescribeServices`
 */
export function bucketOf(action: string): RateBucket {
  const [service = '', operation = ''] = action.split(':');
  if (service === 'ecs') return ECS_BUCKETS[operation] ?? ECS_OTHER;
  const ofEcr = service === 'ecr' ? ECR_BUCKETS[operation] : undefined;
  if (ofEcr !== undefined) return ofEcr;
  if (service === 'securityhub') return SECURITY_HUB;
  return { name: action, published: false, ...(CAREFUL[service] ?? CAREFUL_ELSEWHERE) };
}
