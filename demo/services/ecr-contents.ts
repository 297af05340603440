import {
  BatchGetImage$,
  type BatchGetImageCommandInput,
  type BatchGetImageCommandOutput,
  DescribeImageScanFindings$,
  type DescribeImageScanFindingsCommandInput,
  type DescribeImageScanFindingsCommandOutput,
  DescribeImageSigningStatus$,
  type DescribeImageSigningStatusCommandInput,
  type DescribeImageSigningStatusCommandOutput,
  GetDownloadUrlForLayer$,
  type GetDownloadUrlForLayerCommandInput,
  type GetDownloadUrlForLayerCommandOutput,
  type ImageDetail,
  ListImageReferrers$,
  type ListImageReferrersCommandInput,
  type ListImageReferrersCommandOutput,
} from '@aws-sdk/client-ecr';
import { page } from '../paging.ts';
import { type Call, operation, type Reply } from '../service.ts';
import { ServiceError } from '../service-error.ts';
import type { RepositoryState } from '../world/ecr-state.ts';
import { type ImageContents, type ScanResult, usualContents } from '../world/image-contents.ts';
import { find } from './ecr-images.ts';
import { effectiveScanning, repositoryOf } from './ecr-repositories.ts';

/** What is inside images, and what is known about them. */
export const contentOperations = [
  operation(BatchGetImage$, batchGetImage),
  operation(GetDownloadUrlForLayer$, getDownloadUrlForLayer),
  operation(DescribeImageScanFindings$, describeImageScanFindings),
  operation(ListImageReferrers$, listImageReferrers),
  operation(DescribeImageSigningStatus$, describeImageSigningStatus),
];

function contentsOf(call: Call, state: RepositoryState, image: ImageDetail): ImageContents {
  const contents = state.contents?.get(image.imageDigest ?? '') ?? usualContents(image);
  // Blobs are asked for by their own digests, in another call.
  for (const [digest, bytes] of contents.blobs) call.region.ecr.blobs.set(digest, bytes);
  return contents;
}

function batchGetImage(call: Call, input: BatchGetImageCommandInput): Reply<BatchGetImageCommandOutput> {
  const state = repositoryOf(call, input);
  const ids = input.imageIds ?? [];
  if (ids.length < 1 || ids.length > 100) {
    throw new ServiceError('InvalidParameterException', "Invalid parameter at 'imageIds' failed to satisfy constraint");
  }
  const output: Required<Reply<BatchGetImageCommandOutput>> = { images: [], failures: [] };
  for (const imageId of ids) {
    try {
      const image = find(call, state.repository.repositoryName, state.images, imageId);
      const { manifest, mediaType } = contentsOf(call, state, image);
      output.images?.push({
        registryId: call.account.id,
        repositoryName: state.repository.repositoryName,
        imageId: { imageDigest: image.imageDigest },
        imageManifest: manifest,
        imageManifestMediaType: mediaType,
      });
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      output.failures?.push({ imageId, failureCode: 'ImageNotFound', failureReason: 'Requested image not found' });
    }
  }
  return output;
}

function getDownloadUrlForLayer(
  call: Call,
  input: GetDownloadUrlForLayerCommandInput,
): Reply<GetDownloadUrlForLayerCommandOutput> {
  repositoryOf(call, input);
  const digest = input.layerDigest ?? '';
  if (!call.region.ecr.blobs.has(digest)) {
    throw new ServiceError('LayersNotFoundException', `The layer with digest '${digest}' does not exist`);
  }
  const path = [call.account.id, call.region.name, digest].join('/');
  return { downloadUrl: `${call.endpoint}/blobs/${path}`, layerDigest: digest };
}

function describeImageScanFindings(
  call: Call,
  input: DescribeImageScanFindingsCommandInput,
): Reply<DescribeImageScanFindingsCommandOutput> {
  const state = repositoryOf(call, input);
  const { repositoryName } = state.repository;
  const image = find(call, repositoryName, state.images, input.imageId ?? {});
  const seeded = state.contents?.get(image.imageDigest ?? '')?.scan;
  const result = seeded === undefined ? usualScan(call, state, image) : seeded;
  if (result === null) {
    throw new ServiceError(
      'ScanNotFoundException',
      `Image scan does not exist for the image with imageId in '${repositoryName}'`,
    );
  }
  const { imageScanFindings: { findings = [], enhancedFindings, ...rest } = {}, imageScanStatus } = result;
  const { items, nextToken } = page<unknown>(call, enhancedFindings ?? findings, {
    token: input.nextToken,
    requested: input.maxResults,
    usual: 100,
    most: 1000,
  });
  const listed =
    enhancedFindings === undefined
      ? { findings: items as typeof findings }
      : { enhancedFindings: items as typeof enhancedFindings };
  return {
    registryId: call.account.id,
    repositoryName,
    imageId: { imageDigest: image.imageDigest },
    imageScanStatus,
    imageScanFindings: { ...rest, ...listed },
    nextToken,
  };
}

/** Without vulnerabilities, or never made where nothing scans the repository. */
function usualScan({ region }: Call, state: RepositoryState, { imagePushedAt }: ImageDetail): ScanResult | null {
  const { scanFrequency } = effectiveScanning(region.ecr, state);
  if (scanFrequency === 'MANUAL') return null;
  if (region.ecr.scanning.scanType === 'ENHANCED') {
    return {
      imageScanStatus: { status: 'ACTIVE', description: 'Continuous scan is selected for image.' },
      imageScanFindings: { enhancedFindings: [], findingSeverityCounts: {} },
    };
  }
  return {
    imageScanStatus: { status: 'COMPLETE', description: 'The scan was completed successfully.' },
    imageScanFindings: {
      imageScanCompletedAt: imagePushedAt,
      vulnerabilitySourceUpdatedAt: imagePushedAt,
      findings: [],
      findingSeverityCounts: {},
    },
  };
}

function listImageReferrers(call: Call, input: ListImageReferrersCommandInput): Reply<ListImageReferrersCommandOutput> {
  const state = repositoryOf(call, input);
  const digest = input.subjectId?.imageDigest ?? '';
  const { items, nextToken } = page(call, state.contents?.get(digest)?.referrers ?? [], {
    token: input.nextToken,
    requested: input.maxResults,
    usual: 50,
    most: 50,
  });
  return { referrers: items, nextToken };
}

function describeImageSigningStatus(
  call: Call,
  input: DescribeImageSigningStatusCommandInput,
): Reply<DescribeImageSigningStatusCommandOutput> {
  const { repository, images, contents } = repositoryOf(call, input);
  const image = find(call, repository.repositoryName, images, input.imageId ?? {});
  const isSigned = (contents?.get(image.imageDigest ?? '')?.referrers ?? []).some(({ artifactType }) =>
    artifactType?.includes('signature'),
  );
  return {
    repositoryName: repository.repositoryName,
    imageId: { imageDigest: image.imageDigest },
    registryId: call.account.id,
    signingStatuses: isSigned
      ? (call.region.ecr.signing?.rules ?? []).map(({ signingProfileArn }) => ({
          signingProfileArn,
          status: 'COMPLETE' as const,
        }))
      : [],
  };
}
