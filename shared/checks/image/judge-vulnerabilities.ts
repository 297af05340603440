import type { LoweredSeverity } from '../../domain/verdict.ts';
import { failed, notApplicable, passed, type Verdict, whenKnown } from '../../domain/verdict.ts';
import { type ContainerImage, type ContainerImages, judgeImages, undecided } from './judge-images.ts';

type Scan = NonNullable<Extract<ContainerImage['scan'], { known: true }>['value']>;
type Group = Scan['critical'];

/** Results of these are all there is to know. */
const FINAL = new Set(['COMPLETE', 'ACTIVE']);

interface Question {
  readonly groupOf: (scan: Scan) => Group;
  /** What is found, in words. */
  readonly what: string;
  readonly lowered?: (scan: Scan) => LoweredSeverity | undefined;
}

/**
 * Judges the images of a repository by one kind of vulnerability: one verdict for all of them, with the worst first.
 * What was found is found, however the scan ended; that nothing was found counts only where the scan is whole.
 */
export function judgeVulnerabilities(resource: ContainerImages, { groupOf, what, lowered }: Question): Verdict {
  const sorted = resource.images.known
    ? { ...resource, images: { known: true as const, value: worstFirst(resource.images.value, groupOf) } }
    : resource;
  return judgeImages(sorted, (image, path) =>
    whenKnown(image.scan, (scan) => {
      // T25: that nobody looked says nothing about what there is.
      if (scan === null) return undecided('An image was never scanned.');
      if (scan.status === 'IMAGE_ARCHIVED') return notApplicable('archived images cannot be pulled');
      const group = groupOf(scan);
      if (group.count === 0) {
        return FINAL.has(scan.status) ? passed() : undecided('The scan of an image is not whole, or is out of date.');
      }
      const reason = group.fixAvailable === 'yes' ? `${what} that has a fix` : what;
      const { fixAvailable, exploitKnown, oldest, ids } = group;
      const observed = {
        vulnerabilities: [...ids],
        fixAvailable,
        exploitKnown,
        // Which there are, and not how many of each: that changes every day.
        severities: Object.keys(scan.severities),
        ...(oldest === undefined ? {} : { oldest }),
      };
      return failed(`an image has ${reason}`, [{ path: `${path}.scan`, observed, expected: 'none' }], lowered?.(scan));
    }),
  );
}

function worstFirst(images: readonly ContainerImage[], groupOf: (scan: Scan) => Group): readonly ContainerImage[] {
  const weight = ({ scan }: ContainerImage): number => {
    if (!scan.known || scan.value === null) return 0;
    const { count, fixAvailable, exploitKnown } = groupOf(scan.value);
    if (count === 0) return 0;
    return 1 + (fixAvailable === 'yes' ? 1 : 0) + (exploitKnown === 'yes' ? 2 : 0);
  };
  return [...images].sort((left, right) => weight(right) - weight(left));
}
