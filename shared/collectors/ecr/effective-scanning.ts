import {
  BatchGetRepositoryScanningConfigurationCommand,
  type ECRClient,
  type Repository,
  type RepositoryScanningConfiguration,
} from '@aws-sdk/client-ecr';
import { known, type Observed } from '../../domain/observed.ts';
import { compareCodeUnits } from '../../domain/order.ts';
import type { CollectorContext } from '../../domain/ports.ts';
import { GONE, type Gone, invalidAnswer } from './answers.ts';
import type { EcrEffectiveScanning } from './model.ts';

/** A listed repository that can be identified. */
export interface ListedRepository {
  readonly arn: string;
  readonly name: string;
  readonly description: Repository;
}

export interface RepositoryWithScanning extends ListedRepository {
  readonly scanning: Observed<EcrEffectiveScanning>;
}

const OPERATION = 'ecr:BatchGetRepositoryScanningConfiguration';
/** The most names one call takes. */
const BATCH = 25;

/**
 * Adds the scanning that is in effect to a stream of repositories, in batches. Repositories that are gone by then are
 * left out.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_BatchGetRepositoryScanningConfiguration.html
 */
export async function* withEffectiveScanning(
  context: CollectorContext,
  client: ECRClient,
  repositories: AsyncIterable<ListedRepository>,
): AsyncGenerator<RepositoryWithScanning> {
  let batch: ListedRepository[] = [];
  for await (const repository of repositories) {
    batch.push(repository);
    if (batch.length < BATCH) continue;
    yield* addScanning(context, client, batch);
    batch = [];
  }
  if (batch.length > 0) yield* addScanning(context, client, batch);
}

async function* addScanning(
  context: CollectorContext,
  client: ECRClient,
  batch: readonly ListedRepository[],
): AsyncGenerator<RepositoryWithScanning> {
  const answer = await context.read(
    OPERATION,
    () =>
      client.send(
        new BatchGetRepositoryScanningConfigurationCommand({ repositoryNames: batch.map(({ name }) => name) }),
      ),
    { resource: batch[0]?.arn ?? '' },
  );
  const found = new Map(
    answer.known ? answer.value.scanningConfigurations?.map((one) => [one.repositoryName, one]) : [],
  );
  const failures = new Map(answer.known ? answer.value.failures?.map((one) => [one.repositoryName, one]) : []);
  for (const repository of batch) {
    const scanning = answer.known
      ? scanningOf(context, repository, found.get(repository.name), failures.get(repository.name)?.failureCode)
      : answer;
    if (scanning !== GONE) yield { ...repository, scanning };
  }
}

function scanningOf(
  context: CollectorContext,
  { arn }: ListedRepository,
  found: RepositoryScanningConfiguration | undefined,
  failureCode: string | undefined,
): Observed<EcrEffectiveScanning> | Gone {
  if (failureCode === 'REPOSITORY_NOT_FOUND') return GONE;
  if (found?.scanFrequency === undefined) {
    return invalidAnswer(context, OPERATION, `without a scan frequency (${failureCode ?? 'no failure code'})`, arn);
  }
  return known({
    frequency: found.scanFrequency,
    appliedFilters: (found.appliedScanFilters ?? []).flatMap(({ filter }) => filter ?? []).sort(compareCodeUnits),
  });
}
