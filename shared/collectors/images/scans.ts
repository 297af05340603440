import { type DescribeImageScanFindingsCommandOutput, paginateDescribeImageScanFindings } from '@aws-sdk/client-ecr';
import { errorName } from '../../aws/errors.ts';
import type { ImageScan } from '../../domain/image-scan.ts';
import { known, type Observed } from '../../domain/observed.ts';
import { GONE, type Gone } from '../ecr/answers.ts';
import type { RepositoryPlace } from './manifests.ts';
import { ScanFold } from './scan-fold.ts';

/** Told each page of the results of an image. */
export type ScanObserver = (imageDigest: string, page: DescribeImageScanFindingsCommandOutput) => void;

/**
 * The last scan of one image, all pages of it, folded into what people decide by. A scan is never started: a second one
 * within a day answers like throttling, and would be a change (T37).
 *
 * @returns null where the image was never scanned (T25), {@link GONE} where it is not there any more (T88)
 * @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_DescribeImageScanFindings.html
 */
export async function readScan(
  { context, client, repositoryName, repositoryArn }: RepositoryPlace,
  imageDigest: string,
  observe?: ScanObserver,
): Promise<Observed<ImageScan | null> | Gone> {
  const answer = await context.readOptional(
    'ecr:DescribeImageScanFindings',
    ['ImageNotFoundException', 'RepositoryNotFoundException'],
    async () => {
      const fold = new ScanFold();
      const pages = paginateDescribeImageScanFindings(
        { client, pageSize: 1000 },
        { registryId: context.accountId, repositoryName, imageId: { imageDigest } },
      );
      try {
        for await (const page of pages) {
          fold.add(page);
          observe?.(imageDigest, page);
        }
      } catch (error) {
        if (errorName(error) === 'ScanNotFoundException') return { scan: null };
        throw error;
      }
      return { scan: fold.scan() };
    },
    { resource: repositoryArn },
  );
  if (!answer.known) return answer;
  return answer.value === null ? GONE : known(answer.value.scan);
}
