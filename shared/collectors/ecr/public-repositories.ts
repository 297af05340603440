import { ECRPUBLICClient, paginateDescribeRepositories } from '@aws-sdk/client-ecr-public';
import type { CollectorContext } from '../../domain/ports.ts';
import type { EcrPublicRepository } from './model.ts';

/** The one region of each partition that has the public gallery's API. */
const HOME_REGIONS: Readonly<Record<string, string>> = { aws: 'us-east-1' };

/**
 * The account's repositories in the public gallery; asked only in the region that knows them.
 *
 * @see https://docs.aws.amazon.com/general/latest/gr/ecr-public.html
 */
export async function* readPublicRepositories(context: CollectorContext): AsyncGenerator<EcrPublicRepository> {
  const { accountId, region, partition } = context;
  if (HOME_REGIONS[partition] !== region) return;
  const operation = 'ecr-public:DescribeRepositories';
  const client = context.clientFor(ECRPUBLICClient);
  const repositories = context.readPages(
    operation,
    () => paginateDescribeRepositories({ client, pageSize: 1000 }, {}),
    (page) => page.repositories,
  );
  for await (const { repositoryArn: arn, repositoryName: name, repositoryUri, createdAt } of repositories) {
    if (arn === undefined || name === undefined) {
      const reason = `${operation} listed a repository without an ARN or a name.`;
      context.reportGap({ operation, cause: 'invalid-answer', reason });
      continue;
    }
    yield {
      ...{ type: 'EcrPublicRepository', uid: arn, name, arn, accountId, region, partition },
      // Whoever pulls from the gallery does it unseen.
      inUse: 'unknown',
      ...(repositoryUri === undefined ? {} : { uri: repositoryUri }),
      ...(createdAt === undefined ? {} : { createdAt: createdAt.toISOString() }),
    };
  }
}
