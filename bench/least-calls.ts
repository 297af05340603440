/** How large a generated world is; the meaning of `demo/generate.ts`. */
export interface BenchSize {
  readonly repositories: number;
  readonly imagesPerRepository: number;
  readonly taskDefinitionFamilies: number;
  readonly eksClusters: number;
}

/** The least possible number of calls of one operation, and how it follows. */
export interface LeastCalls {
  readonly operation: string;
  readonly least: number;
  readonly because: string;
}

const pages = (items: number, size: number) => Math.max(1, Math.ceil(items / size));

/**
 * For each operation: the reads that cannot be avoided, divided by the largest page or batch AWS allows. An operation
 * that is not named here is needed once for the account and region.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_Operations.html
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Operations.html
 * @see https://docs.aws.amazon.com/eks/latest/APIReference/API_Operations.html
 */
export function leastCalls(size: BenchSize): ReadonlyMap<string, LeastCalls> {
  const { repositories, imagesPerRepository, taskDefinitionFamilies: families, eksClusters: clusters } = size;
  const services = Math.ceil(families / 2);
  const tasks = services * 2;
  const images = imagesLookedInto(size);
  const rows: [string, number, string][] = [
    [
      'ecr:BatchGetImage',
      repositories,
      'one a repository with an image that runs (else is the newest): 100 manifests each',
    ],
    ['ecr:GetDownloadUrlForLayer', Number.NaN, 'one a configuration that was never seen'],
    ['ecr:DescribeImageScanFindings', images, 'one an image that runs (else is the newest): there is no batch'],
    ['ecr:ListImageReferrers', images, 'one an image that runs (else is the newest): there is no batch'],
    ['ecr:DescribeRepositories', pages(repositories, 1000), 'repositories ÷ 1,000 a page'],
    ['ecr:BatchGetRepositoryScanningConfiguration', Math.ceil(repositories / 25), 'repositories ÷ 25 names'],
    ['ecr:GetLifecyclePolicy', repositories, 'one a repository: there is no batch'],
    ['ecr:GetRepositoryPolicy', repositories, 'one a repository: there is no batch'],
    [
      'ecr:DescribeImages',
      repositories * pages(imagesPerRepository, 1000),
      'one a repository and 1,000 images: there is no batch',
    ],
    ['tag:GetResources', 1, 'tagged repositories ÷ 100 a page; the generated ones have no tags'],
    ['ecs:ListTaskDefinitionFamilies', pages(families, 100), 'families ÷ 100 a page'],
    ['ecs:DescribeTaskDefinition', families, 'one a family: there is no batch, and a revision is immutable'],
    ['ecs:ListServices', pages(services, 100), 'services ÷ 100 a page'],
    ['ecs:DescribeServices', Math.ceil(services / 10), 'services ÷ 10 a batch'],
    ['ecs:DescribeServiceRevisions', Math.ceil(services / 20), 'services ÷ 20 a batch'],
    ['ecs:ListTasks', pages(tasks, 100), 'tasks ÷ 100 a page'],
    ['ecs:DescribeTasks', Math.ceil(tasks / 100), 'tasks ÷ 100 a batch'],
    ['eks:ListClusters', pages(clusters, 100), 'clusters ÷ 100 a page'],
    ['logs:DescribeLogGroups', pages(clusters, 50), 'log groups of clusters ÷ 50 a page'],
  ];
  const perCluster = [
    'eks:DescribeCluster',
    'eks:ListNodegroups',
    'eks:DescribeNodegroup',
    'eks:ListFargateProfiles',
    'eks:ListAddons',
    'eks:ListAccessEntries',
    'eks:ListPodIdentityAssociations',
    'eks:ListInsights',
    'eks:ListIdentityProviderConfigs',
  ];
  for (const operation of perCluster) rows.push([operation, clusters, 'one a cluster']);
  const perChild: [string, string][] = [
    ['eks:DescribeAddon', 'one an add-on'],
    ['eks:DescribeAccessEntry', 'one an access entry'],
    ['eks:ListAssociatedAccessPolicies', 'one an access entry'],
    ['eks:DescribeFargateProfile', 'one a Fargate profile'],
    ['eks:DescribePodIdentityAssociation', 'one an association'],
    ['eks:DescribeIdentityProviderConfig', 'one an identity provider'],
    ['iam:GetOpenIDConnectProvider', 'one a cluster with a provider'],
  ];
  for (const [operation, because] of perChild) rows.push([operation, Number.NaN, because]);
  return new Map(rows.map(([operation, least, because]) => [operation, { operation, least, because }]));
}

/** Images that run, and the newest of each repository of which none does; how many there are makes no difference. */
function imagesLookedInto({ repositories, taskDefinitionFamilies: families }: BenchSize): number {
  const running = new Set<number>();
  let images = 0;
  // Every second family is run by a service; the families go round the repositories.
  for (let family = 0; family < families; family += 2) {
    images += 1;
    running.add(family % repositories);
  }
  return images + repositories - running.size;
}

/** What is needed once for an account and region. */
export const ONCE: Pick<LeastCalls, 'least' | 'because'> = { least: 1, because: 'once for the account and region' };
