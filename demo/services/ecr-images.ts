import {
  DescribeImages$,
  type DescribeImagesCommandInput,
  type DescribeImagesCommandOutput,
  type ImageDetail,
  type ImageIdentifier,
} from '@aws-sdk/client-ecr';
import { filteredPage, type Sequence } from '../paging.ts';
import { type Call, operation, type Reply } from '../service.ts';
import { ServiceError } from '../service-error.ts';
import { repositoryOf } from './ecr-repositories.ts';

/** The images of a repository. */
export const imageOperations = [operation(DescribeImages$, describeImages)];

/** How many images of a long sequence are looked at in one step. */
const searchStep = 1000;

function describeImages(call: Call, input: DescribeImagesCommandInput): Reply<DescribeImagesCommandOutput> {
  const { images, repository } = repositoryOf(call, input);
  if (input.imageIds) {
    if (input.imageIds.length < 1 || input.imageIds.length > 100 || input.maxResults !== undefined) {
      throw new ServiceError(
        'InvalidParameterException',
        "Invalid parameter at 'imageIds' failed to satisfy constraint",
      );
    }
    return { imageDetails: input.imageIds.map((id) => find(call, repository.repositoryName, images, id)) };
  }
  const wanted = input.filter?.imageStatus ?? 'ACTIVE';
  const { items, nextToken } = filteredPage(
    call,
    images,
    (image) =>
      (wanted === 'ANY' || (image.imageStatus ?? 'ACTIVE') === wanted) &&
      (input.filter?.tagStatus === undefined ||
        input.filter.tagStatus === 'ANY' ||
        (input.filter.tagStatus === 'TAGGED') === (image.imageTags ?? []).length > 0),
    { token: input.nextToken, requested: input.maxResults, usual: 100, most: 1000 },
  );
  return { imageDetails: items, nextToken };
}

/**
 * The image that an id names.
 *
 * @throws ServiceError when there is none
 */
export function find(
  call: Call,
  repositoryName: string,
  images: Sequence<ImageDetail>,
  id: ImageIdentifier,
): ImageDetail {
  for (let start = 0; start < images.length; start += searchStep) {
    for (const image of images.slice(start, start + searchStep)) {
      const sameDigest = id.imageDigest === undefined || image.imageDigest === id.imageDigest;
      const sameTag = id.imageTag === undefined || (image.imageTags ?? []).includes(id.imageTag);
      if (sameDigest && sameTag) return image;
    }
  }
  const wanted = `{imageDigest:'${id.imageDigest ?? 'null'}', imageTag:'${id.imageTag ?? 'null'}'}`;
  throw new ServiceError(
    'ImageNotFoundException',
    `The image with imageId ${wanted} does not exist within the repository with name '${repositoryName}' in the registry with id '${call.account.id}'`,
  );
}
