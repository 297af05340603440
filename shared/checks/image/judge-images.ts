import type { ResourceByType } from '../../domain/resource.ts';
import { notApplicable, unknownBecause, type Verdict, whenKnown, worstOf } from '../../domain/verdict.ts';

export type ContainerImages = ResourceByType['AwsEcrContainerImage'];
export type ContainerImage = Extract<ContainerImages['images'], { known: true }>['value'][number];
export type ImageConfiguration = Extract<ContainerImage['configuration'], { known: true }>['value'];

/** A repository runs as many digests as it has platforms and rollouts; a person looks at the first few. */
const EVIDENCE_KEPT = 10;

/**
 * The worst verdict over the images of a repository that run, or over the newest where none is known to. What runs
 * under a digest that nobody reported, or that cannot be pulled any more, proves nothing but that it is not known; nor is anything but a failure proven where
 * it could not be read what runs.
 */
export function judgeImages(
  { images, runningDigests, runsUnknownDigest, usesListed }: ContainerImages,
  judge: (image: ContainerImage, path: string) => Verdict,
): Verdict {
  return whenKnown(images, (all) => {
    const verdict = worstOf(
      [
        // First, because it may be why the others are not known.
        ...unreadUses(usesListed),
        ...all.map((image) => judge(image, pathOf(image))).sort(gravestFirst),
        ...(isEveryRunningImageIn(all, runningDigests)
          ? []
          : [undecided('An image that runs is not in the repository any more, or archived, and was not looked into.')]),
        ...(runsUnknownDigest ? [undecided('The digest of an image that runs was not reported.')] : []),
      ],
      notApplicable('the repository holds no image that could be looked at'),
    );
    return { ...verdict, evidence: verdict.evidence.slice(0, EVIDENCE_KEPT) };
  });
}

function isEveryRunningImageIn(all: readonly ContainerImage[], running: ContainerImages['runningDigests']): boolean {
  const seen = new Set(all.flatMap(({ digest, indexDigest }) => [digest, indexDigest]));
  return !running.known || running.value.every(({ digest }) => seen.has(digest));
}

/** So that the evidence which is kept is what decides. */
function gravestFirst(left: Verdict, right: Verdict): number {
  return Number(isLowered(left)) - Number(isLowered(right));
}

function isLowered(verdict: Verdict): boolean {
  return verdict.status === 'FAILED' && verdict.lowered !== undefined;
}

/** The same for what the configurations of the images say. */
export function judgeConfigurations(
  images: ContainerImages,
  judge: (configuration: ImageConfiguration, path: string, image: ContainerImage) => Verdict,
): Verdict {
  return judgeImages(images, (image, path) =>
    whenKnown(image.configuration, (configuration) => judge(configuration, `${path}.config`, image)),
  );
}

/**
 * What nobody looked at proves nothing. It counts as unread, so that the gate lets nothing through by its size.
 *
 * @returns an unknown where a configuration holds more than is looked through
 */
export function unseenParts({ cutOff }: Pick<ImageConfiguration, 'cutOff'>): readonly Verdict[] {
  if (cutOff !== true) return [];
  const message = 'The configuration of an image holds more than is looked through.';
  const operation = 'ecr:GetDownloadUrlForLayer';
  return [unknownBecause({ kind: 'unreadable', cause: 'not-supported', operation, message })];
}

/** What runs besides was to be read, and could not be. */
export function unreadUses(usesListed: ContainerImages['usesListed']): readonly Verdict[] {
  return usesListed.known || usesListed.reason.kind !== 'unreadable' ? [] : [unknownBecause(usesListed.reason)];
}

export function isWindows({ os }: Pick<ImageConfiguration, 'os'>): boolean {
  return os === 'windows';
}

export function undecided(message: string): Verdict {
  return unknownBecause({ kind: 'undecidable', message });
}

/** By its first tag and its digest, as people pull it. */
function pathOf({ tags, digest }: ContainerImage): string {
  return `images[${tags[0] ?? ''}@${digest}]`;
}
