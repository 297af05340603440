import { z } from 'zod';
import { defineCheck } from '../../domain/check.ts';
import { type Evidence, failed, notApplicable, passed, type Verdict, whenKnown } from '../../domain/verdict.ts';
import { type ContainerImage, judgeImages, undecided } from './judge-images.ts';

const parameters = z.strictObject({
  maxAgeDays: z
    .number()
    .int()
    .positive()
    .default(90)
    .describe('A basic scan, which does not go on by itself, may have ended so many days ago.'),
});
const DAY = 86_400_000;
/** A scan that takes longer than this does not end any more. */
const PATIENCE = DAY;

type Scan = Extract<ContainerImage['scan'], { known: true }>['value'];

/** Whether anybody looked for vulnerabilities, not what they found. */
export const imageScanned = defineCheck({
  id: 'image-scanned',
  title: 'Container images should be scanned for vulnerabilities as long as they run',
  resourceType: 'AwsEcrContainerImage',
  baseSeverity: 'HIGH',
  rationale:
    'New vulnerabilities are found in old images every day. An image that was never scanned, or is not watched any more while it runs, hides all of them.',
  limits:
    'Sees the scans of ECR and Inspector only, of the images that run or of the newest where none is known to. Images that the scanner does not support are UNKNOWN.',
  remediation: {
    text: 'Let the registry scan on push or continuously, with a filter that matches the repository, and push (or deploy) the image again. For images that run for long, raise how long Inspector rescans them.',
    url: 'https://docs.aws.amazon.com/inspector/latest/user/scanning-ecr.html',
  },
  frameworks: { 'nist-800-190': ['4.1.1'] },
  relatedControls: { 'cis-eks-1.8.0': ['5.1.1'] },
  parameters,
  evaluate: (images, { now, parameters: { maxAgeDays } }) =>
    judgeImages(images, (image, path) =>
      whenKnown(image.scan, (scan) => judgeScan(image, scan, `${path}.scan`, { now, maxAgeDays })),
    ),
});

function judgeScan(
  { running, pushedAt }: ContainerImage,
  scan: Scan,
  path: string,
  { now, maxAgeDays }: { readonly now: Date; readonly maxAgeDays: number },
): Verdict {
  const evidence = (observed: string | null, expected: string): readonly Evidence[] => [{ path, observed, expected }];
  if (scan === null) return failed('an image was never scanned', evidence(null, 'a scan'));
  switch (scan.status) {
    case 'ACTIVE':
      return passed();
    case 'COMPLETE': {
      const ended = Date.parse(scan.completedAt ?? '');
      if (Number.isNaN(ended) || now.getTime() - ended <= maxAgeDays * DAY) return passed();
      return failed('the last scan of an image is out of date', evidence(scan.completedAt ?? null, 'a recent scan'), {
        severity: 'MEDIUM',
        because: 'it was scanned once',
      });
    }
    case 'FAILED':
      return failed('the scan of an image failed', evidence(scan.status, 'COMPLETE or ACTIVE'));
    case 'SCAN_ELIGIBILITY_EXPIRED':
      return running
        ? failed('an image runs and is no longer monitored', evidence(scan.status, 'ACTIVE'))
        : notApplicable('an image that does not run is no longer monitored');
    case 'IMAGE_ARCHIVED':
      return notApplicable('archived images cannot be pulled');
    case 'PENDING':
    case 'IN_PROGRESS':
      return now.getTime() - Date.parse(pushedAt ?? '') <= PATIENCE
        ? notApplicable('the first scan is under way')
        : undecided('The scan of an image does not come to its end.');
    default:
      return undecided('The scanner cannot scan an image, or says so in a way that is not known here.');
  }
}
