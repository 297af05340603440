import { type ECRClient, paginateDescribeRepositories } from '@aws-sdk/client-ecr';
import { type Observed, undecidable } from '../../domain/observed.ts';
import type { CollectorContext } from '../../domain/ports.ts';
import type { ListedRepository } from './effective-scanning.ts';

/** The repositories of a registry as a stream, and afterwards whether the stream came to its end. */
export class RepositoryListing {
  readonly #context: CollectorContext;
  readonly #client: ECRClient;
  /** Known once every repository was listed. */
  complete: Observed<true> = undecidable('The repositories were not listed to the end.');

  constructor(context: CollectorContext, client: ECRClient) {
    this.#context = context;
    this.#client = client;
  }

  async *repositories(): AsyncGenerator<ListedRepository> {
    const operation = 'ecr:DescribeRepositories';
    const listing = this.#context.readPages(
      operation,
      () => paginateDescribeRepositories({ client: this.#client, pageSize: 1000 }, {}),
      (page) => page.repositories,
    );
    let step = await listing.next();
    for (; step.done !== true; step = await listing.next()) {
      const { repositoryArn: arn, repositoryName: name } = step.value;
      if (arn !== undefined && name !== undefined) {
        yield { arn, name, description: step.value };
      } else {
        const reason = `${operation} listed a repository without an ARN or a name.`;
        this.#context.reportGap({ operation, cause: 'invalid-answer', reason });
      }
    }
    this.complete = step.value;
  }
}
