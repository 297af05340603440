/** A token bucket shared by the operations it names, per account and region. */
export interface Rate {
  operations: readonly string[];
  burst: number;
  perSecond: number;
}

/**
 * The default quotas AWS publishes; the first row that names an operation counts.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/request-throttling.html
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/service-quotas.html
 * @see https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub_limits.html
 */
export const publishedRates: readonly Rate[] = [
  {
    operations: ['ecs:DescribeTaskDefinition', 'ecs:ListTaskDefinitions', 'ecs:ListTaskDefinitionFamilies'],
    burst: 50,
    perSecond: 20,
  },
  { operations: ['ecs:DescribeClusters', 'ecs:ListClusters'], burst: 50, perSecond: 20 },
  { operations: ['ecs:DescribeServices', 'ecs:ListServices'], burst: 100, perSecond: 20 },
  {
    operations: [
      'ecs:DescribeTasks',
      'ecs:ListTasks',
      'ecs:DescribeContainerInstances',
      'ecs:ListContainerInstances',
      'ecs:ListAttributes',
    ],
    burst: 100,
    perSecond: 20,
  },
  { operations: ['ecs:DescribeServiceDeployments', 'ecs:ListServiceDeployments'], burst: 50, perSecond: 20 },
  { operations: ['ecs:DescribeServiceRevisions'], burst: 50, perSecond: 20 },
  { operations: ['ecs:DescribeCapacityProviders'], burst: 50, perSecond: 20 },
  { operations: ['ecs:ListTagsForResource'], burst: 50, perSecond: 20 },
  { operations: ['ecs:ListAccountSettings'], burst: 50, perSecond: 20 },
  { operations: ['ecr:BatchGetImage'], burst: 2000, perSecond: 2000 },
  { operations: ['ecr:GetDownloadUrlForLayer'], burst: 3000, perSecond: 3000 },
  { operations: ['ecr:GetAuthorizationToken'], burst: 500, perSecond: 500 },
  { operations: ['securityhub:GetFindings'], burst: 6, perSecond: 3 },
  { operations: ['securityhub:BatchImportFindings'], burst: 30, perSecond: 10 },
  { operations: ['securityhub:BatchUpdateFindings'], burst: 30, perSecond: 10 },
  { operations: ['securityhub:*'], burst: 30, perSecond: 10 },
];

/** Lets `burst` calls through at once and `perSecond` on average. */
export class TokenBucket {
  readonly #rate: Rate;
  #tokens: number;
  #filledAt = performance.now();

  constructor(rate: Rate) {
    this.#rate = rate;
    this.#tokens = rate.burst;
  }

  /** Takes one token; false when there is none. */
  take(): boolean {
    const now = performance.now();
    const gained = ((now - this.#filledAt) / 1000) * this.#rate.perSecond;
    this.#tokens = Math.min(this.#rate.burst, this.#tokens + gained);
    this.#filledAt = now;
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }
}
