import { DescribeImageSigningStatusCommand, type ImageReferrer, ListImageReferrersCommand } from '@aws-sdk/client-ecr';
import { known, type Observed } from '../../domain/observed.ts';
import type { RepositoryPlace } from './manifests.ts';
import type { ImageAttachments, ImageSigning } from './model.ts';

const PAGE = 50;
const GONE = ['ImageNotFoundException', 'RepositoryNotFoundException'];

/** Of Notation (and AWS Signer, which is a plug-in of it) and of cosign, by their types; theirs are not only signatures. */
const SIGNATURES = new Set([
  'application/vnd.cncf.notary.signature',
  'application/vnd.dev.cosign.artifact.sig.v1+json',
  'application/vnd.dev.cosign.simplesigning.v1+json',
]);
/** A bundle of sigstore is a signature, or a signed statement of any kind; then it says of which. */
const BUNDLE = 'application/vnd.dev.sigstore.bundle';
const PREDICATE = 'dev.sigstore.bundle.predicateType';
const SIGNING = 'https://sigstore.dev/cosign/sign/v1';
const BILL_OF_MATERIALS = /spdx|cyclonedx|syft|sbom/i;

/**
 * What is attached to an image, without pulling it. Attestations of BuildKit are no referrers and are not seen here.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_ListImageReferrers.html
 * @see https://github.com/sigstore/cosign/blob/main/specs/BUNDLE_SPEC.md
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
            registryId: context.accountId,
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
  return known({
    signatures: typesOf(usable.filter(isSignature)),
    billsOfMaterials: typesOf(
      usable.filter((one) => BILL_OF_MATERIALS.test(`${typeOf(one)} ${one.annotations?.[PREDICATE] ?? ''}`)),
    ),
  });
}

function isSignature(referrer: ImageReferrer): boolean {
  const type = typeOf(referrer);
  if (!type.startsWith(BUNDLE)) return SIGNATURES.has(type);
  const predicate = referrer.annotations?.[PREDICATE];
  return predicate === undefined || predicate === SIGNING;
}

function typeOf({ artifactType, mediaType }: ImageReferrer): string {
  return artifactType ?? mediaType ?? '';
}

function typesOf(referrers: readonly ImageReferrer[]): readonly string[] {
  return [...new Set(referrers.map(typeOf))].sort();
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
    () =>
      client.send(
        new DescribeImageSigningStatusCommand({
          registryId: context.accountId,
          repositoryName,
          imageId: { imageDigest },
        }),
      ),
    { resource: repositoryArn },
  );
  if (!answer.known) return answer;
  return known(
    (answer.value?.signingStatuses ?? [])
      .map(({ signingProfileArn, status }) => ({ profileArn: signingProfileArn ?? '', status: status ?? '' }))
      .sort((left, right) => (left.profileArn < right.profileArn ? -1 : 1)),
  );
}
