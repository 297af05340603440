import { DescribeImagesCommand, ECRClient, type ImageDetail } from '@aws-sdk/client-ecr';
import { ecrRepositoryKey, type ImageReference } from '../../domain/image-reference.ts';
import { known, mapObserved, type Observed, undecidable } from '../../domain/observed.ts';
import type { CollectorContext } from '../../domain/ports.ts';
import { isIndex } from '../ecr/artifact-kind.ts';
import { signsImagesOf } from '../ecr/image-facts.ts';
import type { RepositoryImagesFact } from '../ecr/model.ts';
import { readSigning } from '../ecr/registry.ts';
import { Configurations } from './configurations.ts';
import type { ImageReader } from './image.ts';
import type { EcrContainerImages } from './model.ts';
import { readRepositoryImages } from './repository-images.ts';

/** One image by its name, as if it ran: whole, with all its platforms. */
export interface FoundImage {
  readonly digest: string;
  /** ACTIVE, ARCHIVED, ACTIVATING. */
  readonly status: string;
  /** ISO 8601, UTC. */
  readonly pushedAt?: string;
  /** The image as what runs of its repository. */
  readonly resource: EcrContainerImages;
}

/**
 * Finds the image that a tag or a digest names now, and reads what the checks of images judge.
 *
 * @param reference of a private repository in the account and region of the context
 * @param options who wants to know each vulnerability, and how the image is to be run
 * @returns null where the repository has no such image
 * @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_DescribeImages.html
 */
export async function findImage(
  context: CollectorContext,
  { repository, tag = 'latest', digest }: ImageReference,
  options: Pick<ImageReader, 'observeScan' | 'planned'> = {},
): Promise<Observed<FoundImage | null>> {
  const { partition, region, accountId } = context;
  const client = context.clientFor(ECRClient);
  const repositoryArn = `arn:${partition}:ecr:${region}:${accountId}:repository/${repository}`;
  const described = await context.readOptional(
    'ecr:DescribeImages',
    ['ImageNotFoundException', 'RepositoryNotFoundException'],
    () =>
      client.send(
        new DescribeImagesCommand({
          // Credentials of another account are refused then: they would find its own repository of that name.
          registryId: accountId,
          repositoryName: repository,
          imageIds: [digest === undefined ? { imageTag: tag } : { imageDigest: digest }],
          // Without it archived images are as good as gone (T28).
          filter: { imageStatus: 'ANY' },
        }),
      ),
    { resource: repositoryArn },
  );
  if (!described.known) return described;
  const detail = described.value?.imageDetails?.[0];
  if (detail?.imageDigest === undefined) return known(null);
  const signing = await readSigning(context, client);
  const fact = factOf(context, { repositoryArn, repository, digest: detail.imageDigest, detail });
  const resource = await readRepositoryImages(
    { context, client, configurations: new Configurations(context), ...options },
    { ...fact, signsOnPush: mapObserved(signing, (rules) => signsImagesOf(rules, repository)) },
  );
  const { imagePushedAt, imageStatus } = detail;
  return known({
    digest: detail.imageDigest,
    status: imageStatus ?? 'ACTIVE',
    ...(imagePushedAt === undefined ? {} : { pushedAt: imagePushedAt.toISOString() }),
    resource,
  });
}

/** What a scan states of a repository, with the one image as all that runs of it. */
function factOf(
  { accountId, region, now }: CollectorContext,
  image: {
    readonly repositoryArn: string;
    readonly repository: string;
    readonly digest: string;
    readonly detail: ImageDetail;
  },
): Omit<RepositoryImagesFact, 'signsOnPush'> {
  const { repositoryArn, repository, digest, detail } = image;
  const { imageTags = [], imagePushedAt, imageStatus } = detail;
  return {
    kind: 'repository-images',
    key: ecrRepositoryKey({ accountId, region, repository }),
    accountId,
    region,
    observedAt: now.toISOString(),
    repositoryArn,
    repositoryName: repository,
    images: known({
      running: [
        {
          digest,
          present: true,
          tags: [...imageTags].sort(),
          isIndex: isIndex(detail),
          ...(imagePushedAt === undefined ? {} : { pushedAt: imagePushedAt.toISOString() }),
          ...(imageStatus === undefined ? {} : { status: imageStatus }),
        },
      ],
      newest: [],
    }),
    tags: undecidable('Tags are not read here.'),
    // It is about to run: no severity is lowered.
    use: { inUse: 'yes' },
    usesListed: known(true),
    runsUnknownDigest: false,
  };
}
