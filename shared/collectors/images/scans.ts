import { paginateDescribeImageScanFindings } from '@aws-sdk/client-ecr';
import type { ImageScan } from '../../domain/image-scan.ts';
import type { Observed } from '../../domain/observed.ts';
import type { RepositoryPlace } from './manifests.ts';
import { ScanFold } from './scan-fold.ts';

/** Never scanned, or not there any more: both mean that there are no results. */
const NO_SCAN = ['ScanNotFoundException', 'ImageNotFoundException', 'RepositoryNotFoundException'];

/**
 * The last scan of one image, all pages of it, folded into what people decide by. A scan is never started: a second one
 * within a day answers like throttling, and would be a change (T37).
 *
 * @returns null where the image was never scanned (T25)
 * @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_DescribeImageScanFindings.html
 */
export function readScan(
  { context, client, repositoryName, repositoryArn }: RepositoryPlace,
  imageDigest: string,
): Promise<Observed<ImageScan | null>> {
  return context.readOptional(
    'ecr:DescribeImageScanFindings',
    NO_SCAN,
    async () => {
      const fold = new ScanFold();
      const pages = paginateDescribeImageScanFindings(
        { client, pageSize: 1000 },
        { repositoryName, imageId: { imageDigest } },
      );
      for await (const page of pages) fold.add(page);
      return fold.scan();
    },
    { resource: repositoryArn },
  );
}
