import { paginateDescribeImageScanFindings } from '@aws-sdk/client-ecr';
import type { Vulnerability } from '../../domain/gate.ts';
import { mapObserved, type Observed } from '../../domain/observed.ts';
import type { RepositoryPlace } from './manifests.ts';
import { type ScannedVulnerability, vulnerabilitiesIn } from './scan-fold.ts';

/** What stands for those that a scan counts and does not list. */
const NOT_LISTED = 'not listed';

/**
 * Every vulnerability of one image by itself: a scan needs only the sum of them, a policy asks for each (T23).
 *
 * @returns none where the image was never scanned: the status of the scan tells
 * @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_DescribeImageScanFindings.html
 */
export async function readVulnerabilities(
  { context, client, repositoryName, repositoryArn }: RepositoryPlace,
  imageDigest: string,
): Promise<Observed<readonly Vulnerability[]>> {
  const read = await context.readOptional(
    'ecr:DescribeImageScanFindings',
    ['ScanNotFoundException', 'ImageNotFoundException', 'RepositoryNotFoundException'],
    async () => {
      const all: Vulnerability[] = [];
      let counts: Readonly<Record<string, number>> = {};
      const pages = paginateDescribeImageScanFindings(
        { client, pageSize: 1000 },
        { repositoryName, imageId: { imageDigest } },
      );
      for await (const { imageScanFindings } of pages) {
        all.push(...vulnerabilitiesIn(imageScanFindings).map(worded));
        // Of enhanced results the service counts the suppressed ones as well.
        if (imageScanFindings?.enhancedFindings === undefined) {
          counts = { ...counts, ...imageScanFindings?.findingSeverityCounts };
        }
      }
      return [...all, ...notListed(all, counts)];
    },
    { resource: repositoryArn },
  );
  return mapObserved(read, (found) => found ?? []);
}

function worded({ id, severity, fix, exploit, published, firstSeen }: ScannedVulnerability): Vulnerability {
  const since = published ?? firstSeen;
  return { id, severity, fix, exploit, ...(since === undefined ? {} : { since: since.toISOString() }) };
}

function notListed(all: readonly Vulnerability[], counts: Readonly<Record<string, number>>): readonly Vulnerability[] {
  return Object.entries(counts).flatMap(([severity, count]) =>
    count > all.filter((one) => one.severity === severity).length
      ? [{ id: NOT_LISTED, severity, fix: undefined, exploit: undefined }]
      : [],
  );
}
