import { DescribeImageSigningStatusCommand, type ImageReferrer, ListImageReferrersCommand } from '@aws-sdk/client-ecr';
import { known, type Observed } from '../../domain/observed.ts';
import type { RepositoryPlace } from './manifests.ts';
import type { ImageAttachments, ImageSigning } from './model.ts';

const PAGE = 50;
const GONE = ['ImageNotFoundException', 'RepositoryNotFoundException'];

/** Notation, cosign, and what AWS Signer writes. */
const SIGNATURE = /notary\.signature|cosign|sigstore|simplesigning|dsse|signer/i;
const BILL_OF_MATERIALS = /spdx|cyclonedx|syft|sbom/i;

/**
 * What is attached to an image, without pulling it. Attestations of BuildKit are no referrers and are not seen here.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_ListImageReferrers.html
 */
export async function readAttachments(
  { context, client, repositoryName, repositoryArn }: RepositoryPlace,
  imageDigest: string,
): Promise<Observed<ImageAttachments>> {
  const referrers = await context.readOptional(
    'ecr:ListImageReferrers',
    GONE,
    async () => {
      const all: ImageReferrer[] = [];
      let nextToken: string | undefined;
      // The SDK has no paginator for it.
      do {
        const page = await client.send(
          new ListImageReferrersCommand({
            repositoryName,
            subjectId: { imageDigest },
            maxResults: PAGE,
            ...(nextToken === undefined ? {} : { nextToken }),
          }),
        );
        all.push(...(page.referrers ?? []));
        nextToken = page.nextToken;
      } while (nextToken !== undefined);
      return all;
    },
    { resource: repositoryArn },
  );
  if (!referrers.known) return referrers;
  const usable = (referrers.value ?? []).filter(({ artifactStatus }) => (artifactStatus ?? 'ACTIVE') === 'ACTIVE');
  const types = [...new Set(usable.map(({ artifactType, mediaType }) => artifactType ?? mediaType ?? ''))].sort();
  return known({
    signatures: types.filter((type) => SIGNATURE.test(type)),
    billsOfMaterials: types.filter((type) => BILL_OF_MATERIALS.test(type)),
  });
}

/**
 * How far ECR's own signing of an image is; asked only where the registry signs.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_DescribeImageSigningStatus.html
 */
export async function readSigning(
  { context, client, repositoryName, repositoryArn }: RepositoryPlace,
  imageDigest: string,
): Promise<Observed<readonly ImageSigning[]>> {
  const answer = await context.readOptional(
    'ecr:DescribeImageSigningStatus',
    GONE,
    () => client.send(new DescribeImageSigningStatusCommand({ repositoryName, imageId: { imageDigest } })),
    { resource: repositoryArn },
  );
  if (!answer.known) return answer;
  return known(
    (answer.value?.signingStatuses ?? [])
      .map(({ signingProfileArn, status }) => ({ profileArn: signingProfileArn ?? '', status: status ?? '' }))
      .sort((left, right) => (left.profileArn < right.profileArn ? -1 : 1)),
  );
}
